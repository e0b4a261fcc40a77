import { planData } from '../../../server/src/migration/render/plan-data'
import { phrase } from '../../../server/src/text/phrase'
import assert from 'node:assert/strict'
import type { Refusal } from '../../../server/src/migration/model'
import { renderDownScript } from '../../../server/src/migration/render/down-script'
import { longestLock, planFigures } from '../../../server/src/migration/render/plan-figures'
import { renderPreview } from '../../../server/src/migration/render/preview'
import { renderSummary } from '../../../server/src/migration/render/summary'
import { renderUpScript } from '../../../server/src/migration/render/up-script'
import { renderVerifyScript } from '../../../server/src/migration/render/verify-script'
import { modelNames } from '../../../server/src/migration/plan/model-names'
import { createTranslate } from '../../../server/src/text/translate'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { LEAD, plan, table, USER } from './project'

const MODELS = namesOf(USER + LEAD)

describe('the rendered plan', () => {
  it('a preview: what to know first, then by model a table of step, lock and time, and the SQL', () => {
    const tables = [table('User'), table('Lead', { estimatedRows: 25_000, canAlter: false })]
    const text = renderPreview(plan({ tables }), { databaseLabel: 'app on db:5432', models: MODELS })
    const headings = text.split('\n').filter((line) => /^##? /.test(line))
    assert.deepEqual(headings, [
      '# Migration of app on db:5432',
      '## Warnings',
      '## Performance notes',
      '## Lead',
      '## Shared objects',
    ])
    assert.match(text, /^1 model, \d+ steps, \d+ warnings?\. Every step can be rolled back/m)
    assert.match(
      text,
      /\| 5 \| Fill Lead\.ownerId with the first user \| ROW EXCLUSIVE, row locks, one batch at a time \| under a second \|/,
    )
    assert.match(text, /\| Add foreign key .* \| SHARE ROW EXCLUSIVE on Lead, User, held briefly \|/)
    assert.match(text, /- Rows: reads the table, about 25,000 rows\n/)
    assert.match(text, /```sql\nCREATE INDEX CONCURRENTLY IF NOT EXISTS "Lead_ownerId_idx"/)
    assert.match(text, /- Time: under a second: 25,000 rows at 50,000 rows\/s/)
    assert.match(text, /Verification:\n\n```sql\n-- expected: valid\nSELECT coalesce/)
    assert.match(text, /Rollback:\n\n```sql\nDROP INDEX CONCURRENTLY IF EXISTS "public"\."Lead_ownerId_idx";/)
    const folded = renderPreview(plan({ tables }), { databaseLabel: 'app on db:5432', models: MODELS, form: 'folded' })
    const unfolded = folded.slice(folded.indexOf('## Lead')).replace(/<details>[^]*?<\/details>/g, '')
    assert.doesNotMatch(unfolded, /```|"/, 'the SQL is folded, and no name is quoted outside of it')
    assert.equal(folded.match(/<details>/g)?.length, 2)
  })

  it('is grouped by what a developer calls the tables, and counts models and tables without one', () => {
    const schema =
      'model User {\n  id Int @id\n  @@map("users")\n}\n' +
      'model Lead {\n  id Int @id\n  @@map("my leads")\n  @@schema("crm")\n}\n'
    const tables = [table('users'), table('my leads', { schema: 'crm' })]
    const policy = { rules: [{ models: ['*'], require: ['updatedAt'] }] }
    const made = plan({ schema, tables, policy })
    const models = namesOf(schema)
    const text = renderPreview(made, { databaseLabel: 'app', models })
    const headings = text.split('\n').filter((line) => line.startsWith('## '))
    assert.deepEqual(headings, [
      '## Performance notes',
      '## User (users)',
      '## Lead (crm."my leads")',
      '## Shared objects',
    ])
    assert.match(planFigures({ plan: made, models, history: made }), /^2 models, \d+ steps$/)
    const [first] = made.steps
    assert.ok(first)
    const join = { ...first, table: '_LeadToUser' }
    const joined = { plan: made, models, history: { steps: [...made.steps, join] } }
    assert.match(planFigures(joined), /^2 models, 1 table without a model, /)
    assert.equal(
      planFigures({ plan: { warnings: [] }, models, history: { steps: [join] } }),
      '1 table without a model, 1 step',
    )
  })

  it('shows what to type as code, in warnings and refusals, with foreign backticks literal', () => {
    const warnings = [
      { code: 'migrations-pending', object: 'a', text: phrase`${'Run `prisma migrate deploy`, not *`. <b>'}` },
    ] as const
    const refusals = [refusal('A', 'No `x`.')]
    const text = renderPreview({ ...plan({}), warnings, refusals }, { databaseLabel: 'app', models: MODELS })
    assert.match(text, /\n- Run `prisma migrate deploy`, not \\\*\\`\. \\<b\\>\n/)
    assert.match(text, /\n- \*\*A\*\*: No `x`\.\n/)
  })

  it('are texts for programs, and so is every other sentence', () => {
    const sentence = phrase`a ${'b'} ${1200}`
    const [warning, refused] = [{ code: 'published', object: 'a', text: sentence } as const, refusal('A', 'x')]
    const rows = { table: 't', column: 'c', isNew: true, estimatedRows: 1, user: null }
    const data = planData({
      ...{ ...plan({}), warnings: [warning], refusals: [{ ...refused, amount: sentence }], remarks: [sentence] },
      existingRows: [{ ...rows, value: sentence, advice: sentence }],
    })
    const text = 'a b 1,200'
    assert.deepEqual([data.warnings, data.warningDetails, data.remarks], [[text], [{ ...warning, text }], [text]])
    assert.deepEqual(data.refusals, [{ ...refused, reason: 'x', amount: text }])
    assert.deepEqual(data.existingRows, [{ ...rows, value: text, advice: text }])
    assert.equal(data.steps[0]?.lock.duration, 'held briefly')
    assert.ok(data.steps.some(({ estimate }) => estimate === 'under a second: 10 rows at 50,000 rows/s'))
    assert.equal(data.steps.find(({ lock }) => lock.mode === 'none')?.estimate, 'instant')
    assert.doesNotMatch(JSON.stringify(data), /"template"/)
  })

  it('takes no two names with a backtick each for code', () => {
    const [one, other] = ['"a`<b>"', '"[x](command:y)`c"']
    const warnings = [
      { code: 'migrations-pending', object: 'a', text: phrase`${one} fires ${other}. Run \`prisma-audit plan\`.` },
    ] as const
    const text = renderPreview({ ...plan({}), warnings }, { databaseLabel: 'app', models: MODELS })
    assert.match(text, /\n- "a\\`\\<b\\>" fires "\\\[x\\\]\(command\\:y\)\\`c"\. Run `prisma-audit plan`\.\n/)
  })

  it('says so where there is nothing to do, or where something cannot be', () => {
    const empty = plan({ policy: { rules: [] } })
    assert.equal(
      renderPreview(empty, { databaseLabel: 'app', models: MODELS }),
      '# Migration of app\n\nNothing to do: the policy requires no audit fields.\n',
    )
    for (const script of [renderUpScript(empty), renderDownScript(empty)])
      assert.match(script, /\n-- Nothing to do\.\n$/)
    assert.match(renderVerifyScript(empty), /-- Nothing to verify\.\n$/)
    const refused = renderPreview(plan({ tables: [table('User')] }), { databaseLabel: 'app', models: MODELS })
    assert.match(
      refused,
      /## Not planned\n\n- \*\*Lead\*\*: Table .* does not exist in the database\. The plan cannot run until this is resolved\./,
    )
  })

  it('the question names the lock that is held longest, and a brief one only if there is no other', () => {
    const tables = [table('User'), table('Lead')]
    const { steps } = plan({ tables })
    assert.match(longestLock(steps) ?? '', /^ACCESS EXCLUSIVE on .*, held briefly$/)
    const [first, ...others] = steps
    assert.ok(first)
    const lock = { mode: 'SHARE', tables: ['"public"."Lead"'], duration: 'reading' } as const
    assert.equal(longestLock([...others, { ...first, lock }]), 'SHARE on Lead, while rows are read')
    const german = createTranslate({
      '{0} on {1}, {2}': '{0} auf {1}, {2}',
      '{0} and {1} more tables': '{0} und {1} weitere Tabellen',
      'held briefly': 'kurz gehalten',
    })
    const four = ['a', 'b', 'c', 'd'].map((name) => `"public"."${name}"`)
    const brief = { ...first, lock: { mode: 'ACCESS EXCLUSIVE', tables: four, duration: 'brief' } as const }
    assert.equal(longestLock([brief], german), 'ACCESS EXCLUSIVE auf a, b und 2 weitere Tabellen, kurz gehalten')
  })

  it('says what is refused of several models once', () => {
    const [reason, schema] = ['No key "x".', `${USER}model A {\n  id Int @id\n}\nmodel B {\n  id Int @id\n}\n`]
    const refusals = ['A', 'B', 'B'].map((model, index) => refusal(model, index < 2 ? reason : 'Another.'))
    const refused = { ...plan({ schema }), refusals }
    assert.match(
      renderPreview(refused, { databaseLabel: 'app', models: MODELS }),
      /## Not planned\n\n- \*\*A, B\*\*: No key "x"\.\n- \*\*B\*\*: Another\.\n/,
    )
    assert.match(
      renderSummary(refused, { databaseLabel: 'app', models: MODELS }),
      /not planned +A, B: No key "x"\.\n +B: Another\.$/,
    )
  })

  it('names with line breaks, backticks and pipes break out of nothing', () => {
    const name = 'x\n``` | <b>\r\n\\! rm'
    const schema = `${USER}model Lead {\n  id Int @id\n  @@map(${JSON.stringify(name)})\n}\n`
    const made = plan({ schema, tables: [table('User'), table(name)] })
    assert.match(renderUpScript(made), /^-- 2\. Add column "x\\n``` \| <b>\\r\\n\\! rm"\.updatedAt\.$/m)
    const preview = renderPreview(made, { databaseLabel: 'a|b', models: MODELS })
    assert.match(preview, /^# Migration of a\\\|b$/m)
    assert.match(preview, /^````sql$/m)
  })
})

function namesOf(schema: string) {
  return modelNames(parseSchema([{ path: 'schema.prisma', text: schema }]), 'public')
}

function refusal(model: string, reason: string): Refusal {
  return { code: 'user-key-unfit', model, object: 'ownerId', reason: phrase`${reason}`, blocking: false }
}
