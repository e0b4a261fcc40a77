import assert from 'node:assert/strict'
import { withClient } from '../../../server/src/database/connect'
import { AuditError, describeError } from '../../../server/src/errors'
import { readJournal } from '../../../server/src/migration/run/journal/journal'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { usePostgres } from '../../support/postgres'
import { dump } from './support/dump'
import { createProject, type TestProject } from './support/project'

const SCHEMA = `datasource db {\n  provider = "postgresql"\n}
model User {\n  id Int @id\n}
model Lead {\n  id Int @id\n  name String\n}\n`

/** Which a run needs, and which its rollback. */
const UP = [
  'CREATE SCHEMA',
  'CREATE TABLE',
  'ALTER TABLE',
  'CREATE INDEX',
  'CREATE FUNCTION',
  'CREATE TRIGGER',
] as const
const BACK = ['ALTER TABLE', 'DROP INDEX', 'DROP TRIGGER', 'DROP FUNCTION', 'CREATE TRIGGER', 'CREATE TABLE'] as const

const REJECT = `CREATE FUNCTION public.reject() RETURNS event_trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'no % here', tg_tag; END $$`

describe('event triggers that reject statements of a run', () => {
  const server = usePostgres()
  const createLeads = async () =>
    await createProject(server, {
      schema: SCHEMA,
      policy: {
        rules: [{ models: ['Lead'], require: ['updatedAt', 'ownerId'] }],
        fields: { updatedAt: { index: true } },
      },
      sql: `INSERT INTO "User" VALUES (1); INSERT INTO "Lead" VALUES (1, 'a'), (2, 'b'); ${REJECT}`,
    })
  const reject = async ({ database }: TestProject, event: string, tag: string) => {
    await database.query(
      `CREATE EVENT TRIGGER "keep ""out" ON ${event} WHEN tag IN ('${tag}') EXECUTE FUNCTION public.reject()`,
    )
  }
  const allow = async ({ database }: TestProject) => {
    await database.query('DROP EVENT TRIGGER "keep ""out"')
  }
  const isNamed = (tag: string) => (error: unknown) => {
    assert.ok(error instanceof AuditError && error.code === 'event-trigger-rejects', `${tag}: ${String(error)}`)
    const said = describeError(error)
    for (const part of [
      'The event trigger "keep ""out"',
      `no ${tag} here`,
      'public.reject()',
      'Nothing was changed',
      'DISABLE',
    ]) {
      assert.ok(said.includes(part), `${tag}: ${part} in ${said}`)
    }
    return true
  }

  it('are named before the first step, whatever they reject, and nothing is changed', async () => {
    const given = await createLeads()
    const before = await dump(given.database, server)
    const plan = await given.plan()
    const rejections = [
      ...UP.map((tag) => ['ddl_command_start', tag] as const),
      ['ddl_command_end', 'CREATE INDEX'] as const,
    ]
    for (const [event, tag] of rejections) {
      await reject(given, event, tag)
      await assert.rejects(runPlan({ url: given.url, plan }), isNamed(tag))
      await allow(given)
    }
    assert.equal(await dump(given.database, server), before)
  })

  it('are named before a rollback changes anything', async () => {
    const given = await createLeads()
    const before = await dump(given.database, server)
    await runPlan({ url: given.url, plan: await given.plan() })
    await given.database.query(`UPDATE "Lead" SET "ownerId" = 1 WHERE id = 1`)
    const between = await dump(given.database, server)
    for (const tag of BACK) {
      await reject(given, 'ddl_command_start', tag)
      await assert.rejects(rollBack({ url: given.url }), isNamed(tag))
      await allow(given)
    }
    await reject(given, 'sql_drop', 'DROP INDEX')
    await assert.rejects(rollBack({ url: given.url }), isNamed('DROP INDEX'))
    await allow(given)
    assert.equal(await dump(given.database, server), between)
    assert.equal((await rollBack({ url: given.url })).status, 'completed')
    await given.database.query('DROP SCHEMA prisma_audit_kept CASCADE')
    assert.equal(await dump(given.database, server), before)
  })

  it('need not let a rollback create indexes, or drop its own journal', async () => {
    const given = await createLeads()
    await runPlan({ url: given.url, plan: await given.plan() })
    await given.database.query(`UPDATE "Lead" SET "ownerId" = 1 WHERE id = 1`)
    await given.database
      .query(`CREATE EVENT TRIGGER no_index ON ddl_command_start WHEN tag IN ('CREATE INDEX', 'DROP TABLE', 'DROP SCHEMA')
      EXECUTE FUNCTION public.reject()`)
    const result = await rollBack({ url: given.url })
    assert.equal(result.status, 'completed')
    assert.match(
      result.left.join('\n'),
      /^The journal \(schema prisma_audit\): The event trigger "no_index" rejects.* A later rollback drops it\.$/m,
    )
    assert.deepEqual(
      (await withClient(given.url, {}, readJournal)).map(({ state }) => state),
      ['rolled back'],
    )
    await given.database.query('DROP EVENT TRIGGER no_index')
    assert.deepEqual((await rollBack({ url: given.url })).left, [])
    assert.deepEqual(await withClient(given.url, {}, readJournal), [])
  })

  it('that do not find their own names in our search path are named with how to qualify them', async () => {
    const given = await createLeads()
    await given.database.query(`CREATE TABLE ddl_log (tag text);
      CREATE FUNCTION log_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO ddl_log VALUES (tg_tag); END $$;
      CREATE EVENT TRIGGER log_ddl ON ddl_command_end EXECUTE FUNCTION log_ddl()`)
    await assert.rejects(runPlan({ url: given.url, plan: await given.plan() }), {
      code: 'event-trigger-rejects',
      nextStep: /ALTER FUNCTION public\.log_ddl\(\) SET search_path = public/,
    })
    await given.database.query('ALTER FUNCTION log_ddl() SET search_path = public')
    assert.equal((await runPlan({ url: given.url, plan: await given.plan() })).status, 'completed')
    // What was tried was rolled back, its entries in the log with it.
    const [row] = await given.database.query(`SELECT count(*)::int AS count FROM ddl_log WHERE tag = 'CREATE TRIGGER'`)
    assert.equal(row?.count, 1)
  })

  it('that may act outside of a transaction are not tried, and are named by the step', async () => {
    const given = await createLeads()
    await given.database.query(`CREATE FUNCTION notes() RETURNS event_trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_catalog.pg_try_advisory_lock(7); RAISE EXCEPTION 'not today'; END $$;
      CREATE EVENT TRIGGER notes ON ddl_command_start WHEN tag IN ('CREATE INDEX') EXECUTE FUNCTION notes()`)
    const plan = await given.plan()
    await assert.rejects(runPlan({ url: given.url, plan }), {
      code: 'event-trigger-rejects',
      message: /^Step \d+ of \d+ failed: Create index/,
      why: /The event trigger "notes" rejects a statement.*not today/,
    })
    assert.equal((await rollBack({ url: given.url })).status, 'completed')
  })
})
