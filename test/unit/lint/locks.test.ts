import assert from 'node:assert/strict'
import { databaseOf, tableOf } from '../audit/database-builder'
import { LEAD, PSQL, useLinter } from './support'

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

  it('not-null-scan, proven by earlier migrations', () => {
    const add = parse('ALTER TABLE "Lead" ADD CONSTRAINT "n" CHECK ("email" IS NOT NULL) NOT VALID;')
    const validate = parse('DO $$ BEGIN ALTER TABLE "Lead" VALIDATE CONSTRAINT "n"; END $$;')
    const set = 'ALTER TABLE "Lead" ALTER COLUMN "email" SET NOT NULL; ALTER TABLE "Lead" DROP CONSTRAINT "n";'
    check(set, [], { before: [add, validate] })
    check(set, ['not-null-scan'], { before: [add] })
    const gone = parse('ALTER TABLE "Lead" DROP CONSTRAINT "n";')
    check('ALTER TABLE "Lead" ALTER COLUMN "email" SET NOT NULL;', ['not-null-scan'], { before: [add, validate, gone] })
  })

  it('earlier migrations provide types, and make no table new', () => {
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
