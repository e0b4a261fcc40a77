import assert from 'node:assert/strict'
import { verificationOutcome } from '../../../server/src/commands/verify'
import { renderPreview } from '../../../server/src/migration/render/preview'
import { renderVerificationText } from '../../../server/src/report/verification'
import type { CheckResult, VerificationReport } from '../../../server/src/verification/model'
import { plan } from '../migration/project'

describe('a verification that proves nothing', () => {
  const report = (outcomes: readonly CheckResult['outcome'][], notProven?: number): VerificationReport => {
    const count = (wanted: CheckResult['outcome']) => outcomes.filter((outcome) => outcome === wanted).length
    const results = outcomes.map((outcome, index) => ({
      check: { title: `check ${String(index)}`, sql: 'SELECT 1', expected: '1', mode: 'read' as const },
      outcome,
      found: outcome === 'skipped' ? 'the table has no row' : '1',
    }))
    const counts = { passed: count('pass'), failed: count('fail'), skipped: count('skipped') }
    return { database: 'app', results, ...counts, ...(notProven === undefined ? {} : { notProven }) }
  }
  const told = (given: VerificationReport) => {
    const { status, message } = verificationOutcome(given)
    return [status, message]
  }

  it('is no success, and says why: no checks, or none that could be asked', () => {
    assert.deepEqual(told(report([])), [
      'findings',
      'Nothing was verified: no table can have the audit fields that the policy requires. `prisma-audit plan` shows why.',
    ])
    assert.deepEqual(told(report(['skipped', 'skipped'])), [
      'findings',
      'Nothing was verified: 2 skipped: the table has no row.',
    ])
    assert.deepEqual(told(report(['pass', 'skipped'])), [
      'done',
      'Verified: 1 check passed, 1 skipped: the table has no row.',
    ])
    assert.deepEqual(told(report(['pass'])), ['done', 'Verified: 1 check passed.'])
    assert.deepEqual(told(report(['pass', 'pass'])), ['done', 'Verified: all 2 checks passed.'])
    assert.doesNotMatch(renderVerificationText(report([]), 'failed'), /PASS|expected/)
  })

  it('is foreseen by the plan', () => {
    const policy = { rules: [{ models: ['Zzz*'], require: ['updatedAt'] }] }
    assert.match(
      renderPreview(plan({ policy }), { databaseLabel: 'app', models: new Map() }),
      /the policy requires no audit fields/,
    )
    assert.doesNotMatch(renderPreview(plan({}), { databaseLabel: 'app', models: new Map() }), /requires no audit field/)
  })
})
