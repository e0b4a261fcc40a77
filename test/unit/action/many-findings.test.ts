import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { annotationsOf, logOf, type ActionFinding } from '../../../action/src/annotations'
import { commentOf } from '../../../action/src/comment'
import { mergeReports } from '../../../action/src/merge-reports'

describe('the action, of more findings than GitHub shows', () => {
  const file = 'prisma/migrations/1_all/migration.sql'
  const findings = Array.from({ length: 1000 }, (_, line): ActionFinding => {
    const place = { line, character: 0 }
    const message = `"t${line}"\n::error::forged ##[add-mask]forged`
    return {
      code: 'drop-table',
      severity: line % 2 === 0 ? 'warning' : 'hint',
      message,
      file,
      range: { start: place, end: place },
    }
  })

  it('says with the last annotation where the others are', () => {
    const annotations = annotationsOf(findings)
    assert.equal(annotations.length, 10)
    assert.equal(
      annotations.at(-1),
      `::warning title=Prisma Audit::491 more are in the job's log, under "All findings".`,
    )
  })

  it('lists all in the log, a line each, of which none is a command of the runner', () => {
    const [first, ...lines] = logOf(findings)
    assert.equal(first, '::group::All findings')
    assert.equal(lines.pop(), '::endgroup::')
    assert.equal(lines.length, 1000)
    assert.equal(lines[999], `hint drop-table ${file}:1000:1 "t999" ::error::forged # #[add-mask]forged`)
    for (const line of lines) assert.doesNotMatch(line, /^\s*::|##\[|[\r\n]/)
    assert.deepEqual(logOf([]), [])
  })

  it('merges what code scanning takes into one SARIF file, the worst first, and says so in it', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-merge-'))
    const report = (name: string, level: string, count: number, invocations: object) => {
      const results = Array.from({ length: count }, (_, at) => ({ ruleId: name, level, at }))
      const rules = [{ id: name }, { id: 'of both' }]
      const runs = [
        { tool: { driver: { rules } }, ...invocations, results: [{ ruleId: 'of both', level: 'error' }, ...results] },
      ]
      const files = { sarif: path.join(folder, `${name}.sarif`), junit: path.join(folder, `${name}.xml`) }
      fs.writeFileSync(files.sarif, JSON.stringify({ runs }))
      return files
    }
    const merge = (errors: number) => {
      const parts = [
        report('lint', 'warning', 4_000, { invocations: ['cut before'] }),
        report('check', 'error', errors, {}),
      ]
      const { sarif } = mergeReports(parts, {
        sarif: path.join(folder, 'all.sarif'),
        junit: path.join(folder, 'all.xml'),
      })
      const { runs } = JSON.parse(fs.readFileSync(sarif, 'utf8')) as {
        runs: [{ results: { level: string }[]; invocations: unknown[]; tool: { driver: { rules: unknown[] } } }]
      }
      return runs[0]
    }
    const all = merge(999)
    assert.deepEqual([all.results.length, all.invocations], [5_000, ['cut before']])
    const cut = merge(4_500)
    fs.rmSync(folder, { recursive: true })
    const errors = cut.results.filter(({ level }) => level === 'error')
    assert.deepEqual([cut.results.length, errors.length, cut.tool.driver.rules.length], [5_000, 4_501, 3])
    assert.match(JSON.stringify(cut.invocations), /the worst 5,000 findings of all commands.*cut before/)
  })

  it('names each finding in the comment that the report of the schema does not list, whatever its file', () => {
    const range = { start: { line: 2, character: 0 }, end: { line: 2, character: 5 } }
    const invalid = { severity: 'error', message: 'Not valid.', file: 'prisma-audit.json', range } as const
    const report = { findings: [], markdown: null, failed: true, files: { sarif: null, junit: null } }
    const unlisted = [
      { ...invalid, code: 'policy-invalid' },
      { ...invalid, code: 'replay-failed', file },
      { ...invalid, code: 'schema-missing', file: null, message: 'No schema.' },
    ]
    const lines = commentOf({ ...report, unlisted }, 'warning').split('\n')
    assert.deepEqual(
      lines.filter((line) => /^(###|\| error|No schema)/.test(line)),
      [
        'No schema.',
        '| error | `policy-invalid` | prisma-audit.json:3 | Not valid. |',
        '### Migrations',
        '| error | `replay-failed` | prisma/migrations/1\\_all/migration.sql:3 | Not valid. |',
      ],
    )
  })

  it('cuts the comment at a line, and says where the rest is', () => {
    const files = { sarif: null, junit: null }
    const markdown = `## Prisma Audit\n\n${'| a | 😀 row |\n'.repeat(6000)}`
    const text = commentOf({ findings, unlisted: findings, markdown, failed: false, files }, 'warning')
    assert.ok(text.length < 60_100, `${text.length}`)
    assert.match(text, /… and 450 more in the job's log \|\n/)
    assert.match(text, /\n\| a \| 😀 row \|\n\n… The rest is in the job's log\.\n$/)
  })
})
