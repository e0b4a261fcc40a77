import assert from 'node:assert/strict'
import { LEAD, PSQL, useLinter } from './support'

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
