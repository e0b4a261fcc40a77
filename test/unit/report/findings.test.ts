import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import type { Finding } from '../../../server/src/audit/finding'
import { reaches, renderFindingsJson, type CheckReport } from '../../../server/src/report/findings-json'
import { renderFindingsSarif } from '../../../server/src/report/findings-sarif'
import { renderFindingsText } from '../../../server/src/report/findings-text'

const finding: Finding = {
  code: 'column-missing',
  severity: 'warning',
  message: 'User.updatedAt has no column in the database.',
  model: 'User',
  field: 'updatedAt',
  schemaName: 'public',
  table: 'User',
  column: 'updatedAt',
  object: null,
  expected: 'timestamp(3) not null',
  actual: null,
  file: 'prisma/my schema.prisma',
  range: { start: { line: 3, character: 2 }, end: { line: 3, character: 11 } },
}

const report: CheckReport = {
  schemaFiles: ['prisma/my schema.prisma'],
  models: 2,
  database: { name: 'app', serverVersion: '15.18', tables: 0 },
  findings: [finding],
}

describe('findings are rendered', () => {
  it('as text, the place first and one-based', () => {
    assert.equal(
      renderFindingsText(report),
      [
        'prisma/my schema.prisma:4:3  warning  column-missing  User.updatedAt has no column in the database.',
        '',
        '1 warning: 2 models in 1 file, compared with the database app (PostgreSQL 15.18).',
        '',
      ].join('\n'),
    )
    assert.match(
      renderFindingsText({ ...report, database: null, findings: [] }),
      /^No findings: .*no database was compared/,
    )
  })

  it('as text, a long definition cut; as JSON whole', () => {
    const long = { ...finding, message: `The constraint "c" is CHECK (${'x OR '.repeat(1000)}).` }
    const line = renderFindingsText({ ...report, findings: [long] }).split('\n')[0]!
    assert.ok(line.length < 550 && line.endsWith(' more characters)'), line)
    assert.ok(renderFindingsJson({ ...report, findings: [long] }).includes(long.message.replaceAll('"', '\\"')))
  })

  it('as JSON, in the public form', () => {
    const document = JSON.parse(renderFindingsJson(report)) as Record<string, unknown>
    assert.deepEqual(document.summary, { error: 0, warning: 1, information: 0, hint: 0 })
    assert.deepEqual(document.findings, [finding])
    const audit = JSON.parse(renderFindingsJson({ ...report, findings: [{ ...finding, missingIn: 'both' }] })) as {
      findings: { missingIn: string }[]
    }
    assert.equal(audit.findings[0]!.missingIn, 'both')
  })

  it('as SARIF with what code scanning shows at most: the worst, and it says so', () => {
    const findings = Array.from({ length: 6000 }, (_, index) => ({
      ...finding,
      severity: index % 2 === 0 ? ('information' as const) : ('error' as const),
      message: `The column number ${String(index)} is missing. ${'x'.repeat(300)}`,
    }))
    const sarif = renderFindingsSarif({ ...report, findings }, '1.2.3')
    assert.ok(gzipSync(sarif).length < 10_000_000)
    const { runs } = JSON.parse(sarif) as {
      runs: { results: { level: string }[]; invocations: unknown }[]
    }
    const [{ results, invocations } = { results: [], invocations: null }] = runs
    assert.equal(results.length, 5000)
    assert.equal(results.filter(({ level }) => level === 'error').length, 3000)
    assert.match(JSON.stringify(invocations), /the worst 5,000 of 6,000 findings/)
  })

  it('as SARIF 2.1.0, with an encoded path and one-based columns', () => {
    const document = JSON.parse(renderFindingsSarif(report, '1.2.3')) as {
      version: string
      runs: { results: { level: string; locations: { physicalLocation: Record<string, unknown> }[] }[] }[]
    }
    assert.equal(document.version, '2.1.0')
    const [result] = document.runs[0]!.results
    assert.equal(result!.level, 'warning')
    assert.deepEqual(result!.locations[0]!.physicalLocation, {
      artifactLocation: { uri: 'prisma/my%20schema.prisma' },
      region: { startLine: 4, startColumn: 3, endLine: 4, endColumn: 12 },
    })
    for (const [file, uri] of [
      ['a: 100%/#1?/schema.prisma', 'a%3A%20100%25/%231%3F/schema.prisma'],
      ['/work/schema.prisma', 'file:///work/schema.prisma'],
      ['C:\\work\\schema.prisma', 'file:///C%3A/work/schema.prisma'],
      ['\\\\nas\\work\\schema.prisma', 'file://nas/work/schema.prisma'],
      ['1_a\n\\b \ud800/migration.sql', '1_a%0A%5Cb%20%EF%BF%BD/migration.sql'],
    ] as const) {
      const sarif = renderFindingsSarif({ ...report, findings: [{ ...finding, file }] }, '1.2.3')
      assert.ok(sarif.includes(`"uri": "${uri}"`), file)
    }
  })

  it('as SARIF without links, however a name is written', () => {
    for (const message of ['[x](command:y)', '[x\\](command:y)', '[x\\\\](command:y)', '[x]((command:y)']) {
      const sarif = renderFindingsSarif({ ...report, findings: [{ ...finding, message }] }, '1.2.3')
      const { runs } = JSON.parse(sarif) as { runs: { results: { message: { text: string } }[] }[] }
      assert.doesNotMatch(runs[0]!.results[0]!.message.text, /\]\(/)
    }
  })

  it('with what a baseline knows, and what of it is fixed', () => {
    const gone = [{ code: 'column-missing' }]
    const text = (known: number, fixed: typeof gone) =>
      renderFindingsText({ ...report, replayed: 1, baseline: { file: 'base.json', known, gone: fixed } })
    assert.match(
      text(2, gone),
      /replayed migration .*\n.*2 findings in base\.json\.\n1 finding in it is fixed: update it/,
    )
    assert.match(text(0, gone), /\n1 finding in base\.json is fixed: update it/)
    assert.doesNotMatch(text(0, []), /base\.json/)
  })

  it('and held against a threshold', () => {
    assert.equal(reaches([finding], 'warning'), true)
    assert.equal(reaches([finding], 'information'), true)
    assert.equal(reaches([finding], 'error'), false)
    assert.equal(reaches([finding], 'none'), false)
  })
})
