import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { withClient } from '../../../server/src/database/connect'
import { renderPutBack } from '../../../server/src/commands/preserved-values'
import { columnsBeingPreserved, settlePreserved } from '../../../server/src/migration/run/preserved/preserve-column'
import { createPreservedTables } from '../../../server/src/migration/run/preserved/preserved-tables'
import { restoreValuesStep } from '../../../server/src/migration/run/preserved/restore-values-step'
import { readPreservedValues } from '../../../server/src/migration/run/preserved/preserved-columns'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { usePostgres } from '../../support/postgres'
import { dump } from './support/dump'
import { createProject, type TestProject } from './support/project'
import { buildRunner, type Runner } from './support/runner'
import { checkVerified } from './support/verified'

const read = (name: string) => fs.readFileSync(path.join(__REPOSITORY__, 'sample', name), 'utf8')

/** All that the three audit columns of the sample hold. */
const values = async (project: TestProject) => [
  await project.database.query(`SELECT id, "updatedAt"::text, "updatedBy" FROM "User" ORDER BY id`),
  await project.database.query(`SELECT id, "ownerId" FROM "Lead" ORDER BY id`),
]

describe('values that the application has written', () => {
  const server = usePostgres()
  let runner: Runner
  before(async () => {
    runner = await buildRunner()
  })
  after(() => {
    runner.remove()
  })
  const sampleProject = (options: { sql?: string; policy?: unknown } = {}) =>
    createProject(server, {
      schema: read('backend/prisma/schema.prisma'),
      policy: options.policy ?? (JSON.parse(read('prisma-audit.json')) as unknown),
      sql: options.sql ?? read('database/seed.sql'),
    })
  const up = async (project: TestProject, preservedValues: 'put back' | 'leave' = 'put back') =>
    runPlan({ url: project.url, plan: await project.plan(), preservedValues })

  it('are restored after up, writes, down and up', async () => {
    const project = await sampleProject()
    await up(project)
    await project.database.query(`
      UPDATE "User" SET "updatedBy" = 4 WHERE id IN (7, 11);
      UPDATE "Lead" SET "ownerId" = 7 WHERE id % 10 = 0;
      UPDATE "Lead" SET "ownerId" = NULL WHERE id = 5;
      INSERT INTO "Lead" (name, email, "ownerId") VALUES ('new', 'new@example.com', 11)`)
    const written = await values(project)
    const down = await rollBack({ url: project.url })
    assert.equal(down.withoutValue, undefined)
    assert.deepEqual(
      down.preservedValues.map(({ table, column, count, nulls }) => [table, column, count, nulls]),
      [
        ['User', 'updatedAt', 2, 0],
        ['User', 'updatedBy', 2, 0],
        ['Lead', 'ownerId', 42, 1],
      ],
    )
    const left = await project.database.query(
      `SELECT relname FROM pg_class WHERE relnamespace = 'prisma_audit_kept'::regnamespace AND relkind = 'r' ORDER BY 1`,
    )
    assert.deepEqual(left, [{ relname: 'kept_column' }, { relname: 'kept_null' }, { relname: 'kept_value' }])
    assert.deepEqual(await project.database.query(`SELECT proname FROM pg_proc WHERE proname LIKE 'keep%'`), [])

    const kept = await withClient(project.url, {}, readPreservedValues)
    assert.deepEqual(
      kept.map(({ table, column, count }) => [table, column, count]),
      [
        ['User', 'updatedAt', 2],
        ['User', 'updatedBy', 2],
        ['Lead', 'ownerId', 42],
      ],
    )
    const again = await up(project)
    assert.deepEqual(
      again.putBack.map(({ column, putBack, rowGone, userGone, overtaken }) => [
        ...[column, putBack, rowGone, userGone, overtaken],
      ]),
      [
        ['updatedAt', 2, 0, 0, 0],
        ['updatedBy', 2, 0, 0, 0],
        ['ownerId', 42, 0, 0, 0],
      ],
    )
    await checkVerified(project)
    const [users, leads] = await values(project)
    const [usersThen, leadsThen] = written
    const touched = (row: Record<string, unknown>) => row.id === 7 || row.id === 11
    assert.deepEqual(users?.filter(touched), usersThen?.filter(touched))
    assert.deepEqual(
      users?.map((row) => row.updatedBy),
      usersThen?.map((row) => row.updatedBy),
    )
    assert.deepEqual(leads, leadsThen)
    assert.deepEqual(await withClient(project.url, {}, readPreservedValues), [])
    assert.deepEqual(await project.database.query(`SELECT to_regnamespace('prisma_audit_kept') AS there`), [
      { there: null },
    ])
  })

  it('are not given to another row that has the key by then, where a column says since when a row is there', async () => {
    const project = await sampleProject()
    await up(project)
    await project.database.query(`UPDATE "Lead" SET "ownerId" = 7 WHERE id IN (10, 20)`)
    await rollBack({ url: project.url })
    await project.database.query(`
      DELETE FROM "Lead" WHERE id = 10;
      INSERT INTO "Lead" (id, name, email, "createdAt") VALUES (10, 'another', 'another@example.com', now() + interval '1 day')`)
    const [owners] = (await up(project)).putBack
    assert.deepEqual([owners?.putBack, owners?.rowGone], [1, 1])
    assert.deepEqual(
      await project.database.query('SELECT id, "ownerId" FROM "Lead" WHERE id IN (10, 20) ORDER BY id'),
      [
        { id: 10, ownerId: 4 },
        { id: 20, ownerId: 7 },
      ],
    )
  })

  it('are not there where nothing was written: then nothing stays behind', async () => {
    const project = await sampleProject()
    const before = await dump(project.database, server)
    await up(project)
    const result = await rollBack({ url: project.url })
    assert.deepEqual(result.preservedValues, [])
    assert.equal(await dump(project.database, server), before)
  })

  it('that lie behind an expression count as written where they differ from it', async () => {
    const policy = {
      rules: [{ models: ['Lead'], require: ['ownerId'] }],
      fields: { ownerId: { populate: { sql: `(SELECT max(id) FROM "User" u WHERE u.id > "Lead"."id" % 3)` } } },
    }
    const project = await sampleProject({ policy })
    const before = await dump(project.database, server)
    await up(project)
    await rollBack({ url: project.url })
    assert.equal(await dump(project.database, server), before)
    await up(project)
    await project.database.query(`UPDATE "Lead" SET "ownerId" = 4 WHERE id = 8`)
    const result = await rollBack({ url: project.url })
    assert.deepEqual(
      result.preservedValues.map(({ count }) => count),
      [1],
    )
  })

  it('stay preserved unless they are requested, and are still there later', async () => {
    const project = await sampleProject()
    await up(project)
    await project.database.query(`UPDATE "Lead" SET "ownerId" = 7 WHERE id = 3`)
    await rollBack({ url: project.url })
    await up(project, 'leave')
    assert.deepEqual(await project.database.query(`SELECT "ownerId" FROM "Lead" WHERE id = 3`), [{ ownerId: 4 }])
    await project.database.query(`UPDATE "Lead" SET "ownerId" = 11 WHERE id = 6`)
    await rollBack({ url: project.url })
    await up(project)
    assert.deepEqual(
      await project.database.query(`SELECT id, "ownerId" FROM "Lead" WHERE "ownerId" <> 4 ORDER BY id`),
      [
        { id: 3, ownerId: 7 },
        { id: 6, ownerId: 11 },
      ],
    )
  })

  it('whose row or user was deleted meanwhile are passed over and counted', async () => {
    const project = await sampleProject()
    await up(project)
    await project.database.query(`UPDATE "Lead" SET "ownerId" = CASE WHEN id < 20 THEN 7 ELSE 11 END WHERE id <= 30`)
    await rollBack({ url: project.url })
    await project.database.query(`DELETE FROM "Lead" WHERE id = 1; DELETE FROM "User" WHERE id = 11`)
    const { putBack } = await up(project)
    assert.deepEqual(
      putBack.map((result) => ({ ...result })),
      [
        {
          ...{ schema: 'public', table: 'Lead', column: 'ownerId', hadNulls: false },
          ...{ putBack: 18, rowGone: 1, userGone: 11, overtaken: 0 },
        },
      ],
    )
    await checkVerified(project)
  })

  it('stay preserved and are named if their row or user is not found, and are restored with it', async () => {
    const project = await sampleProject()
    await up(project)
    await project.database.query(`UPDATE "Lead" SET "ownerId" = 7 WHERE id IN (3, 6, 9)`)
    await rollBack({ url: project.url })
    await project.database.query(`UPDATE "Lead" SET id = 900003 WHERE id = 3`)
    const first = await up(project)
    assert.deepEqual(
      first.putBack.map(({ putBack, rowGone, overtaken }) => [putBack, rowGone, overtaken]),
      [[2, 1, 0]],
    )
    assert.match(
      renderPutBack(first.putBack).join(),
      /1 value without a row \(deleted, or its key has changed\), still preserved/,
    )
    assert.deepEqual(
      (await withClient(project.url, {}, readPreservedValues)).map(({ count }) => count),
      [1],
    )
    await rollBack({ url: project.url })
    await project.database.query(`UPDATE "Lead" SET id = 3 WHERE id = 900003`)
    const again = await up(project)
    assert.deepEqual(await project.database.query(`SELECT id FROM "Lead" WHERE "ownerId" = 7 ORDER BY id`), [
      { id: 3 },
      { id: 6 },
      { id: 9 },
    ])
    assert.deepEqual(
      again.putBack.map(({ rowGone }) => rowGone).filter((count) => count > 0),
      [],
    )
  })

  it('that are newer than what was kept are not written over', async () => {
    const project = await sampleProject()
    await up(project)
    await project.database.query(`UPDATE "Lead" SET "ownerId" = 7 WHERE id IN (3, 6)`)
    await rollBack({ url: project.url })
    const controller = new AbortController()
    const stopped = await runPlan({
      url: project.url,
      plan: await project.plan(),
      preservedValues: 'put back',
      signal: controller.signal,
      onProgress: ({ title }) => {
        if (title.includes('ownerId') && !title.startsWith('Add column')) controller.abort()
      },
    })
    assert.equal(stopped.status, 'stopped')
    await project.database.query(`UPDATE "Lead" SET "ownerId" = 11 WHERE id = 3`)
    const { putBack } = await up(project)
    assert.deepEqual(
      putBack.map(({ putBack, overtaken }) => [putBack, overtaken]),
      [[1, 1]],
    )
    assert.deepEqual(await project.database.query(`SELECT "ownerId" FROM "Lead" WHERE id IN (3, 6) ORDER BY id`), [
      { ownerId: 11 },
      { ownerId: 7 },
    ])
  })

  it('that equal what the migration filled in are kept too, and nothing of a database that was copied counts as ours', async () => {
    const project = await sampleProject()
    await up(project)
    await project.database.query(`UPDATE "Lead" SET "ownerId" = "ownerId" WHERE id = 3`)
    // As a dump and restore would: the rows are rewritten, and the journal's transactions are not theirs.
    await project.database.query(`UPDATE prisma_audit.batch SET position = position`)
    const { preservedValues } = await rollBack({ url: project.url })
    const [{ count } = { count: 0 }] = await project.database.query(`SELECT count(*)::int FROM "Lead"`)
    assert.deepEqual(
      preservedValues.map((kept) => [kept.column, kept.count]),
      [['ownerId', count]],
    )
    await project.database.query(`INSERT INTO "User" (id, email, name) VALUES (1, 'first@now', 'First')`)
    await up(project)
    assert.deepEqual(await project.database.query(`SELECT DISTINCT "ownerId" FROM "Lead"`), [{ ownerId: 4 }])
  })

  it('while the values are copied are captured too, whoever writes, and nobody waits', async () => {
    const project = await sampleProject({
      sql: `INSERT INTO "User" (id, email, name) VALUES (4, 'd', 'D'), (7, 'g', 'G');
        INSERT INTO "Lead" (name, email) SELECT i, i FROM generate_series(1, 20000) AS i`,
    })
    await up(project)
    const role = await server.createRole()
    await project.database.query(`GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO "${role.name}"`)
    const write = (sql: string) =>
      withClient(role.urlFor(project.database), { settings: { lock_timeout: '1s', search_path: 'public' } }, (client) =>
        client.query(sql),
      )
    const controller = new AbortController()
    const stopped = await rollBack({
      url: project.url,
      signal: controller.signal,
      onProgress: ({ title, rowsDone }) => {
        if (title.includes('ownerId') && rowsDone !== null && rowsDone > 0) controller.abort()
      },
    })
    assert.deepEqual([stopped.status, stopped.undone], ['stopped', []])
    // Rows that were copied already, and one that is yet to be.
    await write(`UPDATE "Lead" SET "ownerId" = 7 WHERE id IN (1, 19999)`)
    await write(`UPDATE "Lead" SET "ownerId" = 7 WHERE id = 2; UPDATE "Lead" SET "ownerId" = 4 WHERE id = 2`)
    // A key that changes is followed, a row that goes is forgotten, and replication writes too.
    await project.database.query(`UPDATE "Lead" SET id = 30001 WHERE id = 19999`)
    await project.database.query(`UPDATE "Lead" SET "ownerId" = 7 WHERE id = 4; DELETE FROM "Lead" WHERE id = 4`)
    await project.database.query(`SET session_replication_role = replica; UPDATE "Lead" SET "ownerId" = 7 WHERE id = 5`)
    // Long enough for a busy machine to log in and set its own, and shorter than one of its statements.
    await project.database.query(`
      CREATE FUNCTION dawdle() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1.2); END $$;
      CREATE EVENT TRIGGER dawdle ON ddl_command_start WHEN TAG IN ('DROP FUNCTION') EXECUTE FUNCTION dawdle();
      ALTER DATABASE "${project.database.name}" SET statement_timeout = '1s'`)
    await rollBack({ url: project.url })
    await project.database.query(`
      DROP EVENT TRIGGER dawdle; ALTER DATABASE "${project.database.name}" RESET statement_timeout`)
    const [kept] = await withClient(project.url, {}, readPreservedValues)
    // What the application wrote is its own, though the migration had filled in the same.
    assert.equal(kept?.count, 4)
    await up(project)
    assert.deepEqual(await project.database.query(`SELECT id FROM "Lead" WHERE "ownerId" = 7 ORDER BY id`), [
      { id: 1 },
      { id: 5 },
      { id: 30001 },
    ])
  })

  it('are settled to one a row: what was captured last, whenever a copy came, and no value where that says none', async () => {
    const { url, query } = await server.createDatabase()
    await withClient(url, {}, async (client) => {
      await client.query('BEGIN')
      await createPreservedTables(client)
      await client.query('COMMIT')
      await client.query(`INSERT INTO prisma_audit_kept.kept_column
          (state, schema_name, table_name, column_name, column_type, key_columns, filled)
        VALUES ('dropped', 'public', 't', 'c', 'text', '{id}', '{given}')`)
      // The copy read an older snapshot than that in which the row was written, and was written down after it.
      await client.query(`INSERT INTO prisma_audit_kept.kept_value (column_id, was_captured, key, value) VALUES
        (1, true, '{1}', 'first'), (1, true, '{1}', 'last'), (1, false, '{1}', 'copied'),
        (1, false, '{2}', 'copied'), (1, true, '{2}', NULL), (1, true, '{3}', 'given'), (1, false, '{4}', 'alone'),
        (2, true, '{1}', 'of another column')`)
      const [preserved] = await columnsBeingPreserved(client)
      assert.ok(preserved !== undefined)
      await settlePreserved(client, preserved)
    })
    assert.deepEqual(await query('SELECT key, value FROM prisma_audit_kept.kept_value ORDER BY column_id, key'), [
      { key: ['1'], value: 'last' },
      { key: ['4'], value: 'alone' },
      { key: ['1'], value: 'of another column' },
    ])
    assert.deepEqual(await query('SELECT state FROM prisma_audit_kept.kept_column'), [{ state: 'kept' }])
  })

  it('are restored by the key of each row, so that a batch of a large table takes no longer than of a small one', async () => {
    const { url } = await server.createDatabase(`
      CREATE TABLE t (id int PRIMARY KEY, c text DEFAULT 'given') WITH (fillfactor = 10);
      INSERT INTO t SELECT generate_series(1, 100000)`)
    const plan = await withClient(url, {}, async (client) => {
      await client.query('BEGIN')
      await createPreservedTables(client)
      await client.query(`INSERT INTO prisma_audit_kept.kept_value (column_id, was_captured, key, value)
        SELECT 1, false, ARRAY[i::text], 'written' FROM generate_series(1, 20000) AS i`)
      await client.query('COMMIT')
      await client.query('ANALYZE')
      const { batch } = restoreValuesStep({
        kept: { id: '1', schema: 'public', table: 't', column: 'c', type: 'text' },
        ...{ values: 20000, key: [{ name: 'id', type: 'integer' }], user: null },
      })
      const { rows } = await client.query<Record<string, string>>(`EXPLAIN ${batch?.next ?? ''}`, [['100'], 200])
      return rows.map((row) => row['QUERY PLAN']).join('\n')
    })
    assert.match(plan, /Update on t/)
    assert.doesNotMatch(plan, /Seq Scan on t\b/)
  })

  it('outlive a rollback and a new run that are killed again and again', async function () {
    this.timeout(600_000)
    const project = await sampleProject({
      sql: `INSERT INTO "User" (id, email, name) VALUES (4, 'd', 'D'), (7, 'g', 'G');
        INSERT INTO "Lead" (name, email) SELECT i, i FROM generate_series(1, 12000) AS i`,
    })
    await up(project)
    await project.database.query(`UPDATE "Lead" SET "ownerId" = 7 WHERE id % 2 = 0; UPDATE "User" SET "updatedBy" = 7`)
    const written = await values(project)
    for (const kill of ['keep:0', 'keep:4000', 'keep:8000']) {
      assert.equal(await runner.run(project.url, await project.plan(), kill), 'SIGKILL', kill)
    }
    // Each process takes one step back and dies at the beginning of the next.
    let deaths = 0
    while ((await runner.run(project.url, await project.plan(), 'undo:1')) === 'SIGKILL') deaths++
    assert.ok(deaths > 8, `${deaths} deaths`)
    const kept = await withClient(project.url, {}, readPreservedValues)
    assert.equal(
      kept.reduce((sum, { count }) => sum + count, 0),
      6004,
    )

    // While they are put back, and while the rest is filled.
    for (const kill of ['rows:1', 'rows:2', 'rows:6000']) {
      assert.equal(await runner.run(project.url, await project.plan(), kill), 'SIGKILL', kill)
    }
    assert.equal((await up(project)).status, 'completed')
    assert.deepEqual(await values(project), written)
    await checkVerified(project)
    assert.deepEqual(await withClient(project.url, {}, readPreservedValues), [])
  })

  it('in a table whose rows cannot be told apart: refused before anything changes, unless they may be lost', async () => {
    const project = await createProject(server, {
      schema: `datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id\n}\nmodel Lead {\n  code Int?\n  @@ignore\n}\n`,
      ddl: `CREATE TABLE "User" (id integer PRIMARY KEY); CREATE TABLE "Lead" (code integer)`,
      policy: { rules: [{ models: ['Lead'], require: ['ownerId'] }] },
      sql: `INSERT INTO "User" VALUES (1), (2); INSERT INTO "Lead" SELECT generate_series(1, 9)`,
    })
    const before = await dump(project.database, server)
    await up(project)
    await rollBack({ url: project.url })
    assert.equal(await dump(project.database, server), before, 'nothing was written, so nothing can be lost')
    await up(project)
    await project.database.query(`UPDATE "Lead" SET "ownerId" = 2 WHERE code = 3`)
    const written = await dump(project.database, server)
    await assert.rejects(rollBack({ url: project.url }), {
      code: 'values-cannot-be-kept',
      message: 'The values of "ownerId" in "public"."Lead" would be lost. Nothing was changed.',
    })
    assert.equal(await dump(project.database, server), written)
    assert.deepEqual((await rollBack({ url: project.url, dropData: true })).preservedValues, [])
    assert.equal(await dump(project.database, server), before)
  })
})
