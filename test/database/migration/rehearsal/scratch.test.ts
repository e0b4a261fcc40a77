import assert from 'node:assert/strict'
import { withClient } from '../../../../server/src/database/connect'
import { rehearseMigration } from '../../../../server/src/migration/rehearsal/rehearse-migration'
import { renderRehearsalText } from '../../../../server/src/migration/render/rehearsal'
import { inPlainEnglish } from '../../../../server/src/text/phrase'
import { usePostgres } from '../../../support/postgres'
import { said } from '../../../support/said'
import { dump } from '../support/dump'
import { createProject } from '../support/project'
import { queryAtOnce } from '../support/query-at-once'
import { rehearse, statementsOf, tamper } from './support'

const SCHEMA = `datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id @default(autoincrement())\n}
model Lead {\n  id Int @id @default(autoincrement())\n}\n`
const END_ALL_SESSIONS = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()`
const POLICY = { rules: [{ models: ['*'], require: ['updatedAt', 'ownerId'] }] }

describe('rehearseMigration in a scratch database', () => {
  const server = usePostgres()

  it('sees the locks of CONCURRENTLY, and leaves the database as empty as it was', async () => {
    const project = await createProject(server, {
      schema: SCHEMA,
      policy: POLICY,
      sql: `CREATE SCHEMA other; CREATE EXTENSION citext SCHEMA other; CREATE TABLE other.words (id serial, word other.citext);
        CREATE TYPE mood AS ENUM ('good'); CREATE DOMAIN year AS int CHECK (VALUE > 0);
        CREATE TABLE days (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mood mood, year year);
        CREATE VIEW happy AS SELECT * FROM days; CREATE MATERIALIZED VIEW happier AS SELECT * FROM happy;
        CREATE STATISTICS both_of_them ON mood, year FROM days;
        CREATE FUNCTION two() RETURNS int LANGUAGE sql AS 'SELECT 2'; CREATE PROCEDURE nothing() LANGUAGE sql AS '';
        CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int);
        CREATE COLLATION plain FROM "C"; CREATE TEXT SEARCH CONFIGURATION words (COPY = simple);
        CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
        CREATE FUNCTION told() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
        CREATE EVENT TRIGGER telling ON ddl_command_end EXECUTE FUNCTION told();
        CREATE PUBLICATION all_of_it FOR ALL TABLES`,
    })
    const scratch = await server.createDatabase()
    const before = await dump(scratch, server)
    const report = await rehearse(project, await project.plan(), scratch.url)
    assert.equal(report.outcome, 'passed', renderRehearsalText(report))
    assert.deepEqual(report.structure.notLoaded, [])
    assert.equal(report.place.kind, 'scratch')
    assert.equal(report.place.serverVersion, report.databaseVersion)
    assert.deepEqual(statementsOf(report, /^create-index:/), [
      { locks: ['SHARE UPDATE EXCLUSIVE on "public"."User"'], rewrites: [] },
    ])
    assert.equal(report.notProven.length, 1)
    assert.equal(await dump(scratch, server), before)
  })

  it('catches an index that is not built concurrently', async () => {
    const project = await createProject(server, { schema: SCHEMA, policy: POLICY })
    const scratch = await server.createDatabase()
    const plan = tamper(await project.plan(), /^create-index:/, ({ up }) => ({
      up: up.map((statement) => statement.replace(' CONCURRENTLY', '')),
    }))
    const report = await rehearse(project, plan, scratch.url)
    assert.deepEqual(
      report.failures.map(({ kind, message }) => [kind, said(message)]),
      [['lock', 'Took SHARE on "public"."User", but the plan says SHARE UPDATE EXCLUSIVE.']],
    )
  })

  it('refuses the real database, one that is not empty, and one in which a rehearsal runs', async () => {
    const project = await createProject(server, { schema: SCHEMA, policy: POLICY })
    const plan = await project.plan()
    const real = await dump(project.database, server)
    const otherUrl = project.url.replace('127.0.0.1', 'localhost')
    await assert.rejects(rehearse(project, plan, otherUrl), { code: 'scratch-database-is-real' })
    assert.equal(await dump(project.database, server), real)
    const full = await server.createDatabase('CREATE SCHEMA s; CREATE TABLE s.kept (id int)')
    const kept = await dump(full, server)
    await assert.rejects(rehearse(project, plan, full.url), (error: Error) => {
      assert.match(`${error.message} ${'why' in error ? String(error.why) : ''}`, /is not empty.* It contains s\.kept/)
      return 'code' in error && error.code === 'scratch-database-not-empty'
    })
    assert.equal(await dump(full, server), kept)
    const scratch = await server.createDatabase()
    // The one that has the database cannot copy the structure, and so not end, before the other has tried.
    const refused: unknown[] = []
    const ends = await withClient(project.url, {}, async (holder) => {
      await holder.query('BEGIN; LOCK TABLE public."Lead"')
      const both = [1, 2].map(() => rehearse(project, plan, scratch.url))
      const first = await Promise.race(both.map((end) => end.catch((error: unknown) => error)))
      refused.push((first as { code?: string }).code)
      await holder.query('COMMIT')
      return await Promise.allSettled(both)
    })
    assert.deepEqual(refused, ['scratch-database-in-use'])
    assert.deepEqual(ends.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
  })

  it('is emptied when the rehearsal fails, and when it is cancelled; if that is impossible, the error says so', async () => {
    const project = await createProject(server, { schema: SCHEMA, policy: POLICY })
    const plan = await project.plan()
    const scratch = await server.createDatabase()
    const before = await dump(scratch, server)
    const broken = tamper(plan, /^create-trigger:/, () => ({ up: ['SELECT 1 / 0'] }))
    const report = await rehearse(project, broken, scratch.url)
    assert.deepEqual(
      report.failures.map(({ message }) => message),
      ['division by zero'],
    )
    assert.equal(await dump(scratch, server), before)

    const cancel = new AbortController()
    const cancelled = rehearseMigration({
      ...{ url: project.url, plan, schemas: [], scratchUrl: scratch.url, environment: process.env },
      signal: cancel.signal,
      onProgress: (message) => {
        if (inPlainEnglish(message) === 'Rehearsing: down') cancel.abort()
      },
    })
    await assert.rejects(cancelled, { name: 'AbortError' })
    assert.equal(await dump(scratch, server), before)

    const ended = rehearseMigration({
      ...{ url: project.url, plan, schemas: [], scratchUrl: scratch.url, environment: process.env },
      signal: new AbortController().signal,
      onProgress: (message) => {
        if (inPlainEnglish(message) === 'Rehearsing: up') queryAtOnce(scratch.url, END_ALL_SESSIONS)
      },
    })
    await assert.rejects(ended, {
      code: 'scratch-database-not-emptied',
      message: /^Could not clean up the scratch database \S+ on 127\.0\.0\.1:\d+\.$/,
      why: /^The connection to \S+ on \S+ was lost\.\n/,
      nextStep: /^Drop it and create a new one before the next rehearsal\. The database to migrate was not changed\.$/,
    })
  })
})
