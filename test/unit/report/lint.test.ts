import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { renderLintGitlab, renderLintJunit, renderLintSarif, type LintReport } from '../../../server/src/report/lint'

const start = { line: 0, character: 0 }
const finding = {
  code: 'migration-edited',
  severity: 'error',
  message: 'This migration is edited.',
  advice: 'Restore it.',
  fix: null,
  file: 'prisma/migrations/1_a "b"\n<c>/migration.sql',
  range: { start, end: start },
} as const
const report: LintReport = { scripts: [], settled: 0, database: null, findings: [finding, finding] }

describe('findings of migrations are rendered', () => {
  it("as GitLab's code quality report: what it requires of each, and no fingerprint twice", () => {
    const entries = JSON.parse(renderLintGitlab(report)) as { fingerprint: string }[]
    const [{ fingerprint, ...entry } = { fingerprint: '' }, second] = entries
    assert.deepEqual(entry, {
      description: 'This migration is edited. Restore it.',
      check_name: 'migration-edited',
      severity: 'critical',
      location: { path: finding.file, lines: { begin: 1 } },
    })
    assert.notEqual(fingerprint, second?.fingerprint)
  })

  it('as SARIF, in which each rule has the page that describes it', () => {
    const folder = { ...finding, code: 'migrations-path-unknown', severity: 'information' } as const
    const { runs } = JSON.parse(renderLintSarif({ ...report, findings: [finding, folder] }, '1')) as {
      runs: [{ tool: { driver: { rules: { helpUri: string }[] } } }]
    }
    const pages = runs[0].tool.driver.rules.map(({ helpUri }) => /docs\/.*/.exec(helpUri)?.[0] ?? '')
    assert.deepEqual(pages, ['docs/lint.md#migration-edited', 'docs/findings.md#migrations-path-unknown'])
    for (const page of pages) {
      const [file = '', anchor = ''] = page.split('#')
      assert.match(fs.readFileSync(path.join(__REPOSITORY__, file), 'utf8'), new RegExp(`^### ${anchor}$`, 'm'))
    }
  })

  it('as JUnit, a failed case each, and one that passes where there is none', () => {
    assert.match(
      renderLintJunit(report),
      /<testsuite name="prisma-audit lint" tests="2" failures="2" errors="0">\n.*name="migration-edited [^"<]*&lt;c&gt;/,
    )
    assert.match(
      renderLintJunit({ ...report, findings: [] }),
      /tests="1" failures="0" errors="0">[^]*name="migrations"\/>/,
    )
  })
})
