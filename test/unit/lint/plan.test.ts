import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { lintPlan, type PlanLintFinding } from '../../../server/src/migration/plan/lint-plan'
import { lintMigration } from '../../../server/src/lint/lint-migration'
import { NOTHING_KNOWN } from '../../../server/src/lint/model'
import { parseOneByOne, parseScript } from '../../../server/src/lint/parse/parse-script'
import { loadSqlParser, type SqlParser } from '../../../server/src/lint/parse/sql-parser'
import type { Plan } from '../../../server/src/migration/model'
import { renderDownScript } from '../../../server/src/migration/render/down-script'
import { renderPreview } from '../../../server/src/migration/render/preview'
import { renderUpScript } from '../../../server/src/migration/render/up-script'
import { column, database, plan, table, USER } from '../migration/project'
import { PSQL, useLinter } from './support'

const REQUIRE_ALL = {
  rules: [{ models: ['Lead'], require: ['updatedAt', 'updatedBy', 'ownerId'] }],
}

/** Plans of all kinds: what the planner writes for them passes the checks. */
const PLANS: Readonly<Record<string, () => Plan>> = {
  'the usual one': () => plan({ policy: REQUIRE_ALL }),
  'a required owner': () => plan({ policy: { ...REQUIRE_ALL, fields: { ownerId: { required: true } } } }),
  'plain columns without relations, indexes and triggers': () =>
    plan({
      policy: {
        ...REQUIRE_ALL,
        fields: {
          updatedAt: { trigger: false, index: false },
          updatedBy: { relation: false, index: false },
          ownerId: { relation: false, populate: 'none' },
        },
      },
    }),
  'owners from an expression': () =>
    plan({ policy: { ...REQUIRE_ALL, fields: { ownerId: { populate: { sql: '(SELECT min("id") FROM "User")' } } } } }),
  'a table without a primary key': () =>
    plan({ policy: REQUIRE_ALL, tables: [table('User'), table('Lead', { primaryKey: null })] }),
  'a table with json': () =>
    plan({ policy: REQUIRE_ALL, tables: [table('User'), table('Lead', { columns: [column('data', 'json')] })] }),
  'keys that are uuids, on a large table': () =>
    plan({
      schema: USER.replace('Int @id', 'String @id @db.Uuid') + 'model Lead {\n  id Int @id\n}\n',
      policy: REQUIRE_ALL,
      tables: [table('User', { key: 'uuid' }), table('Lead', { estimatedRows: 50_000_000 })],
    }),
  'columns that are there already': () =>
    plan({
      policy: REQUIRE_ALL,
      tables: [table('User'), table('Lead', { columns: [column('ownerId', 'integer', true)] })],
    }),
}

describe('lint: what the planner writes', () => {
  const { check } = useLinter()
  let parser: SqlParser
  before(async () => {
    parser = await loadSqlParser()
  })

  it('is parsed one statement at a time, so that the trees of thousands are never in memory together', () => {
    const parsed: string[] = []
    const counting: SqlParser = {
      ...parser,
      parse(sql) {
        parsed.push(sql)
        return parser.parse(sql)
      },
    }
    // What a check knows from later statements: the index is dropped first, the constraint added again, the trigger made.
    const script = `DROP INDEX i; CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON "Lead" (id);
      ALTER TABLE "Lead" DROP CONSTRAINT c; ALTER TABLE "Lead" ADD CONSTRAINT c CHECK (id > 0);
      CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.at := now(); RETURN NEW; END $$;
      ALTER TABLE "Lead" ADD COLUMN at timestamp(3); ALTER TABLE "Lead" ENABLE ROW LEVEL SECURITY;
      CREATE TRIGGER t BEFORE UPDATE ON "Lead" FOR EACH ROW EXECUTE FUNCTION f(); CREATE POLICY p ON "Lead";`
    const whole = parseScript(script, parser)
    const oneByOne = parseOneByOne(script, counting)
    let statements = 0
    for (const { source } of oneByOne.statements) {
      statements++
      const read = parsed.filter((sql) => whole.statements.some((each) => each.source === sql))
      assert.deepEqual([read.length, read.at(-1)], [statements, source])
    }
    assert.equal(statements, whole.statements.length)
    const found = lintMigration(oneByOne, { ...NOTHING_KNOWN, runner: 'prisma' })
    assert.ok(found.length > 3, JSON.stringify(found))
    assert.deepEqual(found, lintMigration(whole, { ...NOTHING_KNOWN, runner: 'prisma' }))
  })

  for (const [name, make] of Object.entries(PLANS)) {
    it(`passes the checks: ${name}`, () => {
      const made = make()
      assert.ok(made.steps.length > 0)
      for (const trustSizes of [false, true]) {
        const known = database([table('User'), table('Lead', { estimatedRows: 50_000_000 })])
        assert.deepEqual(lintPlan(made, parser, { database: known, trustSizes }), [])
      }
      assert.deepEqual(lintPlan(made, parser, { database: null, trustSizes: false }), [])
      check(renderUpScript(made), [], PSQL)
    })
  }

  it('takes back what it made, which is to drop it, and never by CASCADE', () => {
    const down = renderDownScript(plan({ policy: REQUIRE_ALL }))
    check(down, ['drop-constraint', 'drop-constraint', 'drop-column', 'drop-column', 'drop-column'], PSQL)
  })

  it('as the repository has it in migrations/', () => {
    const file = path.join(__REPOSITORY__, 'migrations', 'add_user_fields.sql')
    check(fs.readFileSync(file, 'utf8'), [], PSQL)
  })

  it('a step that would not pass is named with its finding, in the preview too', () => {
    const made = plan({ policy: REQUIRE_ALL })
    const [index] = made.steps.filter(({ kind }) => kind === 'create-index')
    const worse = {
      ...index!,
      up: index!.up.map((sql) => sql.replace(' CONCURRENTLY', '')),
      transaction: 'own' as const,
    }
    const changed = { ...made, steps: made.steps.map((step) => (step === index ? worse : step)) }
    const found = lintPlan(changed, parser, { database: null, trustSizes: false })
    assert.deepEqual(
      found.map(({ step, code }: PlanLintFinding) => [step, code]),
      [[worse.id, 'index-not-concurrent']],
    )
    const preview = renderPreview(changed, { databaseLabel: 'app', models: new Map(), lint: found })
    assert.match(preview, /## Lint\n\n- \*\*index-not-concurrent\*\* in create-index:public\.Lead/)
    assert.doesNotMatch(renderPreview(made, { databaseLabel: 'app', models: new Map(), lint: [] }), /## Lint/)
  })
})
