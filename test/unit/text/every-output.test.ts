import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { annotationsOf, logOf } from '../../../action/src/annotations'
import { commentOf } from '../../../action/src/comment'
import { renderCoveragePage } from '../../../client/src/coverage/coverage-page'
import type { ListedBackup } from '../../../server/src/backup/manifest/list-backups'
import { renderBackups } from '../../../server/src/commands/backups'
import { quoteIdentifier } from '../../../server/src/database/quote'
import type { Coverage } from '../../../server/src/editor/coverage'
import { AuditError, describeError, describeForLog, messageLine } from '../../../server/src/errors'
import { rejection } from '../../../server/src/lsp/rejection'
import type { Plan } from '../../../server/src/migration/model'
import { renderDownScript } from '../../../server/src/migration/render/down-script'
import { renderPreview } from '../../../server/src/migration/render/preview'
import { renderRehearsalText } from '../../../server/src/migration/render/rehearsal'
import { renderSummary } from '../../../server/src/migration/render/summary'
import { renderUpScript } from '../../../server/src/migration/render/up-script'
import { renderVerifyScript } from '../../../server/src/migration/render/verify-script'
import { coverageMarkdown } from '../../../server/src/report/coverage-markdown'
import { coverageSvg } from '../../../server/src/report/coverage-svg'
import { renderErrorJson } from '../../../server/src/report/error-json'
import { renderGitlab } from '../../../server/src/report/findings-gitlab'
import { renderFindingsJson, type CheckReport } from '../../../server/src/report/findings-json'
import { renderFindingsJunit } from '../../../server/src/report/findings-junit'
import { renderFindingsMarkdown } from '../../../server/src/report/findings-markdown'
import { renderFindingsSarif, renderSarif } from '../../../server/src/report/findings-sarif'
import { renderFindingsText } from '../../../server/src/report/findings-text'
import { loadSqlParser, type SqlParser } from '../../../server/src/lint/parse/sql-parser'
import * as lint from '../../../server/src/report/lint'
import * as verification from '../../../server/src/report/verification'
import { renderVerificationDocument } from '../../../server/src/report/verification-document'
import { renderEditsAsDiff } from '../../../server/src/terminal/edits-as-diff'
import { renderSmokeJson, renderSmokeText } from '../../../server/src/smoke/render-results'
import { inEnglish } from '../../../server/src/text/translate'
import type { VerificationReport } from '../../../server/src/verification/model'
import { assertHarmless, HOSTILE } from '../../support/hostile-text'
import { plan, table, USER } from '../migration/project'
import type { RehearsalReport } from '../../../server/src/migration/rehearsal/model'

/** A name, a comment or a message: with everything that any of the outputs could obey, and far too long. */
const NASTY = [
  HOSTILE,
  '\n\n# Heading\n```\n~~~\n| a | b |\n<img src=x onerror=1> <!-- --> ]]> </text> &lt; {0} {1} %0A',
  '\n::error file=a::forged ##[add-mask]x ##vso[a]b ##teamcity[a]',
  '\n@octocat @a/team #1 owner/repo#2 https://x.example www.x.example ![x](y) $(zap) "\'\\ -- */ /* $$',
  '\u2028\u200b\u00ad\ufeff\u{e0041}\u009b2J',
  'x'.repeat(10_000),
].join('')

const SQL = `SELECT ${quoteIdentifier(NASTY)}`

let parser: SqlParser

describe('hostile names in every output', () => {
  before(async () => {
    parser = await loadSqlParser()
  })

  for (const [name, output] of Object.entries(outputs())) {
    it(name, () => {
      const shown = output.make()
      assert.ok(shown.includes('xxxxxxxx') || shown.includes('more char'), 'the names reach it')
      output.rule(shown)
    })
  }

  it('none is forgotten: each function that makes text to show, anywhere in the sources, has its line here', () => {
    const sources = fs
      .readdirSync('server/src', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.startsWith('text/'))
      .map((file) => fs.readFileSync(path.join('server/src', file), 'utf8'))
    const found = sources.flatMap((source) => [...source.matchAll(MAKER)].map(([, name]) => name!))
    assert.ok(found.length > 25, String(found.length))
    assert.deepEqual(
      found.filter((name) => outputs()[name] === undefined && !ELSEWHERE.has(name)),
      [],
      'add it to outputs() below',
    )
  })
})

/** An exported function whose result is one of the types that only `text/` creates; its parameters may span lines. */
const MAKER = /^export (?:async )?function (\w+)[^{;]*?\): (?:Promise<)?(?:SafeText|SafeLine|DataText|MarkdownText)\b/gm

/** From a project on disk, run by `test/terminal/actor`; and the frame of the scripts, which takes our SQL only. */
const ELSEWHERE = new Set(['actorOffer', 'renderScript'])

interface Output {
  readonly make: () => string
  readonly rule: (shown: string) => void
}

function outputs(): Readonly<Record<string, Output>> {
  const report = checkReport()
  const scripts = lintReport()
  const verified = verificationReport()
  const [made, ordinary] = [hostilePlan(NASTY), hostilePlan('Lead')]
  const options = previewOptions()
  const failure = new AuditError('x', { what: NASTY, why: [NASTY, NASTY], nextStep: NASTY })
  const smoke = [{ name: NASTY, request: NASTY, status: null, problems: [NASTY], milliseconds: 1 }]
  const github = [...report.findings, { ...report.findings[0]!, file: null, range: null }]
  const [warning] = github
  return {
    renderFindingsText: { make: () => renderFindingsText(report), rule: isText },
    renderFindingsJson: { make: () => renderFindingsJson(report), rule: isJson },
    renderFindingsSarif: { make: () => renderFindingsSarif(report, '1'), rule: isSarif },
    renderSarif: { make: () => renderSarif(report.findings, 'https://page', '1'), rule: isSarif },
    renderFindingsJunit: { make: () => renderFindingsJunit(report), rule: isMarkup },
    renderGitlab: { make: () => renderGitlab(report.findings), rule: isGitlab },
    renderFindingsMarkdown: { make: () => renderFindingsMarkdown(report, coverage()), rule: isForGitHub },
    coverageMarkdown: { make: () => coverageMarkdown(NASTY, coverage()), rule: isForGitHub },
    coverageSvg: { make: () => coverageSvg(NASTY, coverage()), rule: isMarkup },
    renderLintText: { make: () => lint.renderLintText(scripts), rule: isText },
    renderLintJson: { make: () => lint.renderLintJson(scripts), rule: isJson },
    renderLintSarif: { make: () => lint.renderLintSarif(scripts, '1'), rule: isSarif },
    renderLintGitlab: { make: () => lint.renderLintGitlab(scripts), rule: isGitlab },
    renderLintJunit: { make: () => lint.renderLintJunit(scripts), rule: isMarkup },
    renderVerificationText: { make: () => verification.renderVerificationText(verified, 'all'), rule: isText },
    renderVerificationJson: { make: () => verification.renderVerificationJson(verified), rule: isJson },
    renderVerificationJunit: { make: () => verification.renderVerificationJunit(verified), rule: isMarkup },
    renderVerificationDocument: { make: () => renderVerificationDocument(verified), rule: isMarkdown },
    renderErrorJson: { make: () => renderErrorJson(failure), rule: isJsonOfText },
    describeError: { make: () => describeError(failure) + describeError(new Error(NASTY)), rule: isText },
    describeForLog: { make: () => describeForLog(new Error('a', { cause: failure })), rule: isText },
    messageLine: { make: () => messageLine(new Error(NASTY)), rule: isLine },
    rejection: { make: () => rejection(inEnglish, { message: NASTY, file: NASTY, line: 1 }), rule: isLine },
    renderSmokeText: { make: () => renderSmokeText(smoke), rule: isText },
    renderSmokeJson: { make: () => renderSmokeJson(smoke), rule: isJson },
    renderBackups: { make: () => renderBackups(NASTY, backups(), new Date()), rule: isText },
    renderPreview: { make: () => renderPreview(made, options), rule: isMarkdown },
    renderSummary: { make: () => renderSummary(made, options), rule: isText },
    renderRehearsalText: { make: () => renderRehearsalText(rehearsal()), rule: isText },
    renderEditsAsDiff: {
      make: () =>
        renderEditsAsDiff(
          edits(),
          () => NASTY,
          () => NASTY,
        ),
      rule: isText,
    },
    renderUpScript: { make: () => renderUpScript(made), rule: isLike(renderUpScript(ordinary)) },
    renderDownScript: { make: () => renderDownScript(made), rule: isLike(renderDownScript(ordinary)) },
    renderVerifyScript: { make: () => renderVerifyScript(made), rule: isLike(renderVerifyScript(ordinary)) },
    'the action: annotations': { make: () => annotationsOf([warning!]).join('\n'), rule: isForRunner },
    'the action: log': { make: () => logOf(github).join('\n'), rule: isForRunner },
    'the action: comment and summary': {
      make: () =>
        commentOf(
          {
            findings: github,
            unlisted: [...github, { ...warning!, file: 'migration.sql' }, { ...warning!, file: `${NASTY}.sql` }],
            markdown: renderFindingsMarkdown(report, coverage()),
            failed: true,
            files: { sarif: null, junit: null },
          },
          'warning',
        ),
      rule: isForGitHub,
    },
    'the page of the coverage': { make: coveragePage, rule: isPage },
  }
}

function isText(shown: string): void {
  assertHarmless(shown)
  assert.doesNotMatch(shown, /^\s*(?:::|# Heading|\| a \|)/m)
  assert.doesNotMatch(shown, /##\w*\[/)
}

function isLine(shown: string): void {
  isText(shown)
  assert.doesNotMatch(shown, /\n/)
  assert.ok(shown.length < 5000, String(shown.length))
}

function isJson(shown: string): void {
  assertHarmless(shown)
  assert.ok(JSON.stringify(JSON.parse(shown)).includes(JSON.stringify(NASTY).slice(1, 30)), 'the data is exact')
}

/** An error's parts are sentences. */
function isJsonOfText(shown: string): void {
  assertHarmless(shown)
  const { error } = JSON.parse(shown) as { error: Record<string, unknown> }
  for (const part of Object.values(error)) if (typeof part === 'string') isText(part)
}

function isSarif(shown: string): void {
  assertHarmless(shown)
  const { runs } = JSON.parse(shown) as { runs: [{ results: { message: { text: string } }[] }] }
  for (const { message } of runs[0].results) {
    isLine(message.text)
    assert.doesNotMatch(message.text, /\]\(/)
  }
}

function isGitlab(shown: string): void {
  assertHarmless(shown)
  for (const { description } of JSON.parse(shown) as { description: string }[]) isLine(description)
}

/** Without what is literal: code and what a backslash escapes. */
function isMarkdown(shown: string, lines = { linesAreOurs: true }): void {
  assertHarmless(shown, lines)
  const markup = shown
    .replace(/^(`{3,})(?:sql)?\n[^]*?\n\1$/gm, '')
    .replace(/\\[^\n]/g, '')
    .replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, '')
    .replace(/<(\/?)(?:details|summary)>/g, '')
    .replace(/^<!-- prisma-audit -->$/m, '')
  assert.doesNotMatch(markup, /<[a-z!/]|\]\(|\]\[|&lt;|https?:|www\.|^# Heading|^~~~/im)
  assert.ok(markup.includes('…') || shown.includes('more char'))
}

/** There, names also mention people and refer to issues, which an invisible character of ours prevents. */
function isForGitHub(shown: string): void {
  const ours = shown.startsWith('<!--') ? { linesAreOurs: false } : { linesAreOurs: true }
  isMarkdown(shown.replace(/(?<=[@#])\u200b/g, ' '), ours)
  const outside = shown.replace(/(`+)(?!`).*?(?<!`)\1(?!`)/gs, '')
  assert.doesNotMatch(outside, /(?<!\w)@\w|#\d/)
}

/** A command of GitHub's runner is ours, one a line; nothing in it is obeyed by a terminal. */
function isForRunner(shown: string): void {
  assertHarmless(shown)
  assert.doesNotMatch(shown, /##\w*\[/)
  const commands = shown.split('\n').filter((line) => line.startsWith('::'))
  for (const command of commands) assert.match(command, /^::(?:warning (?:\w+=[^:,]*,?)+::|group::|endgroup::)/)
}

/** Well-formed: each tag is one that we write, and each ampersand begins a reference. */
function isMarkup(shown: string): void {
  assertHarmless(shown, { linesAreOurs: !shown.includes('SELECT') })
  const tags = [...shown.matchAll(/<[^>]*>/g)].map(([tag]) => tag)
  const allowed =
    /^<(?:\?xml|\/?(?:testsuites?|testcase|failure|skipped|svg|title|desc|rect|text))(?: [\w:-]+="[^"<]*")*\s*[/?]?>$/
  for (const tag of tags) assert.match(tag, allowed)
  const between = shown.replace(/<[^>]*>/g, '')
  assert.doesNotMatch(between, /[<>]|&(?!(?:amp|lt|gt|quot|#\d+);)/)
}

function isPage(shown: string): void {
  assertHarmless(shown)
  const body = shown.replace(/<(script|style)\b[^]*?<\/\1>/g, '')
  assert.doesNotMatch(body, /<(?:img|text|b\s|!-- -->)|onerror=1>|&lt;/)
}

/** The same statements as of an ordinary name, and the same commands of psql: no name ends a comment, a name or a value. */
function isLike(ordinary: string): (shown: string) => void {
  return (shown) => {
    assert.deepEqual(outline(shown), outline(ordinary))
  }
}

function outline(script: string): unknown {
  const commands = script.match(/^\\.*$/gm) ?? []
  return [
    commands,
    parser.parse(script.replace(/^\\.*$/gm, ';').replace(VARIABLE, '')).map((node) => Object.keys(node)),
  ]
}

/** The colon of psql's `:name` and `:'name'`. */
const VARIABLE = /(?<![:\w]):(?=['a-z])/g

function checkReport(): CheckReport {
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

function coverage(): Coverage {
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

function coveragePage(): string {
  const [model] = coverage().models
  const answer = {
    title: NASTY,
    summary: NASTY,
    notes: [NASTY],
    counts: [],
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

function lintReport(): lint.LintReport {
  const { range } = checkReport().findings[0]!
  const finding = { code: 'drop-table', severity: 'warning', message: NASTY, advice: NASTY, fix: null, range } as const
  return {
    scripts: [NASTY],
    settled: 1,
    database: { name: NASTY, serverVersion: '15.18' },
    findings: [{ ...finding, file: NASTY }],
  }
}

function verificationReport(): VerificationReport {
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

function hostilePlan(name: string): Plan {
  const schema = `${USER}model Lead {\n  id Int @id\n  @@map(${JSON.stringify(name)})\n}\n`
  const made = plan({ schema, tables: [table('User'), table(name)] })
  assert.ok(made.steps.length > 5, JSON.stringify(made.refusals).slice(0, 500))
  const refusal = { code: 'user-key-unfit', model: NASTY, object: NASTY, reason: NASTY, blocking: false } as const
  const warning = { ...made.warnings[0], text: NASTY } as Plan['warnings'][number]
  return { ...made, refusals: [refusal], warnings: [warning], remarks: [NASTY] }
}

function previewOptions(): Parameters<typeof renderPreview>[1] {
  return {
    databaseLabel: NASTY,
    scope: NASTY,
    history: { form: 'prisma', folder: NASTY, migrations: [NASTY] },
    lint: [{ code: 'drop-table', severity: 'warning', message: NASTY, advice: NASTY, step: NASTY }],
    rehearsal: rehearsal(),
  }
}

function rehearsal(): RehearsalReport {
  const statement = { sql: SQL, locks: [{ table: NASTY, mode: 'SHARE' }], rewrites: [NASTY] }
  const claimed = { mode: 'SHARE', tables: [NASTY], rewrites: true }
  const [up, down] = [[statement], [statement]]
  return {
    outcome: 'failed',
    place: { kind: 'scratch', label: NASTY, serverVersion: '15' },
    databaseVersion: '15',
    structure: { loaded: 1, notLoaded: [{ name: NASTY, reason: NASTY }] },
    rows: [{ table: NASTY, rows: 1, reason: null }],
    steps: [{ id: 'a', title: NASTY, outcome: 'failed', claimed, up, down }],
    passes: [{ name: 'up', outcome: 'failed', milliseconds: 1 }],
    checks: [],
    wayBack: { difference: { object: NASTY, before: SQL, after: SQL } },
    failures: [{ kind: 'statement', pass: 'up', stepId: 'a', message: NASTY, sql: SQL }],
    notProven: [NASTY],
    milliseconds: { startUp: 1, dump: 1, rehearsal: 1, total: 1 },
  }
}

function edits(): Parameters<typeof renderEditsAsDiff>[0] {
  const { range } = checkReport().findings[0]!
  return [{ file: 'a', range, newText: NASTY }]
}

function backups(): ListedBackup[] {
  const backup = { path: `/b/${NASTY.replaceAll('/', '')}`, bytes: 1, createdAt: '2026-01-01T00:00:00Z', sha256: null }
  return [{ ...backup, manifest: null, problem: NASTY }]
}
