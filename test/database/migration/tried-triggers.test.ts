import { said } from '../../support/said'
import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { withClient } from '../../../server/src/database/connect'
import { planMigration } from '../../../server/src/migration/plan/plan-migration'
import { verificationChecks } from '../../../server/src/migration/plan/verification-checks'
import { undecidedTriggers } from '../../../server/src/migration/plan/undecided-triggers'
import { inPlainEnglish, phrase } from '../../../server/src/text/phrase'
import { runChecks } from '../../../server/src/verification/run-checks'
import { whyWritesMayActOutside } from '../../../server/src/verification/writes/may-act-outside'
import { tryTriggers } from '../../../server/src/verification/writes/try-triggers'
import { usePostgres } from '../../support/postgres'
import { createProject, type TestProject } from './support/project'

const SCHEMA = `
datasource db {
  provider = "postgresql"
}
model Lead {
  id        Int      @id @default(autoincrement())
  name      String
  email     String   @unique
  data      Json?
  updatedAt DateTime @updatedAt
}
`
const UTC = `clock_timestamp() AT TIME ZONE 'UTC'`

describe('triggers whose text leaves it open, tried by UPDATEs that are rolled back', () => {
  const server = usePostgres()
  let project: TestProject
  before(async () => {
    project = await createProject(server, {
      schema: SCHEMA,
      policy: { rules: [{ models: ['Lead'], require: ['updatedAt'] }], fields: { updatedAt: { index: false } } },
      sql: `INSERT INTO "Lead" (name, email, "updatedAt") SELECT i, i, '2020-01-01' FROM generate_series(1, 3) AS i`,
    })
  })

  it('one that fires only where the row is changed keeps the column', async () => {
    assert.deepEqual(
      await planned(`IF to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN NEW."updatedAt" := ${UTC}; END IF;`),
      [],
    )
    assert.deepEqual(
      await planned(`NEW."updatedAt" := ${UTC};`, 'UPDATE', 'WHEN (OLD.name <> NEW.name OR NEW.name = OLD.name)'),
      [],
    )
  })

  it('one that never does is none: ours is made', async () => {
    assert.deepEqual(await planned(`IF NEW.name = 'never' THEN NEW."updatedAt" := ${UTC}; END IF;`), [
      'create-function:public.update_updated_at_column',
      'create-trigger:public.Lead.update_lead_updated_at',
    ])
  })

  it('one that does on some UPDATEs only, or in local time: the policy has to choose, and hears why', async () => {
    assert.match(
      String(await planned(`NEW."updatedAt" := ${UTC};`, 'UPDATE OF name')),
      /an UPDATE of email or data does not set it/,
    )
    assert.match(
      String(await planned(`IF NEW.name <> OLD.name THEN NEW."updatedAt" := ${UTC}; END IF;`)),
      /an UPDATE of email or data does not set it/,
    )
    // Each UPDATE of another column sets it, but a wrong time, with which verification tries it, stays.
    assert.match(
      String(await planned(`IF NEW."updatedAt" = OLD."updatedAt" THEN NEW."updatedAt" := ${UTC}; END IF;`)),
      /leaves a wrong time that an UPDATE writes/,
    )
    assert.match(
      String(
        await planned(
          `IF to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN NEW."updatedAt" := localtimestamp; END IF;`,
        ),
      ),
      /does not write UTC/,
    )
  })

  it('one that may act outside of the transaction is not tried', async () => {
    const code = `IF to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN PERFORM pg_advisory_lock(7); NEW."updatedAt" := ${UTC}; END IF;`
    assert.match(String(await planned(code)), /does not show whether every UPDATE sets it/)
  })

  it('what a trigger writes and calls is followed through the triggers of other tables, by name', async () => {
    const trigger = (table: string, name: string, code: string) => `CREATE TABLE ${table} (id integer);
      CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${code} RETURN NEW; END $$;
      CREATE TRIGGER ${name} BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION ${name}();`
    const { url } = await server.createDatabase({
      sql: `CREATE FUNCTION "Last"() RETURNS void LANGUAGE sql AS $$ SELECT pg_advisory_lock(7) $$;
        ${trigger('"Log"', 'of_log', 'PERFORM "Last"();')}
        ${trigger('a', 'of_a', 'INSERT INTO "Log" VALUES (1);')}
        ${trigger('quiet', 'of_quiet', '')}`,
    })
    const why = (table: string) =>
      withClient(url, {}, (client) => whyWritesMayActOutside(client, { schema: 'public', table }))
    assert.equal(said(await why('a')), 'a write of it may call Last(), which uses pg_advisory_lock')
    assert.equal(await why('quiet'), null)
  })

  it('one of a role that may do less than ours is not run, however it hides what it does', async () => {
    const role = await server.createRole()
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-got-in-')), 'proof')
    fs.chmodSync(path.dirname(file), 0o777)
    const code = `IF to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN
      EXECUTE 'CO' || 'PY (SELECT 1) TO ' || quote_literal('${file}'); NEW."updatedAt" := ${UTC}; END IF;`
    try {
      assert.deepEqual(await planned(code), [])
      assert.ok(fs.existsSync(file), 'the trap works where the function is trusted')
      fs.rmSync(file)
      await project.database.query(`ALTER FUNCTION touch() OWNER TO "${role.name}"`)
      assert.match(String(await planned(code)), /does not show whether every UPDATE sets it/)
      await project.database.query(
        `ALTER FUNCTION touch() OWNER TO postgres; ALTER TABLE "Lead" OWNER TO "${role.name}"`,
      )
      assert.match(String(await planned(code)), /does not show whether every UPDATE sets it/)
      assert.match(
        await verified(),
        /^skipped: this check would write a row and roll it back, but it belongs to the role/,
      )
      await project.database.query(
        `ALTER TABLE "Lead" OWNER TO postgres; ALTER FUNCTION touch() OWNER TO "${role.name}"`,
      )
      assert.match(await verified(), /^skipped: .*a write of it may call touch\(\), which belongs to the role/)
      assert.equal(fs.existsSync(file), false)
      await project.database.query('ALTER FUNCTION touch() OWNER TO postgres')
      assert.match(await verified(), /^pass: /)
      assert.ok(fs.existsSync(file), 'the trap works where the function is trusted')
    } finally {
      await project.database.query('ALTER TABLE "Lead" OWNER TO postgres')
      fs.rmSync(path.dirname(file), { recursive: true })
    }
  })

  it('a table of a role that may do less is written where none of its code would run', async () => {
    const role = await server.createRole()
    const database = await server.createDatabase(`
      CREATE TYPE kind AS ENUM ('a'); CREATE FUNCTION own(text) RETURNS bool LANGUAGE sql IMMUTABLE RETURN true;
      CREATE DOMAIN word AS text CHECK (own(VALUE));
      CREATE TABLE plain (id int PRIMARY KEY, kind kind, kinds kind[], at timestamptz DEFAULT now(), CHECK (id > 0));
      CREATE TABLE checked (id int PRIMARY KEY, CHECK (own(id::text)));
      CREATE TABLE indexed (id text PRIMARY KEY); CREATE INDEX ON indexed (own(id));
      CREATE TABLE worded (words word[]);
      CREATE TABLE split (id int) PARTITION BY LIST (id); CREATE TABLE part PARTITION OF split DEFAULT;
      ALTER TABLE part ADD CHECK (own(id::text));
      ${['plain', 'checked', 'indexed', 'worded', 'part'].map((table) => `ALTER TABLE ${table} OWNER TO "${role.name}";`).join('')}`)
    const why = (table: string) =>
      withClient(database.url, {}, (client) => whyWritesMayActOutside(client, { schema: 'public', table }))
    assert.equal(await why('plain'), null)
    for (const table of ['checked', 'indexed', 'worded', 'split'])
      assert.match(inPlainEnglish((await why(table)) ?? phrase``), /more privileges/)
  })

  afterEach(async () => {
    const rows = await project.database.query('SELECT DISTINCT "updatedAt"::text AS "at" FROM "Lead"')
    assert.deepEqual(rows, [{ at: '2020-01-01 00:00:00' }])
  })

  /** The result of the verification's own UPDATE. */
  async function verified(): Promise<string> {
    const { schema, policy } = project
    const checks = verificationChecks({ schema, policy, database: await project.catalog() })
    const { results } = await withClient(project.url, {}, (client) => runChecks(client, checks, 'it'))
    const own = results.find(({ check }) => check.mode === 'transaction')
    return `${own?.outcome ?? 'none'}: ${own?.found ?? ''}`
  }

  /** The ids of the steps, or the refusals, with the trigger as the only one. */
  async function planned(code: string, event = 'UPDATE', condition = ''): Promise<string[]> {
    await project.database.query(`
      CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${code} RETURN NEW; END $$;
      CREATE OR REPLACE TRIGGER touch BEFORE ${event} ON "Lead" FOR EACH ROW ${condition} EXECUTE FUNCTION touch()`)
    const { schema, policy } = project
    const read = await project.catalog()
    const undecided = undecidedTriggers({ schema, policy, database: read })
    assert.deepEqual(undecided, [{ schema: 'public', table: 'Lead', trigger: 'touch', column: 'updatedAt' }])
    const database = await withClient(project.url, {}, (client) => tryTriggers(client, read, undecided))
    const { steps, refusals } = planMigration({ schema, policy, database })
    return refusals.length > 0 ? refusals.map(({ reason }) => said(reason)) : steps.map(({ id }) => id)
  }
})
