import assert from 'node:assert/strict'
import { withClient } from '../../../server/src/database/connect'
import type { Step } from '../../../server/src/migration/model'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { usePostgres } from '../../support/postgres'
import { said } from '../../support/said'
import { dump } from './support/dump'
import { createProject, type ProjectOptions } from './support/project'
import { checkVerified } from './support/verified'

describe('partitioned tables', () => {
  const server = usePostgres()

  it('two levels, partitions in another schema, owners required: up, verified, down to an equal dump', async () => {
    const project = await createProject(server, EVENTS)
    const plan = await project.plan()
    assert.deepEqual([plan.refusals, plan.warnings.length], [[], 1])
    const before = await dump(project.database, server)
    assert.equal((await runPlan({ url: project.url, plan })).status, 'completed')
    await checkVerified(project)
    const [owners] = await project.database.query(
      'SELECT count(*)::int AS rows, count(DISTINCT "ownerId")::int AS owners, bool_and("ownerId" = id % 3 + 1) AS right FROM events',
    )
    assert.deepEqual(owners, { rows: 9000, owners: 3, right: true })
    const indexes = await project.database.query(
      `SELECT count(*)::int AS indexes, bool_and(indisvalid) AS valid FROM pg_index WHERE indexrelid::regclass::text ~ 'updatedAt|ownerId|updatedBy'`,
    )
    assert.deepEqual(indexes, [{ indexes: 18, valid: true }])
    const keys = await project.database.query(
      `SELECT count(*)::int AS keys, bool_and(convalidated) AS valid FROM pg_constraint WHERE contype = 'f' AND conname LIKE 'events%'`,
    )
    assert.deepEqual(keys, [{ keys: 12, valid: true }])
    // As the project says it, which knows the schema of its tables alone.
    await rollBack({ url: project.url, schemas: ['public'] })
    assert.equal(await dump(project.database, server), before)
  })

  it('partitions that come after the plan have everything in the end', async () => {
    const project = await createProject(server, EVENTS)
    const plan = await project.plan()
    const before = await dump(project.database, server)
    await project.database
      .query(`CREATE TABLE late PARTITION OF events FOR VALUES FROM (300) TO (400) PARTITION BY LIST (kind);
      CREATE TABLE late_1 PARTITION OF late DEFAULT; CREATE TABLE later PARTITION OF events_none DEFAULT`)
    assert.equal((await runPlan({ url: project.url, plan })).status, 'completed')
    await checkVerified(project)
    const [key] = await project.database.query(
      `SELECT count(*)::int AS keys FROM pg_constraint
       WHERE contype = 'f' AND conrelid IN ('late_1'::regclass, 'later'::regclass) AND convalidated`,
    )
    assert.deepEqual(key, { keys: 4 })
    await rollBack({ url: project.url })
    await project.database.query('DROP TABLE late, later')
    assert.equal(await dump(project.database, server), before)
  })

  it('reads no row where the parts have been proven: the foreign key, the CHECK and NOT NULL of the whole', async () => {
    const project = await createProject(server, EVENTS)
    const plan = await project.plan()
    const isOfWhole = (step: Step) => step.table === 'events' && step.transaction === 'own' && !step.scans
    const seen = await withClient(project.url, { settings: { search_path: 'public' } }, async (client) => {
      const read = async () => {
        const { rows } = await client.query<{ rows: string }>(
          `SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) AS rows FROM pg_stat_xact_user_tables WHERE relname ~ 'vents'`,
        )
        return Number(rows[0]?.rows)
      }
      const found = new Map<string, number>()
      for (const step of plan.steps) {
        await client.query(step.transaction === 'own' ? 'BEGIN' : 'SELECT')
        const start = step.transaction === 'own' ? await read() : 0
        for (const statement of step.up) await client.query(statement)
        if (isOfWhole(step) && step.kind !== 'precondition') found.set(step.id, (await read()) - start)
        if (step.transaction === 'own') await client.query('COMMIT')
      }
      return found
    })
    assert.ok(seen.has('attach-foreign-key:public.events.events_ownerId_fkey'))
    assert.ok(seen.has('validate-not-null-check:public.events.ownerId'))
    assert.ok(seen.has('set-not-null:public.events.ownerId'))
    assert.deepEqual(
      [...seen].filter(([, rows]) => rows > 0),
      [],
    )
  })

  it('refuses a partition in another server; a trigger of our name on a partition gives ours another name', async () => {
    const project = await createProject(server, {
      ...EVENTS,
      ddl: `${EVENTS.ddl}; ALTER TABLE events DROP CONSTRAINT events_pkey; CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;
        CREATE FOREIGN TABLE far PARTITION OF events FOR VALUES FROM (900) TO (999) SERVER s`,
      sql: '',
    })
    const { refusals } = await project.plan()
    assert.deepEqual(
      refusals.map((refusal) => ({ ...refusal, reason: said(refusal.reason) })),
      [
        {
          code: 'table-unfit',
          model: 'Event',
          object: '',
          reason: 'events has the partition far, a foreign table; its rows are on another server.',
          blocking: true,
        },
      ],
    )
    await project.database.query(`DROP FOREIGN TABLE far;
      CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE TRIGGER update_events_updated_at BEFORE UPDATE ON events_new_1 FOR EACH ROW EXECUTE FUNCTION f()`)
    const plan = await project.plan()
    assert.deepEqual(plan.refusals, [])
    assert.ok(
      plan.steps.some(({ kind, object }) => kind === 'create-trigger' && object === 'update_events_updated_at_2'),
    )
    await runPlan({ url: project.url, plan })
  })
})

const EVENTS: ProjectOptions & { readonly ddl: string } = {
  schema: `datasource db {
  provider = "postgresql"
}
model User {
  id Int @id
}
model Event {
  id Int
  day Int
  kind Int
  @@id([id, day, kind])
  @@map("events")
}
`,
  ddl: `CREATE SCHEMA cold; CREATE TABLE "User" (id integer NOT NULL, CONSTRAINT "User_pkey" PRIMARY KEY (id));
      CREATE TABLE events (id integer NOT NULL, day integer NOT NULL, kind integer NOT NULL,
        CONSTRAINT events_pkey PRIMARY KEY (id, day, kind)) PARTITION BY RANGE (day);
      CREATE TABLE cold."Old ""events""" PARTITION OF events FOR VALUES FROM (0) TO (100);
      CREATE TABLE events_new PARTITION OF events FOR VALUES FROM (100) TO (200) PARTITION BY LIST (kind);
      CREATE TABLE events_new_1 PARTITION OF events_new FOR VALUES IN (1);
      CREATE TABLE events_new_rest PARTITION OF events_new DEFAULT;
      CREATE TABLE events_none PARTITION OF events FOR VALUES FROM (200) TO (300) PARTITION BY LIST (kind)`,
  policy: {
    rules: [{ models: ['Event'], require: ['updatedAt', 'updatedBy', 'ownerId'] }],
    fields: {
      ownerId: {
        required: true,
        onDelete: 'Restrict',
        populate: { sql: `(SELECT min(u.id) FROM "User" u WHERE u.id > "events".id % 3)` },
      },
    },
  },
  sql: `INSERT INTO "User" VALUES (1), (2), (3);
      INSERT INTO events SELECT i, i % 200, i % 3 FROM generate_series(1, 9000) AS i`,
}
