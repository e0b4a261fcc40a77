import assert from 'node:assert/strict'
import { withLookupSchema } from '../../../server/src/migration/plan/lookup-schema'
import { renderPreview } from '../../../server/src/migration/render/preview'
import { renderSummary } from '../../../server/src/migration/render/summary'
import { renderVerificationText } from '../../../server/src/report/verification'
import type { CheckResult } from '../../../server/src/verification/model'
import { plan } from './project'

/**
 * What a plan for tens of thousands of models contains. There is no limit here but mocha's own: looking each step up
 * among all others took minutes for 5,000 models, and would take hours here.
 */
describe('a plan of a hundred thousand steps and more', () => {
  const MANY = 300_000
  const only = plan({})
  const fill = only.steps.find(({ kind }) => kind === 'populate')
  assert.ok(fill)

  it('knows which of them look names up', () => {
    const fills = Array.from({ length: MANY }, (_, place) => ({ ...fill, id: `populate:public.T${place}.ownerId` }))
    const held = { ...fill, kind: 'hold-columns' as const, id: `hold-columns:${fills.at(-1)?.id ?? ''}` }
    const looking = withLookupSchema([...fills, held], 'crm', () => false)
    assert.deepEqual(
      looking.flatMap(({ lookupSchema }, place) => (lookupSchema === undefined ? [] : [place])),
      [MANY - 1],
    )
  })

  it('is summarized', () => {
    const steps = Array.from({ length: MANY }, () => ({ ...fill, estimatedRows: 10 }))
    assert.match(renderSummary({ ...only, steps }, { databaseLabel: 'app', models: new Map() }), /about 10 rows/)
  })

  it('is shown without its SQL in an editor, but not in a terminal', () => {
    const steps = Array.from({ length: 20_001 }, () => ({ ...fill, up: ['SELECT 1'], down: [], verify: [] }))
    const [open, folded, short] = [
      renderPreview({ ...only, steps }, { databaseLabel: 'app', models: new Map() }),
      renderPreview({ ...only, steps }, { databaseLabel: 'app', models: new Map(), form: 'folded' }),
      renderPreview({ ...only, steps: steps.slice(1) }, { databaseLabel: 'app', models: new Map(), form: 'folded' }),
    ]
    const counts = [open, folded, short].map((text) => [
      text.split(/\n\| \d+ \| /).length - 1,
      text.split('```sql\nSELECT 1;\n```').length - 1,
    ])
    assert.deepEqual(counts, [
      [20_001, 20_001],
      [20_001, 0],
      [20_000, 20_000],
    ])
    assert.match(folded, /\n\nThe plan is too long to show its SQL here\. In a terminal, `prisma-audit plan` prints it/)
    assert.doesNotMatch(open + short, /too long/)
  })

  it('is verified in one table', () => {
    const { checks } = only
    const results = Array.from({ length: MANY / 3 }, (_, place): CheckResult => {
      const check = checks[place % checks.length]
      assert.ok(check)
      return { check, outcome: 'pass', found: check.expected }
    })
    const report = { database: 'app', results, passed: results.length, failed: 0, skipped: 0 }
    assert.equal(
      renderVerificationText(report, 'failed')
        .trimEnd()
        .split(/PASS\n?/).length,
      results.length + 1,
    )
  })
})
