import { phrase } from '../../../server/src/text/phrase'
import assert from 'node:assert/strict'
import { renderCoveragePage } from '../../../client/src/coverage/coverage-page'
import type { ListedBackup } from '../../../server/src/backup/manifest/list-backups'
import { coverageWords } from '../../../server/src/report/coverage-words'
import { quoteIdentifier, quoteQualified } from '../../../server/src/database/quote'
import type { Coverage } from '../../../server/src/editor/coverage'
import { messageLine } from '../../../server/src/errors'
import type { Plan } from '../../../server/src/migration/model'
import type { renderPreview } from '../../../server/src/migration/render/preview'
import type { RehearsalReport } from '../../../server/src/migration/rehearsal/model'
import type { CheckReport } from '../../../server/src/report/findings-json'
import type * as lint from '../../../server/src/report/lint'
import type { renderEditsAsDiff } from '../../../server/src/terminal/edits-as-diff'
import { inEnglish } from '../../../server/src/text/translate'
import type { VerificationReport } from '../../../server/src/verification/model'
import { HOSTILE } from '../../support/hostile-text'
import { plan, table, USER } from '../migration/project'

/** A name, a comment or a message: with everything that any of the outputs could obey, and far too long. */
export const NASTY = [
  HOSTILE,
  '\n\n# Heading\n```\n~~~\n| a | b |\n<img src=x onerror=1> <!-- --> ]]> </text> &lt; {0} {1} %0A',
  '\n::error file=a::forged ##[add-mask]x ##vso[a]b ##teamcity[a]',
  '\n@octocat @a/team #1 owner/repo#2 https://x.example www.x.example ![x](y) $(zap) "\'\\ -- */ /* $$',
  '\u2028\u200b\u00ad\ufeff\u{e0041}\u009b2J',
  'x'.repeat(10_000),
].join('')

export const SQL = `SELECT ${quoteIdentifier(NASTY)}`

export function checkReport(): CheckReport {
  const place = { line: 3, character: 2 }
  const finding = {
    code: 'column-missing',
    severity: 'warning',
    message: NASTY,
    model: NASTY,
    field: NASTY,
    schemaName: NASTY,
    table: NASTY,
    column: NASTY,
    object: NASTY,
    expected: NASTY,
    actual: NASTY,
    file: NASTY,
    range: { start: place, end: place },
  } as const
  return {
    schemaFiles: [NASTY],
    models: 1,
    database: { name: NASTY, serverVersion: '15.18', tables: 1 },
    findings: [finding, { ...finding, severity: 'hint' }],
    baseline: { file: NASTY, known: 2, gone: [{ code: 'column-missing', file: NASTY, message: NASTY }] },
  } as unknown as CheckReport
}

export function coverage(): Coverage {
  const range = checkReport().findings[0]!.range
  const cell = { parts: [], filledBy: [NASTY], range }
  const missing = [{ name: 'column', state: 'missing' }] as const
  return {
    fields: ['updatedAt', 'ownerId'],
    models: [
      {
        name: NASTY,
        file: NASTY,
        range,
        cells: [
          { ...cell, field: 'updatedAt', state: 'ignored', why: NASTY },
          { ...cell, field: 'ownerId', state: 'partial', why: null, parts: missing },
        ],
      },
    ],
  }
}

export function coveragePage(): string {
  const [model] = coverage().models
  const answer = {
    title: NASTY,
    summary: NASTY,
    notes: [NASTY],
    counts: [{ state: 'ignored', symbol: '–', count: 1, label: NASTY }],
    words: { ...coverageWords(inEnglish), ignored: NASTY },
    fields: ['updatedAt'],
    models: [
      {
        name: model!.name,
        uri: NASTY,
        line: 1,
        cells: [{ state: 'ignored', symbol: '–', parts: [], detail: NASTY, line: 1 }],
      },
    ],
    markdown: '',
    svg: '',
  } as const
  const safe = JSON.parse(JSON.stringify(answer), (_, value: unknown) =>
    // As the server sends it: one line each.
    typeof value === 'string' ? messageLine(new Error(value)) : value,
  ) as Parameters<typeof renderCoveragePage>[0]
  return renderCoveragePage(safe, { t: inEnglish, language: 'en', nonce: 'n', schemaUri: 'file:///a' })
}

export function lintReport(): lint.LintReport {
  const { range } = checkReport().findings[0]!
  const finding = { code: 'drop-table', severity: 'warning', message: NASTY, advice: NASTY, fix: null, range } as const
  return {
    scripts: [NASTY],
    settled: 1,
    database: { name: NASTY, serverVersion: '15.18' },
    findings: [{ ...finding, file: NASTY }],
  }
}

export function verificationReport(): VerificationReport {
  const check = {
    title: NASTY,
    sql: SQL,
    expected: NASTY,
    mode: 'read',
    subject: { id: NASTY, model: NASTY, field: NASTY },
  } as const
  const results = (['pass', 'fail', 'skipped'] as const).map((outcome) => ({ check, outcome, found: NASTY }))
  return { database: NASTY, results, passed: 1, failed: 1, skipped: 1 }
}

export function hostilePlan(name: string): Plan {
  const schema = `${USER}model Lead {\n  id Int @id\n  @@map(${JSON.stringify(name)})\n}\n`
  const made = plan({ schema, tables: [table('User'), table(name)] })
  assert.ok(made.steps.length > 5, JSON.stringify(made.refusals).slice(0, 500))
  const refusal = {
    code: 'user-key-unfit',
    model: NASTY,
    object: NASTY,
    reason: phrase`${NASTY}`,
    blocking: false,
  } as const
  const warning = { ...made.warnings[0], text: phrase`${NASTY}` } as Plan['warnings'][number]
  return { ...made, refusals: [refusal], warnings: [warning], remarks: [phrase`${NASTY}`] }
}

export function previewOptions(): Parameters<typeof renderPreview>[1] {
  return {
    databaseLabel: NASTY,
    models: new Map([[quoteQualified('public', NASTY), NASTY]]),
    scope: NASTY,
    history: { form: 'prisma', folder: NASTY, migrations: [NASTY], steps: hostilePlan(NASTY).steps },
    lint: [
      {
        code: 'drop-table',
        severity: 'warning',
        message: NASTY,
        advice: NASTY,
        phrases: [phrase`${NASTY}`],
        step: NASTY,
      },
    ],
    rehearsal: rehearsal(),
  }
}

export function rehearsal(): RehearsalReport {
  const statement = { sql: SQL, locks: [{ table: NASTY, mode: 'SHARE' }], rewrites: [NASTY] }
  const claimed = { mode: 'SHARE', tables: [NASTY], rewrites: true }
  const [up, down] = [[statement], [statement]]
  return {
    outcome: 'failed',
    place: { kind: 'scratch', label: phrase`${NASTY}`, serverVersion: '15' },
    databaseVersion: '15',
    structure: { loaded: 1, notLoaded: [{ name: NASTY, reason: NASTY }] },
    rows: [{ table: NASTY, rows: 1, reason: null }],
    steps: [{ id: 'a', title: NASTY, outcome: 'failed', claimed, up, down }],
    passes: [{ name: 'up', outcome: 'failed', milliseconds: 1 }],
    checks: [],
    wayBack: { difference: { object: NASTY, before: SQL, after: SQL } },
    failures: [{ kind: 'statement', pass: 'up', stepId: 'a', message: phrase`${NASTY}`, sql: SQL }],
    notProven: [phrase`${NASTY}`],
    milliseconds: { startUp: 1, dump: 1, rehearsal: 1, total: 1 },
  }
}

export function edits(): Parameters<typeof renderEditsAsDiff>[0] {
  const { range } = checkReport().findings[0]!
  return [{ file: 'a', range, newText: NASTY }]
}

export function backups(): ListedBackup[] {
  const backup = { path: `/b/${NASTY.replaceAll('/', '')}`, bytes: 1, createdAt: '2026-01-01T00:00:00Z', sha256: null }
  return [{ ...backup, manifest: null, problem: phrase`${NASTY}` }]
}
