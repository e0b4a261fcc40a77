import assert from 'node:assert/strict'
import { LINT_CODES } from '../../../server/src/lint/codes'
import { columnOf, databaseOf, tableOf, triggerOf } from '../audit/database-builder'
import { PSQL, useLinter } from './support'

/** A table that is there already, as a schema of Prisma's has it. */
const LEAD =
  'CREATE TABLE "Lead" ("id" SERIAL NOT NULL, "email" TEXT NOT NULL, CONSTRAINT "Lead_pkey" PRIMARY KEY ("id"));\n'

describe('lint: locks and rewrites', () => {
  const { check, fixed, lint, parse } = useLinter()

  it('index-not-concurrent', () => {
    check('CREATE INDEX "Lead_email_idx" ON "Lead"("email");', ['index-not-concurrent'])
    check('CREATE INDEX CONCURRENTLY "Lead_email_idx" ON "Lead"("email");', [])
    check(`${LEAD}CREATE INDEX "Lead_email_idx" ON "Lead"("email");`, [])
    check('CREATE TABLE "Lead" AS SELECT 1 AS "id"; CREATE INDEX "i" ON "Lead"("id");', [])
    check('CREATE TABLE "a" ("id" INT); ALTER TABLE "a" RENAME TO "b"; CREATE INDEX "i" ON "b"("id");', [])
    assert.equal(
      fixed('CREATE UNIQUE INDEX "i" ON "Lead"("email");', 'index-not-concurrent'),
      'CREATE UNIQUE INDEX CONCURRENTLY "i" ON "Lead"("email");',
    )
    // In a transaction CONCURRENTLY would fail, so there is nothing to put right in place.
    const [first] = lint('CREATE INDEX "i" ON "Lead"("a"); CREATE INDEX "j" ON "Lead"("b");')
    assert.equal(first?.fix, null)
  })

  it('drop-index-not-concurrent', () => {
    check('DROP INDEX "Lead_email_idx";', ['drop-index-not-concurrent'])
    check('DROP INDEX CONCURRENTLY "Lead_email_idx";', [])
    assert.equal(
      fixed('DROP INDEX IF EXISTS "i";', 'drop-index-not-concurrent'),
      'DROP INDEX CONCURRENTLY IF EXISTS "i";',
    )
  })

  it('concurrently-in-transaction', () => {
    const index = 'CREATE INDEX CONCURRENTLY "i" ON "Lead"("email");'
    check(`${index} SELECT 1;`, ['concurrently-in-transaction'])
    check(`BEGIN; ${index} COMMIT;`, ['concurrently-in-transaction'], PSQL)
    check(`SELECT 1; ${index} SELECT 2;`, [], PSQL)
    check(`BEGIN; SELECT 1; COMMIT; ${index}`, [], PSQL)
    check('SELECT 1; DROP INDEX CONCURRENTLY "i"; SELECT 2;', ['concurrently-in-transaction'])
    check('SELECT 1; REINDEX INDEX CONCURRENTLY "i";', ['concurrently-in-transaction'])
    check('SELECT 1; VACUUM "Lead";', ['concurrently-in-transaction'])
    check('SELECT 1; ALTER TABLE "p" DETACH PARTITION "q" CONCURRENTLY;', ['concurrently-in-transaction'])
    check('SELECT 1; ANALYZE "Lead"; REFRESH MATERIALIZED VIEW CONCURRENTLY "m";', [])
    check('DO $$ BEGIN CREATE INDEX CONCURRENTLY i ON "Lead"("email"); END $$;', ['concurrently-in-transaction'])
  })

  it('concurrently-on-partitioned, and how partitioned tables get an index', () => {
    const database = databaseOf([tableOf('Event', [], { kind: 'partitioned table' })])
    const build = 'CREATE INDEX CONCURRENTLY "i" ON "Event"("id");'
    check(build, ['concurrently-on-partitioned'], { database })
    check(build, [])
    const [finding] = lint(build.replace(' CONCURRENTLY', ''), { database })
    assert.deepEqual([finding?.code, finding?.fix], ['index-not-concurrent', null])
    check('CREATE INDEX "i" ON ONLY "Event"("id"); ALTER INDEX "i" ATTACH PARTITION "j";', [], { database })
  })

  it('foreign-key-not-valid-missing, of a partitioned table whose partitions have it', () => {
    const database = databaseOf([tableOf('Event', [], { kind: 'partitioned table' })])
    const add = (table: string) =>
      `ALTER TABLE "${table}" ADD CONSTRAINT "f" FOREIGN KEY ("ownerId") REFERENCES "User"("id")`
    const [finding] = lint(`${add('Event')};`, { database })
    assert.match(finding?.advice ?? '', /to each partition/)
    assert.equal(finding?.fix, null)
    const partition = `${add('Event_1')} NOT VALID; ALTER TABLE "Event_1" VALIDATE CONSTRAINT "f";`
    check(`${partition} ${add('Event')};`, [], { ...PSQL, database })
  })

  it('foreign-key-not-valid-missing', () => {
    const add = 'ALTER TABLE "Lead" ADD CONSTRAINT "f" FOREIGN KEY ("ownerId") REFERENCES "User"("id")'
    check(`${add};`, ['foreign-key-not-valid-missing'])
    check(`${add} NOT VALID;`, [])
    check(`${LEAD}${add};`, [])
    check('ALTER TABLE "Lead" ADD COLUMN "ownerId" INTEGER REFERENCES "User"("id");', [])
    check('ALTER TABLE "Lead" ADD COLUMN "ownerId" INTEGER DEFAULT 1 REFERENCES "User"("id");', [
      'foreign-key-not-valid-missing',
    ])
    assert.equal(
      fixed(`${add};`, 'foreign-key-not-valid-missing'),
      `${add} NOT VALID;\n-- In the next migration: ALTER TABLE "Lead" VALIDATE CONSTRAINT "f";`,
    )
    assert.equal(
      fixed(add, 'foreign-key-not-valid-missing', PSQL),
      `${add} NOT VALID;\nALTER TABLE "Lead" VALIDATE CONSTRAINT "f";`,
    )
    check(fixed(`${add};`, 'foreign-key-not-valid-missing', PSQL), [], PSQL)
  })

  it('check-not-valid-missing', () => {
    check('ALTER TABLE "Lead" ADD CONSTRAINT "c" CHECK ("score" > 0);', ['check-not-valid-missing'])
    check('ALTER TABLE "Lead" ADD CONSTRAINT "c" CHECK ("score" > 0) NOT VALID;', [])
    check('ALTER TABLE "Lead" ADD CONSTRAINT "c" CHECK ("score" > 0) NOT ENFORCED;', [])
    check('ALTER TABLE "Lead" ADD COLUMN "score" INT CHECK ("score" > 0);', ['check-not-valid-missing'])
    check('ALTER TABLE "Lead" ADD COLUMN "score" INT DEFAULT 1 CHECK ("score" > 0);', ['check-not-valid-missing'])
    check('ALTER TABLE "Lead" ADD COLUMN "score" INT CHECK ("score" > 0) NOT ENFORCED;', [])
    check(`${LEAD}ALTER TABLE "Lead" ADD COLUMN "score" INT CHECK ("score" > 0);`, [])
    check(`${LEAD}ALTER TABLE "Lead" ADD CONSTRAINT "c" CHECK ("score" > 0);`, [])
  })

  it('not-null-scan', () => {
    const set = 'ALTER TABLE "Lead" ALTER COLUMN "email" SET NOT NULL;'
    check(set, ['not-null-scan'])
    check(LEAD + set, [])
    check('ALTER TABLE "Lead" ADD CONSTRAINT "n" NOT NULL "email";', ['not-null-scan'])
    check('ALTER TABLE "Lead" ADD CONSTRAINT "n" NOT NULL "email" NOT VALID;', [])
    const proved = fixed(set, 'not-null-scan', PSQL)
    assert.match(proved, /NOT VALID;\n.* VALIDATE CONSTRAINT .*;\n.* SET NOT NULL;\n.* DROP CONSTRAINT /)
    check(proved, [], PSQL)
    const validated = tableOf('Lead', ['email text'], {
      checks: [{ name: 'n', definition: 'CHECK ((email IS NOT NULL))', validated: true }],
    })
    check(set, [], { database: databaseOf([validated]) })
    check(set, [], { database: databaseOf([tableOf('Lead', ['email text not null'])]) })
    check(set, ['not-null-scan'], { database: databaseOf([tableOf('Lead', ['email text'])]) })
  })

  it('not-null-scan, proved by the migrations before', () => {
    const add = parse('ALTER TABLE "Lead" ADD CONSTRAINT "n" CHECK ("email" IS NOT NULL) NOT VALID;')
    const validate = parse('DO $$ BEGIN ALTER TABLE "Lead" VALIDATE CONSTRAINT "n"; END $$;')
    const set = 'ALTER TABLE "Lead" ALTER COLUMN "email" SET NOT NULL; ALTER TABLE "Lead" DROP CONSTRAINT "n";'
    check(set, [], { before: [add, validate] })
    check(set, ['not-null-scan'], { before: [add] })
    const gone = parse('ALTER TABLE "Lead" DROP CONSTRAINT "n";')
    check('ALTER TABLE "Lead" ALTER COLUMN "email" SET NOT NULL;', ['not-null-scan'], { before: [add, validate, gone] })
  })

  it('migrations before tell of types, and make no table new', () => {
    const before = [parse(LEAD), parse('ALTER TABLE "Lead" ALTER COLUMN "email" TYPE VARCHAR(20);')]
    check('ALTER TABLE "Lead" ALTER COLUMN "email" TYPE VARCHAR(30);', [], { before })
    check('ALTER TABLE "Lead" ALTER COLUMN "email" TYPE VARCHAR(10);', ['column-type-change'], { before })
    check('CREATE INDEX "i" ON "Lead"("email");', ['index-not-concurrent'], { before })
  })

  it('volatile-default', () => {
    const add = (expression: string) => `ALTER TABLE "Lead" ADD COLUMN "x" TEXT DEFAULT ${expression};`
    for (const constant of [
      "'a'",
      '0',
      'CURRENT_TIMESTAMP',
      'now()',
      "(now() AT TIME ZONE 'UTC')",
      'statement_timestamp()',
      "'{}'::jsonb",
      'ARRAY[]::text[]',
      "current_setting('app.x', true)",
      'lower($$A$$)',
    ])
      check(add(constant), [])
    for (const changing of ['clock_timestamp()', 'random()', 'gen_random_uuid()', "nextval('s')", "('x' || uuidv7())"])
      check(add(changing), ['volatile-default'])
    const [unknown] = lint(add('my_id()'))
    assert.deepEqual([unknown?.code, unknown?.severity], ['volatile-default', 'information'])
    const stable = 'CREATE FUNCTION my_id() RETURNS text LANGUAGE sql STABLE AS $$ SELECT $$;'
    check(stable.replace('SELECT ', "SELECT 'a'") + add('my_id()'), [])
    check(`${LEAD}${add('random()')}`, [])
    check('ALTER TABLE "Lead" ALTER COLUMN "x" SET DEFAULT gen_random_uuid();', [])
  })

  it('stored-generated-column and serial-column', () => {
    check('ALTER TABLE "Lead" ADD COLUMN "d" INT GENERATED ALWAYS AS ("a" + 1) STORED;', ['stored-generated-column'])
    check('ALTER TABLE "Lead" ADD COLUMN "d" INT GENERATED ALWAYS AS ("a" + 1) VIRTUAL;', [])
    check('ALTER TABLE "Lead" ADD COLUMN "n" SERIAL;', ['serial-column'])
    check('ALTER TABLE "Lead" ADD COLUMN "n" INT GENERATED BY DEFAULT AS IDENTITY;', ['serial-column'])
    check(`${LEAD}ALTER TABLE "Lead" ADD COLUMN "n" BIGSERIAL;`, [])
  })

  it('column-type-change', () => {
    const known = (type: string) => ({ database: databaseOf([tableOf('Lead', [`c ${type}`])]) })
    const change = (to: string) => `ALTER TABLE "Lead" ALTER COLUMN "c" SET DATA TYPE ${to};`
    const rewrites = (from: string, to: string) => check(change(to), ['column-type-change'], known(from))
    const keeps = (from: string, to: string) => check(change(to), [], known(from))
    rewrites('integer', 'BIGINT')
    rewrites('text', 'VARCHAR(20)')
    rewrites('character varying(20)', 'VARCHAR(10)')
    rewrites('timestamp(3) without time zone', 'TIMESTAMPTZ(3)')
    rewrites('jsonb', 'TEXT')
    keeps('character varying(20)', 'VARCHAR(30)')
    keeps('character varying(20)', 'TEXT')
    keeps('text', 'VARCHAR')
    keeps('timestamp(3) without time zone', 'TIMESTAMP(6)')
    keeps('text', 'TEXT USING "c"::text')
    check('ALTER TABLE "Lead" ALTER COLUMN "c" TYPE INT USING length("c");', ['column-type-change'])
    // Of what it was before nothing is known: a text most likely grows.
    assert.equal(lint(change('TEXT'))[0]?.severity, 'hint')
    assert.equal(lint(change('BIGINT'))[0]?.severity, 'warning')
    check(LEAD + change('BIGINT'), [])
  })

  it('constraint-builds-index and exclusion-constraint', () => {
    const add = 'ALTER TABLE "Lead" ADD CONSTRAINT "u" UNIQUE ("email");'
    check(add, ['constraint-builds-index', 'unique-may-fail'])
    check('ALTER TABLE "Lead" ADD CONSTRAINT "u" UNIQUE USING INDEX "i";', [])
    check('ALTER TABLE "Lead" ADD COLUMN "code" TEXT UNIQUE;', ['constraint-builds-index'])
    check(`${LEAD}${add}`, [])
    assert.equal(
      fixed(add, 'constraint-builds-index', PSQL),
      'CREATE UNIQUE INDEX CONCURRENTLY "u" ON "Lead" ("email");\nALTER TABLE "Lead" ADD CONSTRAINT "u" UNIQUE USING INDEX "u";',
    )
    check('ALTER TABLE "Lead" ADD CONSTRAINT "e" EXCLUDE USING gist ("during" WITH &&);', ['exclusion-constraint'])
    check(`${LEAD}ALTER TABLE "Lead" ADD CONSTRAINT "e" EXCLUDE USING gist ("during" WITH &&);`, [])
  })

  it('attach-partition-scan and detach-partition-not-concurrent', () => {
    const attach = 'ALTER TABLE "Event" ATTACH PARTITION "Event_2026" FOR VALUES FROM (1) TO (2);'
    check(attach, ['attach-partition-scan'])
    check(`CREATE TABLE "Event_2026" (LIKE "Event"); ${attach}`, [])
    const checked = tableOf('Event_2026', [], { checks: [{ name: 'c', definition: 'CHECK (true)', validated: true }] })
    check(attach, [], { database: databaseOf([checked]) })
    const detach = 'ALTER TABLE "Event" DETACH PARTITION "Event_2026"'
    check(`${detach};`, ['detach-partition-not-concurrent'])
    check(`${detach} CONCURRENTLY;`, [])
    assert.equal(fixed(`${detach};`, 'detach-partition-not-concurrent'), `${detach} CONCURRENTLY;`)
  })

  it('refresh-, reindex-, table-rewritten, table-moved', () => {
    check('REFRESH MATERIALIZED VIEW "m";', ['refresh-not-concurrent'])
    check('REFRESH MATERIALIZED VIEW CONCURRENTLY "m";', [])
    check('CREATE MATERIALIZED VIEW "m" AS SELECT 1; REFRESH MATERIALIZED VIEW "m";', [])
    check('REINDEX TABLE "Lead";', ['reindex-not-concurrent'])
    check('REINDEX TABLE CONCURRENTLY "Lead";', [])
    assert.equal(fixed('REINDEX INDEX "i";', 'reindex-not-concurrent'), 'REINDEX INDEX CONCURRENTLY "i";')
    check('CLUSTER "Lead" USING "i";', ['table-rewritten'])
    check('VACUUM FULL "Lead";', ['table-rewritten'])
    check('VACUUM "Lead";', [])
    check('ALTER TABLE "Lead" SET TABLESPACE "fast";', ['table-moved'])
    check('ALTER TABLE "Lead" SET UNLOGGED;', ['table-moved'])
    check(`${LEAD}ALTER TABLE "Lead" SET UNLOGGED;`, [])
    check('ALTER TABLE "Lead" SET (fillfactor = 70);', [])
    check('ALTER INDEX "i" SET TABLESPACE "fast";', ['table-moved'])
    check('ALTER INDEX "i" SET (fillfactor = 70);', [])
  })

  it('lock-table and triggers-disabled', () => {
    check('LOCK TABLE "Lead" IN ACCESS EXCLUSIVE MODE;', ['lock-table'])
    check('LOCK TABLE "Lead" IN SHARE MODE;', ['lock-table'])
    check('LOCK TABLE "Lead" IN ROW EXCLUSIVE MODE;', [])
    check(`${LEAD}LOCK TABLE "Lead";`, [])
    check('ALTER TABLE "Lead" DISABLE TRIGGER "t";', ['triggers-disabled'])
    check('ALTER TABLE "Lead" DISABLE TRIGGER USER;', ['triggers-disabled'])
    check('ALTER TABLE "Lead" ENABLE TRIGGER "t";', [])
    check("SET session_replication_role = 'replica';", ['triggers-disabled'])
    check("SET session_replication_role = 'origin';", [])
  })

  it('validate-in-same-transaction', () => {
    const add = 'ALTER TABLE "Lead" ADD CONSTRAINT "c" CHECK ("a" > 0) NOT VALID;'
    const validate = 'ALTER TABLE "Lead" VALIDATE CONSTRAINT "c";'
    check(`${add} ${validate}`, ['validate-in-same-transaction'])
    check(`${add} ${validate}`, [], PSQL)
    check(`BEGIN; ${add} COMMIT; ${validate}`, [], PSQL)
    check(`BEGIN; ${add} ${validate} COMMIT;`, ['validate-in-same-transaction'], PSQL)
    check(validate, [])
  })

  it('domain-column', () => {
    const add = 'ALTER TABLE "Lead" ADD COLUMN "score"'
    check(`CREATE DOMAIN positive AS int CHECK (VALUE > 0); ${add} positive;`, ['domain-column'])
    check(`CREATE DOMAIN positive AS int NOT NULL; ${add} public.positive DEFAULT 1;`, ['domain-column'])
    check(`CREATE DOMAIN positive AS int; ${add} positive;`, [])
    check(`CREATE DOMAIN positive AS int CHECK (VALUE > 0); ${LEAD}${add} positive;`, [])
  })

  it('domain-constraint', () => {
    check('ALTER DOMAIN "email" ADD CONSTRAINT "c" CHECK (VALUE <> $$$$);', ['domain-constraint'])
    check('ALTER DOMAIN "email" ADD CONSTRAINT "c" CHECK (VALUE <> $$$$) NOT VALID;', [])
    check('ALTER DOMAIN "email" SET NOT NULL;', ['domain-constraint'])
    check('ALTER DOMAIN "email" DROP NOT NULL;', [])
  })
})

describe('lint: what depends on the rows that are there', () => {
  const { check, lint } = useLinter()

  it('unique-may-fail', () => {
    check('CREATE UNIQUE INDEX CONCURRENTLY "u" ON "Lead"("email");', ['unique-may-fail'])
    check('ALTER TABLE "Lead" ADD COLUMN "code" TEXT; CREATE UNIQUE INDEX "u" ON "Lead"("code");', [
      'index-not-concurrent',
    ])
    const add = (type: string) =>
      `ALTER TABLE "Lead" ADD COLUMN "code" ${type}; CREATE UNIQUE INDEX "u" ON "Lead"("code");`
    check(add('TEXT DEFAULT gen_random_uuid()::text'), ['volatile-default', 'index-not-concurrent'])
    check(add(`TEXT DEFAULT 'a'`), ['index-not-concurrent', 'unique-may-fail'])
    check('CREATE UNIQUE INDEX CONCURRENTLY "u" ON "Lead"("id", "email");', [])
    const database = databaseOf([tableOf('Lead', ['email text'])])
    check('CREATE UNIQUE INDEX CONCURRENTLY "u" ON "Lead"("email", "id");', [], { database })
    check('CREATE UNIQUE INDEX CONCURRENTLY "u" ON "Lead"("email");', ['unique-may-fail'], { database })
  })

  it('required-column', () => {
    const add = 'ALTER TABLE "Lead" ADD COLUMN "x" TEXT NOT NULL;'
    check(add, ['required-column'])
    check('ALTER TABLE "Lead" ADD COLUMN "x" TEXT NOT NULL DEFAULT $$a$$;', [])
    check('ALTER TABLE "Lead" ADD COLUMN "x" TEXT;', [])
    check(LEAD + add, [])
    check(`DELETE FROM "Lead"; ${add}`, ['delete-without-where'], PSQL)
    check(`TRUNCATE "Lead"; INSERT INTO "Lead" VALUES (1); ${add}`, ['truncate', 'required-column'], PSQL)
    const rows = (estimatedRows: number) => ({
      database: databaseOf([tableOf('Lead', [], { estimatedRows })]),
      trustSizes: true,
    })
    check(add, [], rows(0))
    assert.equal(lint(add, rows(5))[0]?.severity, 'error')
  })

  it('enum-replaced, as Prisma takes a value away, is one finding', () => {
    check(
      `CREATE TYPE "Role_new" AS ENUM ('A');
       ALTER TABLE "User" ALTER COLUMN "role" DROP DEFAULT;
       ALTER TABLE "User" ALTER COLUMN "role" TYPE "Role_new" USING ("role"::text::"Role_new");
       ALTER TYPE "Role" RENAME TO "Role_old";
       ALTER TYPE "Role_new" RENAME TO "Role";
       DROP TYPE "Role_old";
       ALTER TABLE "User" ALTER COLUMN "role" SET DEFAULT 'A';`,
      ['enum-replaced'],
    )
  })

  it('enum-value-in-same-transaction', () => {
    const add = `ALTER TYPE "Role" ADD VALUE 'OWNER';\n`
    check(`${add}ALTER TABLE "User" ALTER COLUMN "role" SET DEFAULT 'OWNER';`, ['enum-value-in-same-transaction'])
    check(`${add}ALTER TABLE "User" ALTER COLUMN "role" SET DEFAULT 'ADMIN';`, [])
    check(`${add}ALTER TABLE "User" ALTER COLUMN "role" SET DEFAULT 'OWNER';`, [], PSQL)
    check(`${add}ALTER TYPE "Role" ADD VALUE 'GUEST';`, [])
  })
})

describe('lint: destructive and breaking', () => {
  const { check } = useLinter()

  it('drops', () => {
    check('DROP TABLE "Lead";', ['drop-table'])
    check(`${LEAD}DROP TABLE "Lead";`, [])
    check('DROP TABLE "Lead" CASCADE;', ['drop-table', 'drop-cascade'])
    check('ALTER TABLE "Lead" DROP COLUMN "email";', ['drop-column'])
    check('ALTER TABLE "Lead" DROP COLUMN "email" CASCADE;', ['drop-column', 'drop-cascade'])
    check('ALTER TABLE "Lead" ADD COLUMN "temp" TEXT; ALTER TABLE "Lead" DROP COLUMN "temp";', [])
    check('DROP SCHEMA "old";', ['drop-schema'])
    check('DROP DATABASE "app";', ['drop-database'])
    check('DROP TYPE "Role";', ['drop-type'])
    check('CREATE TYPE "Role" AS ENUM (); DROP TYPE "Role";', [])
    check('DROP VIEW "v"; DROP TRIGGER "t" ON "Lead"; DROP FUNCTION f(int);', [])
  })

  it('drop-constraint, unless it comes again', () => {
    const drop = 'ALTER TABLE "Lead" DROP CONSTRAINT "Lead_ownerId_fkey";'
    check(drop, ['drop-constraint'])
    check(
      `${drop} ALTER TABLE "Lead" ADD CONSTRAINT "Lead_ownerId_fkey" FOREIGN KEY ("o") REFERENCES "User"("id") NOT VALID;`,
      [],
    )
  })

  it('renames', () => {
    check('ALTER TABLE "Lead" RENAME TO "leads";', ['rename-table'])
    check('ALTER TABLE "Lead_id_seq" RENAME TO "leads_id_seq";', [])
    check('ALTER TABLE "Lead" SET SCHEMA "crm";', ['rename-table'])
    check('ALTER TABLE "Lead" RENAME COLUMN "email" TO "mail";', ['rename-column'])
    check(`${LEAD}ALTER TABLE "Lead" RENAME COLUMN "email" TO "mail";`, [])
    check(`ALTER TYPE "Role" RENAME VALUE 'A' TO 'B';`, ['rename-enum-value'])
    check('ALTER TYPE "Role" RENAME TO "Kind";', ['rename-type'])
    check('ALTER TYPE "Role" SET SCHEMA "crm";', ['rename-type'])
    const made = `CREATE TYPE "Role_new" AS ENUM ('A');`
    check(`${made} ALTER TYPE "Role" RENAME TO "Role_old"; ALTER TYPE "Role_new" RENAME TO "Role";`, [])
    check(`ALTER TYPE "Role" RENAME TO "Role_old"; CREATE TYPE "Role" AS ENUM ('A');`, [])
    check(`CREATE TYPE "Role" AS ENUM ('A'); ALTER TYPE "Role" RENAME TO "Kind";`, [])
    check('ALTER INDEX "a" RENAME TO "b"; ALTER TABLE "Lead" RENAME CONSTRAINT "a" TO "b";', [])
  })

  it('rows', () => {
    check('TRUNCATE "Lead";', ['truncate'])
    check(`${LEAD}TRUNCATE "Lead";`, [])
    check('DELETE FROM "Lead";', ['delete-without-where'])
    check('DELETE FROM "Lead" WHERE "id" = 1;', [])
    check('DELETE FROM "Lead" USING "User";', ['delete-without-where'])
    check('DELETE FROM "Lead" USING "User" WHERE "User"."id" = "Lead"."ownerId";', [])
    check('UPDATE "Lead" SET "x" = 1 FROM "User";', ['update-without-where'])
    check('WITH gone AS (DELETE FROM "Lead" RETURNING *) INSERT INTO "Old" SELECT * FROM gone;', [
      'delete-without-where',
    ])
    check('WITH all_of AS (UPDATE "Lead" SET "x" = 1 RETURNING *) SELECT 1 FROM all_of;', ['update-without-where'])
    check('CREATE RULE r AS ON DELETE TO "View" DO INSTEAD DELETE FROM "Lead";', [])
    check('DROP OWNED BY app, CURRENT_USER;', ['drop-owned'])
    check('REASSIGN OWNED BY app TO other;', [])
    check('UPDATE "Lead" SET "x" = 1;', ['update-without-where'])
    check('UPDATE "Lead" SET "x" = 1 WHERE "x" IS NULL;', [])
    check(`${LEAD}UPDATE "Lead" SET "email" = $$a$$;`, [])
  })

  it('rows, by a condition that is always true', () => {
    for (const always of [
      'true',
      "'t'",
      "'true'::boolean",
      'NOT false',
      '1 = 1',
      "'a' <> 'b'",
      '1 >= 1',
      'true IS TRUE',
      '"x" > 1 OR true',
      'true AND (1 = 1 OR "x" IS NULL)',
      '"x" = "x"',
      '"Lead"."x" >= "Lead"."x"',
      '"x" IS NOT DISTINCT FROM "x"',
      '"x" = "x" AND "y" <= "y"',
      '"x" > 1 OR "y" = "y"',
    ]) {
      check(`DELETE FROM "Lead" WHERE ${always};`, ['delete-without-where'])
      check(`UPDATE "Lead" SET "x" = 1 WHERE ${always};`, ['update-without-where'])
    }
    for (const other of [
      'false',
      '1 = 2',
      '"x" = 1',
      '"x" = "y"',
      '"x" <> "x"',
      '"x" > "x"',
      '"Lead"."x" = "x"',
      'NOT "x" = "x"',
      '"x" = "x" AND "y" > 1',
      '"x" IS NOT NULL',
      'true AND "x" > 1',
      'NOT true',
      'NULL',
      '1 > 1',
      'CURRENT_USER = $$app$$',
      '"x" IN (1)',
      "'a'::text = 'b'::text",
      'EXISTS (SELECT 1)',
    ]) {
      check(`DELETE FROM "Lead" WHERE ${other};`, [])
      check(`UPDATE "Lead" SET "x" = 1 WHERE ${other};`, [])
    }
    check('DELETE FROM "Lead" USING "User" WHERE true;', ['delete-without-where'])
    check(
      'DELETE FROM "Lead" WHERE true; ALTER TABLE "Lead" ADD COLUMN "x" TEXT NOT NULL;',
      ['delete-without-where'],
      PSQL,
    )
    check(`${LEAD}DELETE FROM "Lead" WHERE true;`, [])
    // What is NULL stays.
    check(
      'DELETE FROM "Lead" WHERE "x" = "x"; ALTER TABLE "Lead" ADD COLUMN "y" TEXT NOT NULL;',
      ['delete-without-where', 'required-column'],
      PSQL,
    )
  })

  it('rows, by MERGE', () => {
    const merge = (on: string, clauses: string) => `MERGE INTO "Lead" l USING "Gone" g ON ${on} ${clauses};`
    check(merge('true', 'WHEN MATCHED THEN DELETE'), ['delete-without-where'])
    check(merge('1 = 1', 'WHEN MATCHED THEN UPDATE SET "x" = 1'), ['update-without-where'])
    check(merge('l."id" = g."id"', 'WHEN MATCHED THEN DELETE'), [])
    check(merge('true', 'WHEN MATCHED AND l."x" > 1 THEN DELETE'), [])
    check(merge('l."id" = g."id"', 'WHEN NOT MATCHED BY SOURCE THEN DELETE'), ['delete-without-where'])
    check(merge('l."id" = g."id"', 'WHEN NOT MATCHED BY SOURCE AND l."x" > 1 THEN DELETE'), [])
    check(merge('l."id" = g."id"', 'WHEN NOT MATCHED THEN INSERT DEFAULT VALUES'), [])
    check(LEAD + merge('true', 'WHEN MATCHED THEN DELETE'), [])
  })
})

describe('lint: hygiene', () => {
  const { check, fixed, lint, parse } = useLinter()

  it('data-change-with-schema-change', () => {
    const add = 'ALTER TABLE "Lead" ADD COLUMN "x" INT;'
    const fill = 'UPDATE "Lead" SET "x" = 1;'
    check(`${add} ${fill}`, ['data-change-with-schema-change'])
    check(`${add} ${fill.replace(';', ' WHERE "x" IS NULL;')}`, [], PSQL)
    check(`${add} INSERT INTO "Log" VALUES (1);`, [])
    check(`${LEAD}${add} ${fill}`, [])
    // A foreign key lets readers in.
    const key = 'ALTER TABLE "Lead" ADD CONSTRAINT "f" FOREIGN KEY ("x") REFERENCES "User"("id") NOT VALID;'
    check(`${key} UPDATE "Lead" SET "x" = NULL WHERE "x" = 0;`, [])
  })

  it('transaction-not-ended', () => {
    check('BEGIN; SELECT 1;', ['transaction-not-ended'])
    check('BEGIN; SELECT 1; COMMIT;', [])
  })

  it('name-too-long', () => {
    const name = 'a'.repeat(64)
    const [finding] = lint(`CREATE TABLE "${name}" ("id" INT);`)
    assert.equal(finding?.code, 'name-too-long')
    check(`CREATE TABLE "${name.slice(1)}" ("id" INT);`, [])
    check(`COMMENT ON TABLE "Lead" IS '${name}';`, [])
  })

  it('char-type and json-type', () => {
    check('CREATE TABLE "a" ("c" CHAR(3));', ['char-type'])
    check('CREATE TABLE "a" ("c" VARCHAR(3), "d" JSONB, "e" TIMESTAMP(3));', [])
    check('ALTER TABLE "Lead" ADD COLUMN "d" JSON;', ['json-type'])
    assert.equal(fixed('CREATE TABLE "a" ("d" JSON);', 'json-type'), 'CREATE TABLE "a" ("d" JSONB);')
  })

  it('row-security-without-policy', () => {
    const enable = 'ALTER TABLE "Lead" ENABLE ROW LEVEL SECURITY;'
    const policy = 'CREATE POLICY "own" ON "Lead" USING (true);'
    check(enable, ['row-security-without-policy'])
    check(LEAD + enable, ['row-security-without-policy'])
    check(enable + policy, [])
    check(policy + enable, [])
    check(enable, [], { before: [parse(policy)] })
    check(enable + policy.replace('"Lead"', '"User"'), ['row-security-without-policy'])
    check(`${enable} DO $$ BEGIN EXECUTE 'CREATE POLICY "own" ON "Lead" USING (true)'; END $$;`, [])
    check(`${enable} DO $$ BEGIN EXECUTE format('CREATE POLICY %I ON "Lead" USING (true)', 'own'); END $$;`, [
      'dynamic-sql',
    ])
    check('ALTER TABLE "Lead" DISABLE ROW LEVEL SECURITY;', [])
    const severities = (sql: string) => lint(sql).map(({ severity }) => severity)
    assert.deepEqual(severities(enable), ['information'])
    assert.deepEqual(severities(enable.replace(';', ', FORCE ROW LEVEL SECURITY;')), ['warning'])
  })

  it('concurrent-if-not-exists', () => {
    const build = 'CREATE INDEX CONCURRENTLY IF NOT EXISTS "i" ON "Lead"("email");'
    check(build, ['concurrent-if-not-exists'])
    check(build.replace(' IF NOT EXISTS', ''), [])
    check(`DROP INDEX CONCURRENTLY IF EXISTS "i"; ${build}`, [], PSQL)
    check(`DROP INDEX CONCURRENTLY IF EXISTS "other"; ${build}`, ['concurrent-if-not-exists'], PSQL)
    const look = `SELECT 'DROP …' FROM pg_index WHERE indexrelid = to_regclass('it''s') AND NOT indisvalid\n\\gexec\n`
    check(look + build.replace('"i"', `"it's"`), [], PSQL)
  })
})

describe('lint: what a Prisma project with audit fields meets', () => {
  const { check, fixed, lint } = useLinter()
  const withColumns = (...columns: readonly string[]) => ({ database: databaseOf([tableOf('Lead', columns)]) })

  it('trigger-compares-whole-row', () => {
    const trigger = (when: string) =>
      `CREATE TRIGGER "t" BEFORE UPDATE ON "Lead" FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION f();`
    const whole = trigger('OLD.* IS DISTINCT FROM NEW.*')
    check(whole, ['trigger-compares-whole-row'], withColumns('data json'))
    check(whole, [], withColumns('data jsonb'))
    check(trigger('OLD IS DISTINCT FROM NEW'), ['trigger-compares-whole-row'], withColumns('data json'))
    check(trigger('OLD.name IS DISTINCT FROM NEW.name'), [], withColumns('data json'))
    check(trigger('OLD *<> NEW'), [], withColumns('data json'))
    const generated = tableOf('Lead', [], {
      columns: [{ ...columnOf('total integer'), generated: '(a + 1)' }],
    })
    const [finding] = lint(whole, { database: databaseOf([generated]) })
    assert.deepEqual([finding?.code, finding?.severity], ['trigger-compares-whole-row', 'error'])
    assert.equal(lint(whole)[0]?.severity, 'hint')
    check(`CREATE TABLE "Lead" ("id" INT); ${whole}`, [])
  })

  it('local-time-default', () => {
    const column = (rest: string) => `CREATE TABLE "a" ("at" ${rest});`
    check(column('TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP'), [])
    check(column('TIMESTAMP(3) NOT NULL DEFAULT now()'), ['local-time-default'])
    check(column('TIMESTAMP(3) NOT NULL DEFAULT LOCALTIMESTAMP'), ['local-time-default'])
    check(column("TIMESTAMP(3) NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')"), [])
    check(column('TIMESTAMPTZ(3) NOT NULL DEFAULT now()'), [])
    check('ALTER TABLE "Lead" ALTER COLUMN "at" SET DEFAULT now();', [])
    check(
      'ALTER TABLE "Lead" ALTER COLUMN "at" SET DEFAULT now();',
      ['local-time-default'],
      withColumns('at timestamp(3) without time zone'),
    )
    assert.equal(
      fixed(column('TIMESTAMP(3) DEFAULT now()'), 'local-time-default'),
      column("TIMESTAMP(3) DEFAULT (now() AT TIME ZONE 'UTC')"),
    )
  })

  it('local-time-in-trigger', () => {
    const define = (value: string) =>
      `CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW."updatedAt" ${value}; RETURN NEW; END $$;`
    const trigger = 'CREATE TRIGGER "t" BEFORE UPDATE ON "Lead" FOR EACH ROW EXECUTE FUNCTION touch();'
    const local = withColumns('updatedAt timestamp(3) without time zone')
    const sql = define('= now()') + trigger
    const [finding] = lint(sql, local)
    assert.deepEqual([finding?.code, finding?.severity], ['local-time-in-trigger', 'warning'])
    assert.equal(sql.slice(finding!.span.start, finding!.span.end), 'NEW."updatedAt" = now()')
    check(define(':= CURRENT_TIMESTAMP') + trigger, ['local-time-in-trigger'], local)
    check(define("= now() AT TIME ZONE 'UTC'") + trigger, [], local)
    check(sql, [], withColumns('updatedAt timestamp(3) with time zone'))
    assert.equal(lint(define('= now()'))[0]?.severity, 'information')
  })

  it('moddatetime-on-timestamp', () => {
    const trigger = 'CREATE TRIGGER "t" BEFORE UPDATE ON "Lead" FOR EACH ROW EXECUTE FUNCTION moddatetime("updatedAt");'
    check(trigger, ['moddatetime-on-timestamp'], withColumns('updatedAt timestamp(3) without time zone'))
    check(trigger, ['moddatetime-on-timestamp'], withColumns('updatedAt timestamp(3) with time zone'))
    check(trigger, [], withColumns('updatedAt timestamp with time zone'))
    assert.equal(lint(trigger)[0]?.severity, 'information')
  })

  it('foreign-key-type', () => {
    const add = (type: string) =>
      `CREATE TABLE "Note" ("id" TEXT, "leadId" ${type}); ALTER TABLE "Note" ADD CONSTRAINT "f" FOREIGN KEY ("leadId") REFERENCES "Lead"("id");`
    const key = { database: databaseOf([tableOf('Lead', [])]) }
    check(add('INTEGER'), [], key)
    check(add('TEXT'), ['foreign-key-type'], key)
    assert.equal(lint(add('TEXT'), key)[0]?.severity, 'error')
    assert.equal(lint(add('BIGINT'), key)[0]?.severity, 'information')
    check(add('TEXT'), [])
    check('CREATE TABLE "a" ("id" UUID PRIMARY KEY); CREATE TABLE "b" ("a" TEXT REFERENCES "a"("id"));', [
      'foreign-key-type',
    ])
    check('CREATE TABLE "a" ("id" VARCHAR(30) PRIMARY KEY); CREATE TABLE "b" ("a" TEXT REFERENCES "a"("id"));', [])
  })

  it('updated-at-without-trigger, only where the policy wants one', () => {
    const maintainedColumns = [{ schema: null, table: 'Lead', column: 'updatedAt' }]
    const add = 'ALTER TABLE "Lead" ADD COLUMN "updatedAt" TIMESTAMP(3);'
    const trigger = 'CREATE TRIGGER "t" BEFORE UPDATE ON "Lead" FOR EACH ROW EXECUTE FUNCTION f();'
    check(add, [])
    check(add, ['updated-at-without-trigger'], { maintainedColumns })
    check(add + trigger, [], { maintainedColumns })
    check(`${add} DO $$ BEGIN IF true THEN ${trigger} END IF; END $$;`, [], { maintainedColumns })
    const kept = tableOf('Lead', [], { triggers: [triggerOf('t', 'f')] })
    check(add, [], { maintainedColumns, database: databaseOf([kept]) })
  })

  it('setting-cast-without-nullif', () => {
    const policy = (expression: string) => `CREATE POLICY "p" ON "Lead" USING ("ownerId" = ${expression});`
    check(policy("current_setting('app.user_id', true)::int"), ['setting-cast-without-nullif'])
    check(policy("CAST(current_setting('app.user_id') AS uuid)"), ['setting-cast-without-nullif'])
    check(policy("NULLIF(current_setting('app.user_id', true), '')::int"), [])
    check(policy("current_setting('app.user_id', true)"), [])
    check(policy("current_setting('block_size')::int"), [])
    assert.equal(
      fixed(policy("current_setting('app.user_id', true)::int"), 'setting-cast-without-nullif'),
      policy("NULLIF(current_setting('app.user_id', true), '')::int"),
    )
    const body = `CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW."updatedBy" := current_setting('app.user_id', true)::int; RETURN NEW; END $$;`
    check(body, ['setting-cast-without-nullif'])
    assert.equal(
      fixed(body, 'setting-cast-without-nullif'),
      body.replace("current_setting('app.user_id', true)", "NULLIF(current_setting('app.user_id', true), '')"),
    )
    check(
      `DO $$ DECLARE u int; BEGIN u := current_setting('app.user_id')::int; PERFORM current_setting('a.b')::int; END $$;`,
      ['setting-cast-without-nullif', 'setting-cast-without-nullif'],
    )
    check(`CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT current_setting('app.user_id')::int $$;`, [
      'setting-cast-without-nullif',
    ])
  })

  it('backfill-after-trigger', () => {
    const trigger = 'CREATE TRIGGER "t" BEFORE UPDATE ON "Lead" FOR EACH ROW EXECUTE FUNCTION f();'
    const fill = 'UPDATE "Lead" SET "ownerId" = 1 WHERE "ownerId" IS NULL;'
    check(trigger + fill, ['backfill-after-trigger'])
    check(fill + trigger, [])
    check(trigger.replace('UPDATE ON', 'UPDATE OF "email" ON') + fill, [])
    check(trigger.replace('UPDATE ON', 'INSERT ON') + fill, [])
    // A function that keeps something else than a time marks no row as changed.
    const made = (assigned: string): string =>
      `CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW."x" := ${assigned}; RETURN NEW; END $$;`
    check(made('lower(NEW."y")') + trigger + fill, [])
    check(made("clock_timestamp() AT TIME ZONE 'UTC'") + trigger + fill, ['backfill-after-trigger'])
  })
})

describe('lint: every check', () => {
  it('has a test of its own here', async () => {
    const { default: fs } = await import('node:fs')
    const { default: path } = await import('node:path')
    const folder = path.join(__REPOSITORY__, 'test', 'unit', 'lint')
    const text = fs
      .readdirSync(folder)
      .map((name) => fs.readFileSync(path.join(folder, name), 'utf8'))
      .join('\n')
    const untested = LINT_CODES.filter((code) => !text.includes(`'${code}'`))
    assert.deepEqual(untested, [])
  })
})

describe('lint: what is there already', () => {
  const { check } = useLinter()
  const database = databaseOf([tableOf('Lead', ['email integer'])])
  const create = 'CREATE TABLE IF NOT EXISTS "Lead" ("id" INT, "email" INT);'

  it('stays an old table behind CREATE TABLE IF NOT EXISTS', () => {
    const index = 'CREATE INDEX "i" ON "Lead"("email");'
    check(`${create}${index}`, [])
    check(`${create}${index}`, ['index-not-concurrent'], { database })
    check(`CREATE TABLE IF NOT EXISTS "Lead" AS SELECT 1 AS "email";${index}`, ['index-not-concurrent'], { database })
    check(`CREATE TABLE IF NOT EXISTS "Other" ("id" INT); CREATE INDEX "i" ON "Other"("id");`, [], { database })
  })

  it('may hold duplicates for a partial unique index, too', () => {
    check('CREATE UNIQUE INDEX CONCURRENTLY "i" ON "Lead"("email") WHERE "email" IS NOT NULL;', ['unique-may-fail'])
  })
})
