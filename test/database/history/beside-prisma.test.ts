import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { parsePolicy } from '../../../server/src/audit-fields/parse-policy'
import { withClient } from '../../../server/src/database/connect'
import type { Step } from '../../../server/src/migration/model'
import { planMigration } from '../../../server/src/migration/plan/plan-migration'
import { readJournal } from '../../../server/src/migration/run/journal/journal'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { prismaDeploy } from '../../support/history-oracle'
import { usePostgres } from '../../support/postgres'
import { dump } from '../migration/support/dump'
import { createHistoryProject, folderNames, SAMPLE, structure, writeMigration, type HistoryProject } from './support'
import { runUntil } from '../migration/support/stopped-run'

/** The lock of Prisma's schema engine. */
const PRISMA_LOCK = 72707369

describe('a migration beside `prisma migrate`', () => {
  const server = usePostgres()
  const projects: HistoryProject[] = []
  const opened: pg.Client[] = []

  afterEach(async () => {
    for (const client of opened.splice(0)) await client.end()
    for (const project of projects.splice(0)) project.remove()
  })

  async function sampleProject(): Promise<HistoryProject> {
    const project = await createHistoryProject(server, SAMPLE)
    projects.push(project)
    return project
  }

  async function connect(url: string): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url, application_name: 'prisma migrate' })
    opened.push(client)
    await client.connect()
    return client
  }

  it('holds Prisma’s lock while it changes the structure, and not while something takes long', async () => {
    const project = await sampleProject()
    await project.database.query('CREATE TABLE seen (kind text, held boolean)')
    const plan = await project.plan()
    // Steps of the plan's kinds that do nothing but look.
    const steps = plan.steps.filter(({ kind }) => kind !== 'precondition').map(looking)
    await runPlan({ url: project.url, plan: { ...plan, steps, checks: [] } })
    const seen = await project.database.query('SELECT DISTINCT kind, held FROM seen ORDER BY kind')
    assert.deepEqual(
      seen.map(({ kind, held }) => [kind, held]),
      [
        ['add-column', true],
        ['add-foreign-key', true],
        ['create-function', true],
        ['create-index', false],
        ['create-trigger', true],
        ['drop-default', true],
        ['populate', false],
        ['validate-constraint', false],
      ],
    )
  })

  it('waits for a migration of Prisma, names it, and continues when it is done', async () => {
    const project = await sampleProject()
    const prisma = await connect(project.url)
    await prisma.query(`SELECT pg_advisory_lock(${PRISMA_LOCK})`)
    const waits: string[] = []
    const released: Promise<unknown>[] = []
    const result = await runPlan({
      url: project.url,
      plan: await project.plan(),
      history: project.target,
      onWait: (holder) => {
        waits.push(holder)
        released.push(prisma.query(`SELECT pg_advisory_unlock(${PRISMA_LOCK})`))
      },
    })
    await Promise.all(released)
    assert.equal(result.status, 'completed')
    assert.equal(waits.length, 1)
    assert.match(waits[0] ?? '', /^`prisma migrate`: process \d+ of postgres, since /)
  })

  it('gives up if the migration of Prisma does not end, and changes nothing', async () => {
    const project = await sampleProject()
    const prisma = await connect(project.url)
    await prisma.query(`SELECT pg_advisory_lock(${PRISMA_LOCK})`)
    const before = await structure(project.database)
    const plan = await project.plan()
    await assert.rejects(runPlan({ url: project.url, plan, history: project.target, waitForOther: 0 }), {
      code: 'prisma-migrating',
      why: /Prisma's migration lock is held by: process \d+ of postgres, since /,
    })
    assert.equal(await structure(project.database), before)
    assert.deepEqual(project.names(), ['20240101000000_init'])
  })

  it('lets `prisma migrate deploy` through while an index waits for an old transaction', async () => {
    const project = await sampleProject()
    const plan = await project.plan()
    await runUntil(
      { url: project.url, plan, history: project.target },
      ({ step }) => step.object === 'User_updatedAt_idx',
    )
    const old = await connect(project.url)
    await old.query(`BEGIN; UPDATE "User" SET name = name WHERE id = 4`)
    const running = runPlan({ url: project.url, plan: await project.plan(), history: project.target })
    await isBuilding(project.url)
    assert.deepEqual(await prismaDeploy(project.schemaText, project.url, project.migrations), [])
    await old.query('COMMIT')
    assert.equal((await running).status, 'completed')
    await project.checkClean(project.editedSchema(plan.additions))
  })

  it('refuses while a migration of Prisma is unfinished', async () => {
    const project = await sampleProject()
    await project.database.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('x', 'y', '20250101000000_broken')`,
    )
    const before = await structure(project.database)
    await assert.rejects(runPlan({ url: project.url, plan: await project.plan(), history: project.target }), {
      code: 'prisma-migration-open',
      message: /20250101000000_broken/,
    })
    assert.equal(await structure(project.database), before)
  })

  it('two runners at once write and record it once', async () => {
    const project = await sampleProject()
    const plan = await project.plan()
    const run = () => runPlan({ url: project.url, plan, history: project.target })
    const results = await Promise.all([run(), run()])
    assert.deepEqual(
      results.map(({ status }) => status),
      ['completed', 'completed'],
    )
    assert.equal(project.names().length, 8)
    assert.equal((await withClient(project.url, {}, readJournal)).length, 1)
    await project.checkClean(project.editedSchema(plan.additions))
  })

  it('up, down and up again: each is in the history', async () => {
    const project = await sampleProject()
    const plan = await project.plan()
    for (const turn of [1, 2]) {
      await runPlan({ url: project.url, plan: await project.plan(), history: project.target })
      await project.checkClean(project.editedSchema(plan.additions))
      if (turn === 1) await rollBack({ url: project.url, history: project.target })
    }
    const { policy } = parsePolicy(JSON.stringify({ rules: [{ models: ['*'], require: ['updatedAt', 'ownerId'] }] }))
    assert.ok(policy !== null)
    const more = planMigration({ schema: project.schema, policy, database: await project.catalog() })
    await runPlan({ url: project.url, plan: more, history: project.target })
    const empty = await server.createDatabase()
    await prismaDeploy(project.schemaText, empty.url, project.migrations)
    assert.equal(await structure(empty), await structure(project.database))
    // The newest first, and then the one before it.
    for (const others of [1, 0]) {
      const undone = await rollBack({ url: project.url, history: project.target })
      assert.equal(undone.others.length, others)
    }
    await project.checkClean(project.schemaText)
  })

  it('the migrations serve another schema of the database, too', async () => {
    const project = await sampleProject()
    const plan = await project.plan()
    await runPlan({ url: project.url, plan, history: project.target })
    const other = await server.createDatabase('CREATE SCHEMA tenant')
    await prismaDeploy(project.schemaText, `${other.url}?schema=tenant`, project.migrations)
    const tables = await other.query(
      `SELECT table_schema, table_name FROM information_schema.columns WHERE column_name = 'ownerId'`,
    )
    assert.deepEqual(tables, [{ table_schema: 'tenant', table_name: 'Lead' }])
  })

  it('deployed to a database with rows, they fill the owners as the run did', async () => {
    const project = await sampleProject()
    const other = await server.createDatabase()
    await prismaDeploy(project.schemaText, other.url, project.migrations)
    await other.query(`INSERT INTO "User" (id, email, name) VALUES (7, 'a', 'A'), (9, 'b', 'B');
      INSERT INTO "Lead" (name, email) SELECT i, i FROM generate_series(1, 4500) AS i`)
    await runPlan({ url: project.url, plan: await project.plan(), history: project.target })
    const deployed = await prismaDeploy(project.schemaText, other.url, project.migrations)
    assert.deepEqual(deployed, project.names().slice(1))
    assert.equal(await structure(other), await structure(project.database))
    const owners = await other.query(`SELECT "ownerId" AS owner, count(*)::int AS leads FROM "Lead" GROUP BY 1`)
    assert.deepEqual(owners, [{ owner: 7, leads: 4500 }])
  })

  it('an index of the history is built outside a transaction when it is deployed', async () => {
    const project = await sampleProject()
    await runPlan({ url: project.url, plan: await project.plan(), history: project.target })
    const files = project
      .names()
      .map((name) => fs.readFileSync(path.join(project.migrations, name, 'migration.sql'), 'utf8'))
    const concurrent = files.filter((text) => text.includes('CREATE INDEX CONCURRENTLY'))
    assert.equal(concurrent.length, 3)
    for (const text of concurrent) assert.equal(text.match(/;\s*$/gm)?.length, 1)
    assert.equal(fs.existsSync(path.join(project.migrations, 'migration_lock.toml')), true)
  })

  it('a database without a history of Prisma’s gets none: the scripts go into a folder of their own', async () => {
    const project = await sampleProject()
    await project.database.query('DROP TABLE _prisma_migrations')
    await runPlan({ url: project.url, plan: await project.plan(), history: project.target })
    assert.deepEqual(project.names(), ['20240101000000_init'])
    const [name = ''] = folderNames(project.target.plainFolder)
    assert.match(name, /^\d{14}_prisma_audit$/)
    const [table] = await project.database.query(`SELECT to_regclass('_prisma_migrations') AS found`)
    assert.deepEqual(table, { found: null })
  })

  it('a view, a foreign table or code of a lesser role in the place of Prisma’s table is refused before the first step', async () => {
    const project = await sampleProject()
    const { database, target: history, url } = project
    const role = await server.createRole()
    const before = await dump(database, server)
    await database.query(`CREATE SCHEMA theirs AUTHORIZATION "${role.name}"; CREATE TABLE theirs.hit (who text);
      CREATE FUNCTION theirs.f() RETURNS boolean LANGUAGE plpgsql AS 'BEGIN INSERT INTO theirs.hit VALUES (current_user); RETURN true; END';
      CREATE FUNCTION theirs.i() RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN theirs.f(); END';
      CREATE FUNCTION theirs.t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM theirs.f(); RETURN NEW; END';
      CREATE DOMAIN theirs.d AS text CHECK (theirs.f()); ALTER TABLE theirs.hit OWNER TO "${role.name}"; ALTER DOMAIN theirs.d OWNER TO "${role.name}";
      ALTER FUNCTION theirs.i() OWNER TO "${role.name}"; ALTER FUNCTION theirs.f() OWNER TO "${role.name}"; ALTER FUNCTION theirs.t() OWNER TO "${role.name}";
      CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w`)
    const plants: readonly (readonly [RegExp, string])[] = [
      [
        /: it is a view\.$/,
        'ALTER TABLE _prisma_migrations RENAME TO m; CREATE VIEW _prisma_migrations AS SELECT * FROM m WHERE theirs.f()',
      ],
      [
        /: it is a foreign table\.$/,
        'ALTER TABLE _prisma_migrations RENAME TO m; CREATE FOREIGN TABLE _prisma_migrations (id text) SERVER s',
      ],
      [
        /: it has the rule r\.$/,
        'CREATE RULE r AS ON INSERT TO _prisma_migrations DO ALSO INSERT INTO theirs.hit VALUES (current_user)',
      ],
      [
        /: its trigger t calls a function of the role role_/,
        'CREATE TRIGGER t BEFORE INSERT ON _prisma_migrations FOR EACH ROW EXECUTE FUNCTION theirs.t()',
      ],
      [/: the constraint c calls a function of/, 'ALTER TABLE _prisma_migrations ADD CONSTRAINT c CHECK (theirs.f())'],
      [/: the type of logs belongs to/, 'ALTER TABLE _prisma_migrations ALTER logs TYPE theirs.d'],
      // PostgreSQL evaluates these two while it plans any query of the table.
      [
        /: the statistics object s calls a function of the role role_/,
        'CREATE STATISTICS s ON (theirs.i()) FROM _prisma_migrations',
      ],
      [
        /: the table theirs\.child inherits from it\.$/,
        'CREATE TABLE theirs.child () INHERITS (_prisma_migrations); CREATE INDEX ON theirs.child (id) WHERE theirs.i()',
      ],
      [
        /: the default of logs is not Prisma's, and the table belongs to/,
        `ALTER TABLE _prisma_migrations ALTER logs SET DEFAULT pg_read_file('PG_VERSION'); ALTER TABLE _prisma_migrations OWNER TO "${role.name}"`,
      ],
    ]
    const owner = `ALTER TABLE _prisma_migrations OWNER TO postgres; ALTER TABLE _prisma_migrations ALTER logs DROP DEFAULT, ALTER logs TYPE text;
      ALTER TABLE _prisma_migrations DROP CONSTRAINT IF EXISTS c; DROP TRIGGER IF EXISTS t ON _prisma_migrations; DROP RULE IF EXISTS r ON _prisma_migrations;
      DROP STATISTICS IF EXISTS s; DROP TABLE IF EXISTS theirs.child`
    const plan = await project.plan()
    for (const [why, sql] of plants) {
      await database.query(sql)
      await database.query('TRUNCATE theirs.hit')
      await assert.rejects(runPlan({ url, plan, history }), { code: 'prisma-history-unfit', why })
      assert.deepEqual(await database.query('SELECT who FROM theirs.hit'), [])
      if (sql.includes('RENAME TO m'))
        await database.query(
          `DROP ${sql.includes('VIEW') ? 'VIEW' : 'FOREIGN TABLE'} _prisma_migrations; ALTER TABLE m RENAME TO _prisma_migrations`,
        )
      else await database.query(owner)
    }
    await database.query('DROP SCHEMA theirs CASCADE; DROP FOREIGN DATA WRAPPER w CASCADE')
    assert.equal(await dump(database, server), before)
    // Prisma's own table of a lesser role, and a trigger of somebody who may do everything anyhow, are no reason.
    await database.query(`ALTER TABLE _prisma_migrations OWNER TO "${role.name}";
      CREATE FUNCTION log() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE TRIGGER log AFTER INSERT ON _prisma_migrations FOR EACH ROW EXECUTE FUNCTION log()`)
    assert.equal((await runPlan({ url, plan, history })).status, 'completed')
  })

  it('its names sort after all existing ones, even those with a date in the future', async () => {
    const project = await sampleProject()
    writeMigration(project.migrations, '20991231235959_ahead', 'SELECT 1;\n')
    await prismaDeploy(project.schemaText, project.url, project.migrations)
    const plan = await project.plan()
    await runPlan({ url: project.url, plan, history: project.target })
    assert.deepEqual(project.names().slice(0, 3), [
      '20240101000000_init',
      '20991231235959_ahead',
      '21000101000000_prisma_audit_add_columns',
    ])
    await project.checkClean(project.editedSchema(plan.additions))
  })

  it('migrations that cannot be written stop it before anything is changed', async () => {
    const project = await sampleProject()
    const prismaFolder = path.join(project.migrations, '20240101000000_init', 'migration.sql', 'migrations')
    const history = { ...project.target, plainFolder: prismaFolder, prismaFolder }
    const before = await structure(project.database)
    await assert.rejects(runPlan({ url: project.url, plan: await project.plan(), history }), {
      code: 'migrations-not-writable',
    })
    assert.equal(await structure(project.database), before)
  })
})

/** The same step, but that it only notes whether its session holds Prisma's lock. */
function looking(step: Step): Step {
  const look = `INSERT INTO public.seen SELECT '${step.kind}', EXISTS (
    SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = ${PRISMA_LOCK} AND pid = pg_backend_pid()
  )`
  // The parameters that a batch takes, all of which must be used.
  const parameters = [...new Set(step.batch?.next.match(/\$\d+::(?:\w+\.)?\w+(\[\])?/g))]
    .map((name) => `${name} IS NOT NULL`)
    .join(' AND ')
  const batch = step.batch && {
    ...step.batch,
    start: `SELECT CASE WHEN NOT EXISTS (SELECT FROM public.seen WHERE kind = '${step.kind}') THEN ARRAY['x'] END AS "cursor"`,
    next: `WITH looked AS (${look}) SELECT 0 AS filled, NULL::text[] AS "cursor" WHERE ${parameters}`,
  }
  return { ...step, leftovers: null, up: [look], down: [], verify: [], batch }
}

/** Asks until an index is being built that waits for another transaction; gives up after five minutes. */
async function isBuilding(url: string): Promise<void> {
  await withClient(url, {}, async (client) => {
    const giveUpAt = performance.now() + 300_000
    while (performance.now() < giveUpAt) {
      // The server itself waits a little between two looks.
      const { rows } = await client.query<{ building: boolean }>(`
        SELECT pg_sleep(0.02), EXISTS (
          SELECT FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CONCURRENTLY%' AND wait_event_type = 'Lock'
        ) AS building`)
      if (rows[0]?.building === true) return
    }
    assert.fail('No index was built.')
  })
}
