import assert from 'node:assert/strict'
import pg from 'pg'
import { readCatalog } from '../../../server/src/database/read-catalog'
import type { LintCode } from '../../../server/src/lint/codes'
import { lintMigration } from '../../../server/src/lint/lint-migration'
import { NOTHING_KNOWN } from '../../../server/src/lint/model'
import { parseScript } from '../../../server/src/lint/parse/parse-script'
import { loadSqlParser, type SqlParser } from '../../../server/src/lint/parse/sql-parser'
import { NOT_VOLATILE, VOLATILE } from '../../../server/src/lint/volatility'
import { usePostgres, type TestDatabase } from '../../support/postgres'

/** Checks that say a table is rewritten. */
const REWRITES: readonly LintCode[] = [
  'volatile-default',
  'stored-generated-column',
  'serial-column',
  'column-type-change',
  'enum-replaced',
  'table-rewritten',
  'table-moved',
]

const TABLES = `
  CREATE TYPE "Role" AS ENUM ('A', 'B');
  CREATE TABLE "User" ("id" serial PRIMARY KEY);
  CREATE TABLE "Lead" (
    "id" serial PRIMARY KEY, "short" varchar(20), "free" text, "any" varchar, "count" integer, "price" numeric(10, 2),
    "at" timestamp(3), "zoned" timestamptz(3), "data" jsonb, "net" cidr, "role" "Role", "words" text[],
    "code" char(3), "bits" varbit(4), "ownerId" integer, "clock" time(3)
  );
  INSERT INTO "User" DEFAULT VALUES;
  INSERT INTO "Lead" ("short", "free", "any", "count", "role", "at") VALUES ('a', 'a', 'a', 1, 'A', now());
`

/** What the checks say is rewritten, and what not: each is held against what PostgreSQL does. */
const CHANGES: readonly string[] = [
  'ADD COLUMN "x" text',
  `ADD COLUMN "x" text DEFAULT 'a'`,
  'ADD COLUMN "x" timestamp(3) NOT NULL DEFAULT now()',
  'ADD COLUMN "x" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP',
  `ADD COLUMN "x" timestamp(3) NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')`,
  'ADD COLUMN "x" timestamptz DEFAULT statement_timestamp()',
  `ADD COLUMN "x" text DEFAULT current_setting('server_version')`,
  `ADD COLUMN "x" jsonb NOT NULL DEFAULT '{}'`,
  `ADD COLUMN "x" text[] DEFAULT ARRAY[]::text[]`,
  'ADD COLUMN "x" timestamptz DEFAULT clock_timestamp()',
  'ADD COLUMN "x" uuid DEFAULT gen_random_uuid()',
  'ADD COLUMN "x" double precision DEFAULT random()',
  `ADD COLUMN "x" bigint DEFAULT nextval('"User_id_seq"')`,
  'ADD COLUMN "x" integer DEFAULT my_number()',
  'ADD COLUMN "x" serial',
  'ADD COLUMN "x" integer GENERATED ALWAYS AS IDENTITY',
  'ADD COLUMN "x" integer GENERATED ALWAYS AS ("count" + 1) STORED',
  'ADD COLUMN "x" integer REFERENCES "User"("id")',
  'ALTER COLUMN "count" SET NOT NULL',
  'ALTER COLUMN "short" TYPE varchar(30)',
  'ALTER COLUMN "short" TYPE varchar(20)',
  'ALTER COLUMN "short" TYPE varchar(10)',
  'ALTER COLUMN "short" TYPE varchar',
  'ALTER COLUMN "short" TYPE text',
  'ALTER COLUMN "any" TYPE text',
  'ALTER COLUMN "any" TYPE varchar(50)',
  'ALTER COLUMN "free" TYPE varchar',
  'ALTER COLUMN "free" TYPE varchar(50)',
  'ALTER COLUMN "free" TYPE text USING "free"::text',
  'ALTER COLUMN "count" TYPE bigint',
  'ALTER COLUMN "count" TYPE text',
  'ALTER COLUMN "count" TYPE numeric(10, 2)',
  'ALTER COLUMN "price" TYPE numeric(12, 2)',
  'ALTER COLUMN "price" TYPE numeric',
  'ALTER COLUMN "price" TYPE numeric(12, 4)',
  'ALTER COLUMN "price" TYPE numeric(8, 2)',
  'ALTER COLUMN "at" TYPE timestamp(6)',
  'ALTER COLUMN "at" TYPE timestamp',
  'ALTER COLUMN "at" TYPE timestamp(0)',
  'ALTER COLUMN "at" TYPE timestamptz(3)',
  'ALTER COLUMN "zoned" TYPE timestamptz',
  'ALTER COLUMN "clock" TYPE time(6)',
  'ALTER COLUMN "data" TYPE json',
  'ALTER COLUMN "net" TYPE inet',
  'ALTER COLUMN "role" TYPE text',
  'ALTER COLUMN "words" TYPE varchar[]',
  'ALTER COLUMN "code" TYPE text',
  'ALTER COLUMN "bits" TYPE varbit(8)',
  'SET UNLOGGED',
  'SET (fillfactor = 70)',
]

/** Each stands for its kind: with and without modifiers, and arrays. */
const TYPES: readonly string[] = [
  ...['smallint', 'integer', 'bigint', 'real', 'double precision', 'money', 'boolean', 'uuid', 'json', 'jsonb', 'xml'],
  ...['numeric', 'numeric(10,2)', 'numeric(12,2)', 'numeric(12,4)', 'numeric(10)', 'bytea', 'date', 'inet', 'cidr'],
  ...['text', 'varchar', 'varchar(10)', 'varchar(20)', 'char(5)', 'char(8)', 'bpchar', 'name', 'citext', 'macaddr'],
  ...['time', 'time(3)', 'time(6)', 'timetz', 'timetz(3)', 'timestamp', 'timestamp(3)', 'timestamp(6)', 'timestamptz'],
  ...['timestamptz(3)', 'timestamptz(6)', 'interval', 'interval(3)', 'interval(6)', 'bit(3)', 'bit(5)', 'varbit'],
  ...['varbit(3)', 'varbit(5)', 'oid', 'regclass', 'regtype', 'int4range', 'tsvector', 'point', 'integer[]', 'text[]'],
  ...['bigint[]', 'varchar[]', 'varchar(10)[]', 'varchar(20)[]', 'citext[]', 'timestamp[]', 'timestamptz[]'],
  ...['timestamptz(3)[]', 'numeric(10,2)[]', 'numeric[]'],
]

interface TypeChange {
  readonly before: string
  readonly after: string
  readonly zone: string
  readonly rewritten: boolean
}

/** Whatever PostgreSQL refuses is no change; each is taken back by a savepoint, which a block with EXCEPTION is. */
const CHANGE_ALL_TYPES = `
  CREATE TEMP TABLE changes (before text, after text, zone text, rewritten boolean);
  DO $$
  DECLARE
    one text; other text; zone text; file oid; changed boolean;
  BEGIN
    FOREACH zone IN ARRAY ARRAY['UTC', 'America/New_York'] LOOP
      PERFORM set_config('timezone', zone, true);
      FOR one IN SELECT t FROM types LOOP
        EXECUTE format('CREATE TABLE pair (c %s)', one);
        file := pg_relation_filenode('pair');
        FOR other IN SELECT t FROM types LOOP
          changed := NULL;
          BEGIN
            EXECUTE format('ALTER TABLE pair ALTER COLUMN c TYPE %s', other);
            changed := file <> pg_relation_filenode('pair');
            RAISE EXCEPTION 'taken back';
          EXCEPTION WHEN OTHERS THEN NULL;
          END;
          IF changed IS NOT NULL THEN INSERT INTO changes VALUES (one, other, zone, changed); END IF;
        END LOOP;
        DROP TABLE pair;
      END LOOP;
    END LOOP;
  END $$`

/** The strongest lock that each statement holds on "Lead" once it is done, as the messages of the checks say it. */
const LOCKS: readonly (readonly [statement: string, mode: string, code: LintCode | null])[] = [
  ['CREATE INDEX "i" ON "Lead"("count")', 'ShareLock', 'index-not-concurrent'],
  ['DROP INDEX "Lead_count_idx"', 'AccessExclusiveLock', 'drop-index-not-concurrent'],
  [
    'ALTER TABLE "Lead" ADD CONSTRAINT "f" FOREIGN KEY ("ownerId") REFERENCES "User"("id")',
    'ShareRowExclusiveLock',
    'foreign-key-not-valid-missing',
  ],
  ['ALTER TABLE "Lead" ADD CONSTRAINT "c" CHECK ("count" > 0)', 'AccessExclusiveLock', 'check-not-valid-missing'],
  ['ALTER TABLE "Lead" ALTER COLUMN "count" SET NOT NULL', 'AccessExclusiveLock', 'not-null-scan'],
  ['ALTER TABLE "Lead" ADD CONSTRAINT "u" UNIQUE ("free")', 'AccessExclusiveLock', 'constraint-builds-index'],
  [
    'ALTER TABLE "Lead" ADD CONSTRAINT "e" EXCLUDE USING btree ("free" WITH =)',
    'AccessExclusiveLock',
    'exclusion-constraint',
  ],
  ['ALTER TABLE "Lead" DISABLE TRIGGER USER', 'ShareRowExclusiveLock', 'triggers-disabled'],
  ['ALTER TABLE "Lead" VALIDATE CONSTRAINT "later"', 'ShareUpdateExclusiveLock', null],
  ['TRUNCATE "Lead"', 'AccessExclusiveLock', 'truncate'],
  ['REINDEX TABLE "Lead"', 'ShareLock', 'reindex-not-concurrent'],
  ['ALTER TABLE "Lead" ADD COLUMN "x" integer', 'AccessExclusiveLock', null],
]

describe('lint: the checks say what PostgreSQL does', () => {
  const postgres = usePostgres()
  let parser: SqlParser
  let database: TestDatabase
  before(async () => {
    parser = await loadSqlParser()
  })
  beforeEach(async () => {
    database = await postgres.createDatabase(`${TABLES}
      CREATE FUNCTION my_number() RETURNS integer LANGUAGE sql STABLE AS 'SELECT 1';
      CREATE INDEX "Lead_count_idx" ON "Lead"("count");
      ALTER TABLE "Lead" ADD CONSTRAINT "later" CHECK ("id" < 100) NOT VALID;`)
  })
  afterEach(() => database.drop())

  async function inTransaction<Result>(work: (client: pg.Client) => Promise<Result>): Promise<Result> {
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    try {
      await client.query('BEGIN')
      return await work(client)
    } finally {
      await client.query('ROLLBACK')
      await client.end()
    }
  }

  async function codesOf(client: pg.Client, sql: string): Promise<LintCode[]> {
    const known = await readCatalog(client, { schemas: ['public'] })
    const found = lintMigration(parseScript(sql, parser), { ...NOTHING_KNOWN, runner: 'psql', database: known })
    return found.filter(({ severity }) => severity !== 'information').map(({ code }) => code)
  }

  it('of what is rewritten', async () => {
    const wrong: string[] = []
    for (const change of CHANGES) {
      const sql = `ALTER TABLE "Lead" ${change}`
      const { claimed, real } = await inTransaction(async (client) => {
        const codes = await codesOf(client, sql)
        const before = await fileOf(client)
        await client.query(sql)
        return { claimed: codes.some((code) => REWRITES.includes(code)), real: before !== (await fileOf(client)) }
      })
      if (claimed !== real) wrong.push(`${change}: ${real ? 'is' : 'is not'} rewritten`)
    }
    assert.deepEqual(wrong, [])
  })

  it('of every change from one of the built-in types to another, in UTC and elsewhere', async () => {
    await database.query(
      `CREATE EXTENSION citext; CREATE TABLE types AS SELECT unnest('{${TYPES.map((type) => `"${type}"`).join(',')}}'::text[]) AS t`,
    )
    const real = await inTransaction(async (client) => {
      await client.query(CHANGE_ALL_TYPES)
      return (await client.query<TypeChange>('SELECT * FROM changes')).rows
    })
    assert.ok(real.length > 1500, `only ${String(real.length)} changes were possible`)
    const wrong = real.flatMap(({ before, after, zone, rewritten }) => {
      const script = `CREATE TABLE "t" ("c" ${before});\nSET TIME ZONE '${zone}';\nALTER TABLE "t" ALTER COLUMN "c" TYPE ${after};`
      const [made, ...rest] = parseScript(script, parser).statements
      const whole = parseScript(script, parser)
      const earlier = { ...whole, statements: made === undefined ? [] : [made] }
      const found = lintMigration(
        { ...whole, statements: rest },
        { ...NOTHING_KNOWN, runner: 'psql', before: [earlier] },
      )
      const claimed = found.some(({ code }) => code === 'column-type-change')
      return claimed === rewritten ? [] : [`${before} to ${after} in ${zone} ${rewritten ? 'is' : 'is not'} rewritten`]
    })
    assert.deepEqual(wrong, [])
  })

  it('of locks', async () => {
    const found: (readonly [string, string, LintCode | null])[] = []
    for (const [sql] of LOCKS) {
      found.push(
        await inTransaction(async (client) => {
          const [code = null] = await codesOf(client, sql)
          await client.query(sql)
          const { rows } = await client.query<{ mode: string }>(
            `SELECT mode FROM pg_locks WHERE relation = '"Lead"'::regclass AND pid = pg_backend_pid()`,
          )
          return [sql, strongest(rows.map(({ mode }) => mode)), code] as const
        }),
      )
    }
    assert.deepEqual(found, LOCKS)
  })

  it('of what is refused in a transaction, and of several statements in one message', async () => {
    const index = 'CREATE INDEX CONCURRENTLY "i" ON "Lead"("count")'
    await assert.rejects(
      database.query(`${index}; SELECT 1`),
      /cannot run inside a transaction block|cannot be executed/,
    )
    await database.query(index)
  })

  it('of volatility, as pg_proc has it', async () => {
    const names = [...VOLATILE, ...NOT_VOLATILE]
    const rows = await database.query(
      `SELECT proname AS name, bool_or(provolatile = 'v') AS volatile FROM pg_proc
       WHERE pronamespace = 'pg_catalog'::regnamespace AND proname = ANY ($1) GROUP BY proname`,
      [names],
    )
    const known = new Map(rows.map(({ name, volatile }) => [String(name), volatile === true]))
    assert.deepEqual(
      [...VOLATILE].filter((name) => known.get(name) === false),
      [],
    )
    assert.deepEqual(
      [...NOT_VOLATILE].filter((name) => known.get(name) !== false),
      [],
    )
  })

  it('of a new enum value in the transaction that added it', async () => {
    const use = `ALTER TABLE "Lead" ALTER COLUMN "role" SET DEFAULT 'C'`
    await assert.rejects(database.query(`ALTER TYPE "Role" ADD VALUE 'C'; ${use}`), /unsafe use of new value/)
    await database.query(`ALTER TYPE "Role" ADD VALUE 'C'`)
    await database.query(use)
  })

  it('of triggers that compare whole rows', async () => {
    const trigger = `CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE TRIGGER "t" BEFORE UPDATE ON "Lead" FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION f();`
    const values = { json: '{}', xml: '<a/>', point: '(1,2)', box: '(1,2),(3,4)', jsonb: '{}', text: 'a' }
    for (const [type, value] of Object.entries(values)) {
      const fails = await inTransaction(async (client) => {
        await client.query(`ALTER TABLE "Lead" ADD COLUMN "x" ${type} DEFAULT '${value}'`)
        const codes = await codesOf(client, trigger)
        await client.query(trigger)
        const updated = await client.query('UPDATE "Lead" SET "x" = "x"').then(
          () => true,
          () => false,
        )
        assert.equal(codes.includes('trigger-compares-whole-row'), !updated, type)
        return !updated
      })
      assert.equal(fails, !['jsonb', 'text'].includes(type), type)
    }
    await database.query('ALTER TABLE "Lead" ADD COLUMN "x" integer GENERATED ALWAYS AS ("count" + 1) STORED')
    await assert.rejects(database.query(trigger), /generated column/)
  })

  it('of foreign keys between types', async () => {
    for (const [type, isRefused] of [
      ['text', true],
      ['uuid', true],
      ['bigint', false],
      ['smallint', false],
    ] as const) {
      const add = `CREATE TABLE "n" ("u" ${type}); ALTER TABLE "n" ADD CONSTRAINT "f" FOREIGN KEY ("u") REFERENCES "User"("id");`
      const refused = await inTransaction(async (client) => {
        const codes = await codesOf(client, add)
        assert.equal(codes.includes('foreign-key-type'), isRefused, type)
        return await client.query(add).then(
          () => false,
          () => true,
        )
      })
      assert.equal(refused, isRefused, type)
    }
  })

  it('of a setting that a pool has used before', async () => {
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    try {
      const read = "SELECT current_setting('app.user_id', true)::int AS id"
      assert.deepEqual((await client.query(read)).rows, [{ id: null }])
      await client.query("BEGIN; SELECT set_config('app.user_id', '1', true); COMMIT")
      await assert.rejects(client.query(read), /invalid input syntax/)
      const mended = "SELECT NULLIF(current_setting('app.user_id', true), '')::int AS id"
      assert.deepEqual((await client.query(mended)).rows, [{ id: null }])
    } finally {
      await client.end()
    }
  })
})

async function fileOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ file: number }>(`SELECT pg_relation_filenode('"Lead"') AS file`)
  return rows[0]!.file
}

const STRENGTH = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
]

function strongest(modes: readonly string[]): string {
  return [...modes].sort((left, right) => STRENGTH.indexOf(right) - STRENGTH.indexOf(left))[0] ?? ''
}
