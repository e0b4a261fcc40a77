import assert from 'node:assert/strict'
import { renderCoveragePage } from '../../../client/src/coverage/coverage-page'
import { createComparisonCache } from '../../../server/src/audit/comparison-cache'
import { modelSides } from '../../../server/src/audit/model-sides'
import { parsePolicy } from '../../../server/src/audit-fields/parse-policy'
import { coverageOf, type Coverage } from '../../../server/src/editor/coverage'
import type { DatabaseModel } from '../../../server/src/database/model'
import { coverageMarkdown } from '../../../server/src/report/coverage-markdown'
import { coverageSvg } from '../../../server/src/report/coverage-svg'
import { coverageWords } from '../../../server/src/report/coverage-words'
import { inEnglish } from '../../../server/src/text/translate'
import { databaseOf, tableOf, triggerOf } from '../audit/database-builder'
import { schemaOf } from '../schema/support'

const SCHEMA = `model User {
  id    Int    @id
  updatedAt DateTime @updatedAt
}

model Lead {
  id        Int      @id
  updatedAt DateTime @updatedAt
}

/// @audit-ignore updatedAt: <b>|a log</b>
model Log {
  id Int @id
}

model Tag {
  id Int @id
}

model Other {
  id Int @id
}
`

describe('coverage', () => {
  const schema = schemaOf(SCHEMA)
  const { policy } = parsePolicy(
    '{ "rules": [{ "models": ["User", "Lead", "Log", "Tag"], "require": ["updatedAt"] }], "fields": { "updatedAt": { "index": true } } }',
  )
  const timestamp = 'updatedAt timestamp(3) without time zone not null'
  const source = `BEGIN NEW."updatedAt" := now() AT TIME ZONE 'UTC'; RETURN NEW; END`
  const index = {
    name: 'by_time',
    columns: [
      {
        column: 'updatedAt',
        expression: null,
        descending: false,
        nullsFirst: false,
        operatorClass: 'timestamp_ops',
        isDefaultOperatorClass: true,
      },
    ],
    includedColumns: [],
    unique: false,
    primary: false,
    nullsNotDistinct: false,
    method: 'btree',
    predicate: null,
    valid: true,
    constraint: null,
  }
  const database = databaseOf(
    [
      tableOf('User', [timestamp], { indexes: [index], triggers: [triggerOf('<i>keep', 'keep')] }),
      tableOf('Lead', [timestamp], { triggers: [triggerOf('keep', 'keep', { state: 'D' })] }),
      tableOf('Log', []),
      tableOf('Tag', []),
      tableOf('Other', []),
    ],
    { triggerFunctions: [{ schema: 'public', name: 'keep', language: 'plpgsql', source, comment: null, usedBy: [] }] },
  )
  const of = (live: DatabaseModel | null): Coverage => {
    const input = { schema, policy, database: live, cache: createComparisonCache() }
    return coverageOf(inEnglish, schema, policy, (model) => modelSides(model, input))
  }
  const states = ({ models }: Coverage) => models.map(({ cells }) => cells.map(({ state }) => state).join())
  const coverage = of(database)

  it('says of each model what it has, part by part, and who fills it', () => {
    assert.deepEqual(coverage.fields, ['updatedAt'])
    assert.deepEqual(states(coverage), ['complete', 'partial', 'ignored', 'missing', 'not required'])
    const [user, lead] = coverage.models.map(({ cells }) => cells[0]!)
    assert.deepEqual(user?.filledBy, [
      'trigger <i>keep on each UPDATE',
      'Prisma Client (@updatedAt) on each create and update',
    ])
    assert.equal(user.range.start.line, 2)
    assert.deepEqual(
      lead?.parts.map(({ name, state }) => `${name} ${state}`),
      ['schema present', 'column present', 'index missing', 'trigger faulty'],
    )
  })

  it('says of nothing that it is complete, or missing, where the database is not known', () => {
    assert.deepEqual(states(of(null)), ['unknown', 'unknown', 'ignored', 'missing', 'not required'])
    assert.deepEqual(coverageOf(inEnglish, schema, null, () => null).fields, [])
  })

  it('renders a table for a pull request', () => {
    assert.equal(
      coverageMarkdown('Audit <coverage>', coverage),
      `## Audit \\<coverage\\>

1 of 3 required audit fields are complete: 1 partial, 1 missing, 1 ignored.

| Model | \`updatedAt\` |
| --- | --- |
| \`User\` | ✓ complete |
| \`Lead\` | ◐ partial: index missing, trigger faulty |
| \`Log\` | ⊘ ignored: \\<b\\>\\|a log\\</b\\> |
| \`Tag\` | ✗ missing: schema missing, column missing, index missing, trigger missing |

Models without required audit fields: 1.
`,
    )
  })

  it('lets no name through as markup', () => {
    const [first] = coverage.models
    const hostile = { ...coverage, models: [{ ...first!, name: '</text><script>"|`\u001b' }] }
    const svg = coverageSvg('</title>', hostile)
    assert.ok(!svg.includes('<script') && svg.includes('&lt;script'))
    assert.match(svg, /<title>&lt;\/title&gt;<\/title>/)
    const row = coverageMarkdown('x', hostile)
      .split('\n')
      .find((line) => line.includes('script'))!
    assert.match(row, /^\| \\<\/text\\>\\<script\\>"\\\|/)
    const cell = { state: 'missing', symbol: '✗', parts: [], detail: '<img src=x>', line: 0 } as const
    const page = renderCoveragePage(
      {
        ...{ title: '</title>', summary: '<s>', notes: [], counts: [], fields: ['"><u>'], markdown: '', svg: '' },
        canCreatePolicy: false,
        words: coverageWords(inEnglish),
        models: [{ name: '<script>alert(1)</script>', uri: 'file:///x', line: 0, cells: [cell] }],
      },
      { t: inEnglish, language: 'en', nonce: 'nonce', schemaUri: '"><q>' },
    )
    assert.equal(page.match(/<script/g)?.length, 1)
    assert.doesNotMatch(page, /<img|<s>|<u>|<q>|<\/title><\/title>/)
    assert.match(page, /script-src 'nonce-nonce'/)
    assert.match(page, /<th scope="row" role="rowheader">/)
    assert.equal(page.match(/<main/g)?.length, 1)
    // The focus stays where it is when the page is created anew.
    const controls = page.match(/<(?:button|input|select)\b[^>]*>/g) ?? []
    assert.deepEqual(
      controls.filter((control) => !/ (?:id|data-cell)="/.test(control)),
      [],
    )
  })
  it('offers to create the policy instead of a table with no column', () => {
    const words = coverageWords(inEnglish)
    const empty = { title: 'x', summary: 's', counts: [], words, fields: [], markdown: '', svg: '' }
    const models = [{ name: 'User', uri: 'file:///x', line: 0, cells: [] }]
    const pageOf = (canCreatePolicy: boolean) =>
      renderCoveragePage(
        { ...empty, models, notes: ['No audit policy found.'], canCreatePolicy },
        { t: inEnglish, language: 'en', nonce: 'nonce', schemaUri: 'file:///x' },
      )
    const page = pageOf(true)
    assert.match(
      page,
      /No audit policy found\.[^]*<button type="button" data-action="createPolicy">Create Audit Policy</,
    )
    assert.doesNotMatch(page, /<table|User|data-action="svg"/)
    assert.doesNotMatch(pageOf(false), /<button/)
  })
})
