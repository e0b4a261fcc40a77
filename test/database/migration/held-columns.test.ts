import { said } from '../../support/said'
import assert from 'node:assert/strict'
import { withClient } from '../../../server/src/database/connect'
import { holdColumns } from '../../../server/src/migration/plan/steps/hold-columns'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { renderUpScript } from '../../../server/src/migration/render/up-script'
import { usePostgres } from '../../support/postgres'
import { createProject, type TestProject } from './support/project'
import { hasPsql, runScript } from './support/psql'

const SCHEMA = `
datasource db {
  provider = "postgresql"
}
model User {
  id Int @id @default(autoincrement())
}
model Lead {
  id         Int      @id @default(autoincrement())
  name       String
  touched    Int      @default(0)
  updated_at DateTime @default(now())
}
`
/** By triggers of every kind: before, after (which updates the row once more), and one whose name sorts late. */
const SQL = `
  INSERT INTO "User" DEFAULT VALUES;
  INSERT INTO "Lead" (name, updated_at) SELECT i, '2020-01-01' FROM generate_series(1, 1000) AS i;
  CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;
  CREATE FUNCTION count_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF pg_trigger_depth() = 1 THEN UPDATE "Lead" SET touched = touched + 1 WHERE id = NEW.id; END IF;
    RETURN NULL;
  END $$;
  CREATE TRIGGER "~zz" BEFORE UPDATE ON "Lead" FOR EACH ROW EXECUTE FUNCTION touch();
  CREATE TRIGGER count_up AFTER UPDATE ON "Lead" FOR EACH ROW EXECUTE FUNCTION count_up();`

describe('filling a column, and the other columns of the rows', () => {
  const server = usePostgres()
  const create = (sql = SQL) =>
    createProject(server, {
      schema: SCHEMA,
      policy: {
        rules: [{ models: ['Lead'], require: ['ownerId'] }],
        fields: { ownerId: { required: true, onDelete: 'Restrict', index: false } },
      },
      sql,
    })
  const kinds = ({ database }: TestProject) =>
    database.query(
      `SELECT count(*)::int AS "rows", count("ownerId")::int AS "owned", max(touched) AS "touched", max(updated_at)::text AS "at" FROM "Lead"`,
    )
  const UNTOUCHED = [{ rows: 1000, owned: 1000, touched: 0, at: '2020-01-01 00:00:00' }]

  it('are as they were, whatever triggers keep them; and a write of the application changes them meanwhile', async () => {
    const project = await create()
    const writes: Promise<unknown>[] = []
    const plan = await project.plan()
    assert.match(
      plan.warnings.map(({ text }) => said(text)).join(),
      /What they write to other columns of those rows is undone/,
    )
    await runPlan({
      url: project.url,
      plan,
      onProgress: ({ step }) => {
        if (step.kind === 'release-columns' && writes.length === 0) {
          writes.push(project.database.query('UPDATE "Lead" SET name = name WHERE id = 7'))
        }
      },
    })
    await Promise.all(writes)
    assert.deepEqual(
      await project.database.query(
        'SELECT id, touched, updated_at > now() - interval \'1 hour\' AS "isNew" FROM "Lead" WHERE touched > 0',
      ),
      [{ id: 7, touched: 1, isNew: true }],
    )
    await project.database.query(
      `ALTER TABLE "Lead" DISABLE TRIGGER USER; UPDATE "Lead" SET touched = 0, updated_at = '2020-01-01'; ALTER TABLE "Lead" ENABLE TRIGGER USER`,
    )
    assert.deepEqual(await kinds(project), UNTOUCHED)
    // What the application wrote is kept by a rollback, and put back without a trace as well.
    await rollBack({ url: project.url })
    await runPlan({ url: project.url, plan: await project.plan(), preservedValues: 'put back' })
    assert.deepEqual(await kinds(project), UNTOUCHED)
    const [left] = await project.database.query(
      `SELECT count(*)::int AS "triggers" FROM pg_trigger WHERE tgname LIKE '%prisma_audit_fill%'`,
    )
    assert.deepEqual(left, { triggers: 0 })
  })

  it("are as they were where the project's own function has the name that ours would have", async () => {
    const project = await create(`
      INSERT INTO "User" DEFAULT VALUES;
      INSERT INTO "Lead" (name, updated_at) SELECT i, '2020-01-01' FROM generate_series(1, 1000) AS i;
      CREATE FUNCTION update_updated_at_column() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN NEW.updated_at = now(); RETURN NEW; END; $$;
      CREATE TRIGGER update_lead_updated_at BEFORE UPDATE ON "Lead" FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()`)
    for (const preservedValues of ['leave', 'put back'] as const) {
      await runPlan({ url: project.url, plan: await project.plan(), preservedValues })
      assert.deepEqual(await kinds(project), UNTOUCHED)
      await project.database
        .query(`ALTER TABLE "Lead" DISABLE TRIGGER USER; UPDATE "Lead" SET "ownerId" = 1 WHERE id > 900;
        ALTER TABLE "Lead" ENABLE TRIGGER USER`)
      await rollBack({ url: project.url })
      const [{ at } = {}] = await project.database.query('SELECT max(updated_at)::text AS at FROM "Lead"')
      assert.equal(at, UNTOUCHED[0]?.at)
    }
  })

  it('are as they were where the trigger stands on one partition alone', async () => {
    const project = await createProject(server, {
      schema: SCHEMA,
      policy: {
        rules: [{ models: ['Lead'], require: ['updatedAt', 'ownerId'] }],
        fields: { updatedAt: { trigger: false, index: false }, ownerId: { index: false } },
      },
      ddl: `CREATE TABLE "User" (id serial, CONSTRAINT "User_pkey" PRIMARY KEY (id)); CREATE SCHEMA cold;
        CREATE TABLE "Lead" (id serial, name text NOT NULL, touched integer NOT NULL DEFAULT 0,
          updated_at timestamp(3) NOT NULL DEFAULT now(), CONSTRAINT "Lead_pkey" PRIMARY KEY (id)) PARTITION BY RANGE (id);
        CREATE TABLE "Lead_1" PARTITION OF "Lead" FOR VALUES FROM (0) TO (500);
        CREATE TABLE cold."Lead_2" PARTITION OF "Lead" FOR VALUES FROM (500) TO (2000) PARTITION BY HASH (id);
        CREATE TABLE cold."Lead_3" PARTITION OF cold."Lead_2" FOR VALUES WITH (MODULUS 1, REMAINDER 0)`,
      sql: `INSERT INTO "User" DEFAULT VALUES; INSERT INTO "Lead" (name, updated_at) SELECT i, '2020-01-01' FROM generate_series(1, 1000) AS i;
        CREATE FUNCTION update_updated_at_column() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := now(); NEW.touched := 1; RETURN NEW; END $$;
        CREATE TRIGGER one BEFORE UPDATE ON cold."Lead_2" FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()`,
    })
    const plan = await project.plan()
    assert.match(plan.warnings.map(({ text }) => said(text)).join(), /fires its triggers: one\./)
    assert.deepEqual(
      plan.steps.filter(({ kind }) => kind === 'hold-columns').map(({ table }) => table),
      ['Lead_3'],
    )
    await runPlan({ url: project.url, plan })
    assert.deepEqual(await kinds(project), UNTOUCHED)
    await project.database.query('UPDATE "Lead" SET "ownerId" = 1')
    await project.database.query(
      `ALTER TABLE cold."Lead_2" DISABLE TRIGGER USER; UPDATE "Lead" SET touched = 0, updated_at = '2020-01-01'; ALTER TABLE cold."Lead_2" ENABLE TRIGGER USER`,
    )
    await rollBack({ url: project.url })
    await runPlan({ url: project.url, plan: await project.plan(), preservedValues: 'put back' })
    assert.deepEqual(await kinds(project), UNTOUCHED)
  })

  it('by a function that takes the place of no other, and may be made twice', async () => {
    const place = { schema: 'public', table: 'Lead', column: 'ownerId', trigger: '~t', fill: 'populate:x' }
    const { up, down } = holdColumns(place)
    const { url, query } = await server.createDatabase(`CREATE TABLE "Lead" ("ownerId" integer);
      CREATE FUNCTION "prisma_audit_fill_ownerId_Lead"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$`)
    const found = () => query(`SELECT prosrc FROM pg_proc WHERE proname LIKE 'prisma_audit_fill%'`)
    const others = await found()
    await withClient(url, {}, async (client) => {
      const make = async () => {
        for (const statement of up) await client.query(statement)
      }
      const message = `A function "public"."prisma_audit_fill_ownerId_Lead"() that Prisma Audit did not create already exists.`
      await assert.rejects(make(), { message })
      assert.deepEqual(await found(), others)
      await query('DROP FUNCTION "prisma_audit_fill_ownerId_Lead"()')
      await make()
      await make()
      for (const statement of [...down, ...down]) await client.query(statement)
      assert.deepEqual(await found(), [])
    })
  })

  it('are as they were after the script, too', async function () {
    if (!hasPsql()) this.skip()
    const project = await create()
    assert.equal(runScript(project.url, renderUpScript(await project.plan())).exitCode, 0)
    assert.deepEqual(await kinds(project), UNTOUCHED)
  })
})
