import { said } from '../../support/said'
import assert from 'node:assert/strict'
import { withClient } from '../../../server/src/database/connect'
import { AuditError, describeError } from '../../../server/src/errors'
import { readJournal } from '../../../server/src/migration/run/journal/journal'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { usePostgres } from '../../support/postgres'
import { dump } from './support/dump'
import { createProject } from './support/project'

const SCHEMA = `datasource db {\n  provider = "postgresql"\n}
model User {\n  id Int @id\n}
model Lead {\n  id Int @id\n  name String\n}\n`

/** Spellings of a copy of whole rows; `lead_log` has room for the columns of now and for what is named before them. */
const BREAKING: Readonly<Record<string, { body: string; log?: string; event?: string }>> = {
  'SELECT NEW.*': { body: 'INSERT INTO lead_log SELECT NEW.*; RETURN NULL;' },
  'SELECT (NEW).*, after other values': {
    body: `INSERT INTO public.lead_log SELECT TG_OP, pg_catalog.now(), (NEW).*; RETURN NEW;`,
    log: 'op text, at timestamptz, id int, name text',
    event: 'BEFORE UPDATE',
  },
  'VALUES (NEW.*)': { body: 'INSERT INTO lead_log VALUES (NEW.*); RETURN NULL;' },
  'VALUES (OLD.*), before other values': {
    body: 'INSERT INTO lead_log VALUES (OLD.*, current_user); RETURN OLD;',
    log: 'id int, name text, by text',
    event: 'BEFORE DELETE',
  },
  'a list of columns and SELECT NEW.*': { body: 'INSERT INTO lead_log (id, name) SELECT NEW.*; RETURN NULL;' },
  'EXECUTE … USING NEW, the table made of its name': {
    body: `EXECUTE format('INSERT INTO %I SELECT ($1).*', lower(TG_TABLE_NAME) || '_log') USING NEW; RETURN NULL;`,
  },
  'the row read again': { body: 'INSERT INTO lead_log SELECT * FROM public."Lead" WHERE id = NEW.id; RETURN NULL;' },
  'a transition table': {
    body: 'INSERT INTO lead_log SELECT * FROM written; RETURN NULL;',
    event: 'AFTER UPDATE ON "Lead" REFERENCING NEW TABLE AS written FOR EACH STATEMENT',
  },
  'a subquery over OLD': {
    body: `IF TG_OP = 'UPDATE' THEN INSERT INTO lead_log SELECT o.* FROM (SELECT OLD.*) AS o; END IF; RETURN NULL;`,
  },
  'a row that is built as the other table has it': {
    body: 'INSERT INTO lead_log SELECT (ROW(NEW.*)::lead_log).*; RETURN NULL;',
  },
}

/** Which stand any number of columns. */
const HARMLESS: Readonly<Record<string, { body: string; log?: string }>> = {
  row_to_json: { body: 'INSERT INTO lead_log SELECT row_to_json(NEW); RETURN NULL;', log: 'row json' },
  to_jsonb: { body: `INSERT INTO lead_log VALUES (to_jsonb(OLD) - 'id'); RETURN NULL;`, log: 'row jsonb' },
  hstore: { body: 'INSERT INTO lead_log SELECT hstore(NEW.*); RETURN NULL;', log: 'row hstore' },
  'columns by name': { body: 'INSERT INTO lead_log (id, name) VALUES (NEW.id, NEW.name); RETURN NULL;' },
  jsonb_populate_record: {
    body: 'INSERT INTO lead_log SELECT (jsonb_populate_record(NULL::lead_log, to_jsonb(NEW))).*; RETURN NULL;',
  },
}

const COLUMNS = 'id int, name text'

function loggingBy(body: string, columns: string, event: string): string {
  const target = event.includes(' ON ') ? event : `${event} ON "Lead" FOR EACH ROW`
  return `CREATE TABLE lead_log (${columns});
    CREATE FUNCTION log_lead() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body} END $$;
    CREATE TRIGGER log_lead ${target} EXECUTE FUNCTION log_lead()`
}

describe('a trigger that copies whole rows, before a run that adds columns', () => {
  const server = usePostgres()
  const project = async (sql: string) =>
    await createProject(server, {
      schema: SCHEMA,
      policy: { rules: [{ models: ['Lead'], require: ['updatedAt', 'ownerId'] }] },
      ddl: `CREATE EXTENSION hstore; CREATE TABLE "User" (id integer PRIMARY KEY);
        CREATE TABLE "Lead" (id integer PRIMARY KEY, name text NOT NULL)`,
      sql: `INSERT INTO "User" VALUES (1); INSERT INTO "Lead" VALUES (1, 'a'), (2, 'b'); ${sql}`,
    })

  it('is refused before the first change, with trigger, function and table, however it is spelled', async () => {
    const given = await project('')
    for (const [spelling, { body, log = COLUMNS, event = 'AFTER UPDATE' }] of Object.entries(BREAKING)) {
      await given.database.query(loggingBy(body, log, event))
      const before = spelling === 'SELECT NEW.*' ? await dump(given.database, server) : null
      const plan = await given.plan()
      const isRead = plan.warnings.some(
        ({ code, text }) => code === 'rows-copied' && said(text).includes('trigger log_lead'),
      )
      assert.equal(isRead, /(?:new|old|\$1)\)?\.\*/i.test(body), spelling)
      await assert.rejects(runPlan({ url: given.url, plan }), (error) => {
        assert.ok(error instanceof AuditError && error.code === 'trigger-breaks', `${spelling}: ${String(error)}`)
        const said = describeError(error)
        for (const part of [
          ...['"log_lead" on "public"."Lead"', '"public"."log_lead"()'],
          ...['lead_log', '"updatedAt", "ownerId"'],
        ]) {
          assert.ok(said.includes(part), `${spelling}: ${part} in ${said}`)
        }
        return true
      })
      if (before !== null) assert.equal(await dump(given.database, server), before)
      assert.deepEqual(await withClient(given.url, {}, readJournal), [], spelling)
      await given.database.query('DROP TABLE lead_log; DROP FUNCTION log_lead CASCADE')
    }
  })

  it('is judged by its text where its function belongs to a role with fewer privileges, and is not run', async () => {
    const role = await server.createRole()
    const given =
      await project(`${loggingBy('INSERT INTO lead_log SELECT NEW.*; RETURN NULL;', COLUMNS, 'AFTER UPDATE')};
      ALTER FUNCTION log_lead() OWNER TO ${role.name}`)
    const refused = {
      code: 'trigger-breaks',
      why: /writes lead_log.*not tried.*log_lead\(\), which belongs to the role/,
    }
    await assert.rejects(runPlan({ url: given.url, plan: await given.plan() }), refused)
    assert.deepEqual(await withClient(given.url, {}, readJournal), [])
    // Rows may be shorter than the table into which they go.
    await given.database.query('ALTER TABLE lead_log ADD COLUMN "updatedAt" timestamp(3), ADD COLUMN "ownerId" int')
    assert.equal((await runPlan({ url: given.url, plan: await given.plan() })).status, 'completed')
  })

  it('that writes what is no key of a user is refused before the first change, with trigger and column', async () => {
    const given = await createProject(server, {
      schema: SCHEMA.replace('name String', 'name String\n  updatedBy Int?'),
      policy: { rules: [{ models: ['Lead'], require: ['updatedBy'] }] },
      sql: `INSERT INTO "User" VALUES (1); INSERT INTO "Lead" VALUES (1, 'a', 1), (2, 'b', NULL);
        CREATE FUNCTION sign_lead() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW."updatedBy" := 0; RETURN NEW; END $$;
        CREATE TRIGGER sign_lead BEFORE UPDATE ON "Lead" FOR EACH ROW EXECUTE FUNCTION sign_lead();
        CREATE FUNCTION pass() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
        CREATE TRIGGER pass BEFORE INSERT ON "Lead" FOR EACH ROW EXECUTE FUNCTION pass()`,
    })
    const before = await dump(given.database, server)
    await assert.rejects(runPlan({ url: given.url, plan: await given.plan() }), {
      code: 'trigger-breaks',
      message:
        'The trigger sign_lead writes a value to Lead.updatedBy that does not exist in User. Nothing was changed.',
    })
    assert.equal(await dump(given.database, server), before)
    await given.database.query(`CREATE OR REPLACE FUNCTION sign_lead() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN NEW."updatedBy" := (SELECT min(id) FROM "User"); RETURN NEW; END $$`)
    assert.equal((await runPlan({ url: given.url, plan: await given.plan() })).status, 'completed')
  })

  it('is no matter where it stands more columns', async () => {
    const given = await project('')
    const triggers = Object.values(HARMLESS).map(({ body, log = COLUMNS }, index) =>
      loggingBy(body, log, 'AFTER UPDATE').replaceAll(/log_lead|lead_log/g, `$&_${index}`),
    )
    await given.database.query(triggers.join(';'))
    assert.equal((await runPlan({ url: given.url, plan: await given.plan() })).status, 'completed')
  })

  it('waits for the lock of the table as the first step would, and says who holds it', async () => {
    const given = await project(loggingBy('INSERT INTO lead_log SELECT NEW.*; RETURN NULL;', COLUMNS, 'AFTER UPDATE'))
    const plan = await given.plan()
    await withClient(given.url, {}, async (client) => {
      await client.query('BEGIN; LOCK TABLE public."Lead" IN ACCESS SHARE MODE')
      await assert.rejects(runPlan({ url: given.url, plan, lockAttempts: 2, lockTimeout: 50 }), {
        code: 'table-locked',
      })
      await client.query('ROLLBACK')
    })
    await assert.rejects(runPlan({ url: given.url, plan }), { code: 'trigger-breaks' })
  })
})
