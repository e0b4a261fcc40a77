import assert from 'node:assert/strict'
import { withClient } from '../../../server/src/database/connect'
import { readJournal } from '../../../server/src/migration/run/journal/journal'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { tryWrites, type TriedWrites } from '../../../server/src/verification/writes/probe-writes'
import { usePostgres, type TestDatabase } from '../../support/postgres'
import { dump } from './support/dump'
import { createProject } from './support/project'
import { runUntil } from './support/stopped-run'

const SCHEMA = `
datasource db {
  provider = "postgresql"
}
model User {
  id    Int    @id @default(autoincrement())
  email String @unique
}
model Lead {
  id    Int    @id @default(autoincrement())
  name  String
  email String @unique
}
`
const ROWS = `INSERT INTO "User" (email) VALUES ('u@example.com'); INSERT INTO "Lead" (name, email) VALUES ('a', 'a@example.com'), ('b', 'b@example.com');`

/** It copies whole rows once our trigger stands, so that the new columns alone do not show it. */
const HISTORY = `
  CREATE TABLE lead_history AS TABLE "Lead" WITH NO DATA;
  CREATE FUNCTION remember() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgname = 'update_lead_updated_at') THEN
      INSERT INTO lead_history SELECT NEW.*;
    END IF;
    RETURN NULL; END $$;`

describe('the writes of the application, tried before and after a run', () => {
  const server = usePostgres()
  const project = (sql: string) =>
    createProject(server, {
      schema: SCHEMA,
      policy: {
        rules: [{ models: ['Lead'], require: ['updatedAt', 'ownerId'] }],
        fields: { ownerId: { populate: 'none' } },
      },
      sql: `${ROWS} ${sql}`,
    })
  const run = async (given: Awaited<ReturnType<typeof project>>) =>
    await runPlan({ url: given.url, plan: await given.plan() })

  it('a trigger that fails once all is there: the run fails, says how, and is rolled back or gone on with', async () => {
    const given = await project(
      `${HISTORY} CREATE TRIGGER remember AFTER INSERT ON "Lead" FOR EACH ROW EXECUTE FUNCTION remember()`,
    )
    const before = await dump(given.database, server)
    await assert.rejects(run(given), {
      code: 'application-writes-fail',
      why: 'INSERT into "public"."Lead": INSERT has more expressions than target columns',
      nextStep: /prisma-audit rollback/,
    })
    // It is not completed: another run tries again, and says the same.
    await assert.rejects(run(given), { code: 'application-writes-fail' })
    assert.equal((await withClient(given.url, {}, readJournal))[0]?.state, 'running')
    await rollBack({ url: given.url })
    assert.equal(await dump(given.database, server), before)
    await assert.rejects(run(given), { code: 'application-writes-fail' })
    await given.database.query('ALTER TABLE lead_history ADD COLUMN "updatedAt" timestamp(3), ADD COLUMN "ownerId" int')
    assert.deepEqual((await run(given)).writes, { proven: 1, notProven: [] })
    assert.equal((await withClient(given.url, {}, readJournal))[0]?.state, 'completed')
    // Nothing of it is left: no row, and no number of the sequence.
    const [row] = await given.database.query(`INSERT INTO "Lead" (name, email) VALUES ('c', 'c') RETURNING id`)
    assert.deepEqual([row, (await given.database.query('TABLE lead_history')).length], [{ id: 3 }, 1])
  })

  it('writes that failed before as well are no fault of the run, and are said', async () => {
    const given = await project(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'closed'; END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON "Lead" FOR EACH ROW EXECUTE FUNCTION refuse()`)
    const { status, writes } = await run(given)
    assert.deepEqual([status, writes?.proven], ['completed', 0])
    assert.match(
      writes?.notProven[0] ?? '',
      /^INSERT into "public"."Lead": it fails, as it did before the migration: closed/,
    )
  })

  it('what a broken run knew of the writes before it, the one that goes on with it knows too', async () => {
    const given = await project(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'closed'; END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON "Lead" FOR EACH ROW EXECUTE FUNCTION refuse()`)
    const stopped = await runUntil({ url: given.url, plan: await given.plan() }, ({ index }) => index === 3)
    assert.equal(stopped.status, 'stopped')
    const { status, resumed, writes } = await run(given)
    assert.deepEqual([status, resumed, writes?.proven], ['completed', true, 0])
  })

  it('an UPDATE that fails already is told before a fill would meet it', async () => {
    const given = await createProject(server, {
      schema: SCHEMA,
      policy: { rules: [{ models: ['Lead'], require: ['ownerId'] }] },
      sql: `${ROWS} CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'closed'; END $$;
        CREATE TRIGGER refuse BEFORE UPDATE ON "Lead" FOR EACH ROW EXECUTE FUNCTION refuse()`,
    })
    const before = await dump(given.database, server)
    await assert.rejects(run(given), {
      code: 'precondition-failed',
      message: /An UPDATE of "public"."Lead" fails.*closed/,
    })
    assert.equal(await dump(given.database, server), before)
  })

  it('a trigger that waits for the COMMIT finds what it names when a fill sets it off', async () => {
    const given = await createProject(server, {
      schema: SCHEMA,
      policy: { rules: [{ models: ['Lead'], require: ['ownerId'] }] },
      sql: `${ROWS} CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM * FROM "Lead"; RETURN NULL; END $$;
        CREATE CONSTRAINT TRIGGER look AFTER UPDATE ON "Lead" INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION look()`,
    })
    assert.equal((await run(given)).status, 'completed')
  })

  it('a rule that rewrites UPDATEs is told before a fill would meet it, and is no matter once it is disabled', async () => {
    const given = await createProject(server, {
      schema: SCHEMA,
      policy: { rules: [{ models: ['Lead'], require: ['ownerId'] }] },
      sql: `${ROWS} CREATE TABLE seen (id int); CREATE RULE seen AS ON UPDATE TO "Lead" DO ALSO INSERT INTO seen VALUES (NEW.id)`,
    })
    await assert.rejects(run(given), {
      code: 'precondition-failed',
      message: /The rule "seen" on "public"."Lead" rewrites UPDATEs/,
    })
    assert.deepEqual(await withClient(given.url, {}, readJournal), [])
    await given.database.query('ALTER TABLE "Lead" DISABLE RULE seen')
    assert.equal((await run(given)).status, 'completed')
  })

  it('copies rows of tables of many kinds, and says of which it cannot', async () => {
    const database = await server.createDatabase(TABLES)
    assert.deepEqual(await tried(database, 'plain'), ALL)
    assert.deepEqual(await tried(database, 'odd "name"'), ALL)
    assert.deepEqual(await tried(database, 'parted'), ALL)
    assert.deepEqual(await tried(database, 'empty'), ALL)
    assert.deepEqual(await tried(database, 'ruled'), {
      INSERT: 'works',
      UPDATE: 'works',
      'UPDATE that changes a value': 'works',
    })
    assert.deepEqual(await tried(database, 'one_each'), {
      INSERT: 'no second row with a different "id" can be created',
      UPDATE: 'works',
      'UPDATE that changes a value': 'works',
    })
    assert.deepEqual(await tried(database, 'booked'), { INSERT: 'works', UPDATE: 'works', DELETE: 'works' })
    assert.deepEqual(await tried(database, 'parted_1'), {})
    assert.deepEqual(await tried(database, 'deferred'), {
      INSERT: 'too late',
      UPDATE: 'too late',
      'UPDATE that changes a value': 'too late',
    })
    assert.match(
      Object.values(await tried(database, 'loud'))[0] ?? '',
      /a write of it may call call_out\(\), which uses pg_advisory_lock/,
    )
    assert.deepEqual(await database.query(`SELECT last_value::int AS "last" FROM plain_id_seq`), [{ last: 2 }])
    assert.deepEqual(await database.query(`SELECT count(*)::int AS "held" FROM pg_locks WHERE locktype = 'advisory'`), [
      { held: 0 },
    ])
  })

  it('waits for nobody, and nobody waits for it', async () => {
    const database = await server.createDatabase(TABLES)
    const written = await withClient(database.url, {}, async (other) => {
      await other.query('BEGIN')
      await other.query('UPDATE public.one_each SET note = note')
      const result = await tried(database, 'one_each')
      await other.query('ROLLBACK')
      return result
    })
    assert.deepEqual(written, { INSERT: 'no second row with a different "id" can be created' })
  })

  const tried = async (database: TestDatabase, table: string) => {
    const target = { schema: 'public', table, unnamed: [], lookupSchema: 'public' }
    return inWords(await withClient(database.url, {}, (client) => tryWrites(client, target)))
  }
})

const ALL = { INSERT: 'works', UPDATE: 'works', 'UPDATE that changes a value': 'works', DELETE: 'works' }

function inWords(writes: TriedWrites): Record<string, string> {
  return Object.fromEntries(
    Object.entries(writes).map(([write, outcome]) => [
      write,
      outcome.is === 'works' ? 'works' : outcome.is === 'fails' ? outcome.said.message : outcome.why,
    ]),
  )
}

const TABLES = `
  CREATE EXTENSION btree_gist;
  CREATE DOMAIN address AS text CHECK (VALUE LIKE '%@%');
  CREATE TYPE color AS ENUM ('red', 'green');
  CREATE TABLE plain (id serial PRIMARY KEY, mail address NOT NULL, short varchar(9) UNIQUE, twice int GENERATED ALWAYS AS (id * 2) STORED,
    at timestamptz DEFAULT now(), data json, tags text[] NOT NULL DEFAULT '{}', color color NOT NULL DEFAULT 'red');
  CREATE UNIQUE INDEX ON plain (lower(mail::text)) WHERE short IS NOT NULL;
  INSERT INTO plain (mail, short) VALUES ('a@b.c', '123456789'), ('b@b.c', NULL);
  CREATE TABLE "odd ""name""" ("a; DROP TABLE plain" uuid PRIMARY KEY DEFAULT gen_random_uuid(), "$1" bigint GENERATED ALWAYS AS IDENTITY, "Ünï" text);
  INSERT INTO "odd ""name""" ("Ünï") VALUES ('x');
  CREATE TABLE parted (id bigint, at date, note text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
  CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
  INSERT INTO parted VALUES (1, '2020-05-05', 'x');
  CREATE TABLE empty (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, plain_id int NOT NULL REFERENCES plain, mail address NOT NULL, color color NOT NULL, free text);
  CREATE TABLE ruled (id int PRIMARY KEY, note text);
  CREATE TABLE rule_log (note text);
  INSERT INTO ruled VALUES (1, 'x');
  CREATE RULE ruled AS ON INSERT TO ruled DO ALSO INSERT INTO rule_log VALUES (NEW.note);
  CREATE TABLE one_each (id int PRIMARY KEY REFERENCES plain, note text);
  INSERT INTO one_each VALUES (1, 'x');
  CREATE TABLE booked (room int REFERENCES plain, during tsrange, EXCLUDE USING gist (room WITH =, during WITH &&));
  INSERT INTO booked VALUES (1, '[2020-01-01,2020-01-02)');
  CREATE FUNCTION too_late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'too late'; END $$;
  CREATE TABLE deferred (id int PRIMARY KEY, note text);
  INSERT INTO deferred VALUES (1, 'x');
  CREATE CONSTRAINT TRIGGER too_late AFTER INSERT OR UPDATE ON deferred DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION too_late();
  CREATE FUNCTION call_out() RETURNS void LANGUAGE sql AS $$ SELECT pg_advisory_lock(1) $$;
  CREATE FUNCTION call() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM call_out(); RETURN NULL; END $$;
  CREATE TABLE loud (id int PRIMARY KEY);
  INSERT INTO loud VALUES (1);
  CREATE TRIGGER call AFTER INSERT ON loud FOR EACH ROW EXECUTE FUNCTION call();
`
