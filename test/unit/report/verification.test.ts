import assert from 'node:assert/strict'
import {
  renderVerificationJson,
  renderVerificationJunit,
  renderVerificationText,
} from '../../../server/src/report/verification'
import { renderVerificationDocument } from '../../../server/src/report/verification-document'
import type { VerificationReport } from '../../../server/src/verification/model'

const report: VerificationReport = {
  database: 'app on localhost:5432',
  results: [
    {
      check: { title: 'Zoë’s index is valid', sql: 'SELECT 1;', expected: 'valid', mode: 'read' },
      outcome: 'pass',
      found: 'valid',
    },
    {
      check: { title: 'a < b & "c"', sql: "UPDATE t SET a = '<x>'", expected: 'x', mode: 'transaction' },
      outcome: 'fail',
      found: 'y\nz',
    },
    {
      check: { title: 'live proof', sql: 'SELECT 2', expected: 'updatedAt timestamp without time zone', mode: 'read' },
      outcome: 'skipped',
      found: 'the table is empty',
    },
  ],
  passed: 1,
  failed: 1,
  skipped: 1,
}

describe('a verification is rendered', () => {
  it('as a table, and the SQL that anyone can run again', () => {
    const text = renderVerificationText(report, 'all')
    const lines = text.split('\n')
    assert.equal(lines[0], 'Verification of app on localhost:5432: 1 passed, 1 failed, 1 skipped')
    assert.deepEqual(lines.slice(2, 8), [
      '#  check                 expected                     found               result',
      '-  --------------------  ---------------------------  ------------------  ------',
      '1  Zoë’s index is valid  valid                        valid               PASS',
      '2  a < b & "c"           x                            y z                 FAIL',
      '3  live proof            updatedAt timestamp without  the table is empty  SKIP',
      '                         time zone',
    ])
    assert.match(text, /BEGIN;\nUPDATE t SET a = '<x>';\nROLLBACK;/)
    assert.match(text, /-- 1\. Zoë’s index is valid\nSELECT 1;/)
    const failed = renderVerificationText(report, 'failed')
    assert.match(failed, /to run again in psql:\n\n-- 2\. a < b & "c"\nBEGIN;/)
    assert.ok(!failed.includes('SELECT 1;'))
    const passed = { ...report, results: report.results.slice(0, 1), failed: 0, skipped: 0 }
    assert.match(renderVerificationText(passed, 'failed'), /valid +PASS\n$/)
  })

  it('as a table that one long name does not widen: only its own line is longer', () => {
    const name = 'tna_template_actions_history_updatedBy_idx'
    const [first] = report.results
    const long = {
      ...first!,
      check: { ...first!.check, title: 'x has the expected index', expected: name },
      found: name,
    }
    const lines = renderVerificationText({ ...report, results: [first!, long] }, 'failed').split('\n')
    assert.deepEqual(lines.slice(4, 6), [
      `1  Zoë’s index is valid      ${'valid'.padEnd(28)}  ${'valid'.padEnd(28)}  PASS`,
      `2  x has the expected index  ${name}  ${name}  PASS`,
    ])
  })

  it('as JSON', () => {
    const document = JSON.parse(renderVerificationJson(report)) as Record<string, unknown>
    assert.deepEqual(document.summary, { passed: 1, failed: 1, skipped: 1 })
  })

  it('as a document, by model, what failed first', () => {
    const [index, other] = report.results
    const subject = { id: 'a*b/index', model: 'a*b', field: null }
    const results = [other!, { ...index!, check: { ...index!.check, subject } }]
    const document = renderVerificationDocument({ ...report, results })
    assert.deepEqual(
      document.split('\n').filter((line) => /^(#|\d+\.|\| [A-Z]|<)/.test(line)),
      [
        '# Verification of app on localhost:5432',
        '## Failed',
        '| FAIL | 1 | a \\< b & "c" | x | y\\\\nz |',
        '## a\\*b: 1 passed',
        '| PASS | 2 | Zoë’s index is valid | valid | valid |',
        '<details><summary>SQL to run again in psql</summary>',
        '2. Zoë’s index is valid',
        '</details>',
        '## Other objects: 1 failed',
        '| FAIL | 1 | a \\< b & "c" | x | y\\\\nz |',
        '<details><summary>SQL to run again in psql</summary>',
        '1. a \\< b & "c"',
        '</details>',
      ],
    )
  })

  it('as JUnit, escaped', () => {
    const xml = renderVerificationJunit(report)
    assert.match(
      xml,
      /<testsuites tests="3" failures="1" errors="0">\n {2}<testsuite name="prisma-audit verify app on localhost:5432" tests="3" failures="1" errors="0" skipped="1">/,
    )
    assert.match(xml, /name="a &lt; b &amp; &quot;c&quot;"/)
    assert.ok(!xml.includes('<x>'))
  })
})
