import { inEnglish, type Translate } from '../text/translate'
import type { CheckResult, VerificationReport } from '../verification/model'
import { jsonDocument, xmlAttribute, xmlText, type DataText } from '../text/data-text'
import { junitDocument } from './findings-junit'
import { joinTexts, lineOf, LIMITS, sqlToRead, text, textOf, type SafeText } from '../text/safe-text'

export const OUTCOME_WORDS = { pass: 'PASS', fail: 'FAIL', skipped: 'SKIP' } as const

/**
 * The verification for a person: a table of check, expected, found and outcome, then the SQL of all checks or of failed
 * ones.
 */
export function renderVerificationText(report: VerificationReport, queries: 'all' | 'failed'): SafeText {
  const rows = report.results.map((result, index) => [
    String(index + 1),
    result.check.title,
    result.check.expected,
    result.found,
    OUTCOME_WORDS[result.outcome],
  ])
  const statements = report.results.flatMap((result, index) => {
    if (queries === 'failed' && result.outcome !== 'fail') return []
    return [joinTexts([lineOf(`-- ${index + 1}. ${result.check.title}`), sqlToRead(runnable(result))])]
  })
  return joinTexts([
    joinTexts(
      [
        text`Verification of ${report.database}: ${outcomesOf(report)}`,
        ...(rows.length === 0 ? [] : [renderTable(['#', 'check', 'expected', 'found', 'result'], rows)]),
        ...(statements.length === 0 ? [] : [text`The queries, to run again in psql:`]),
        ...statements,
      ],
      '\n\n',
    ),
    text``,
  ])
}

/** `15 passed, 0 failed`. */
export function outcomesOf(report: VerificationReport, t: Translate = inEnglish): string {
  return [
    t('{0} passed', report.passed),
    t('{0} failed', report.failed),
    ...(report.skipped > 0 ? [t('{0} skipped', report.skipped)] : []),
    ...(report.notProven === undefined ? [] : [t('{0} of them not proven', report.notProven)]),
  ].join(', ')
}

/** A live test writes, so it must be run as we ran it: inside a transaction that is rolled back. */
export function runnable(result: CheckResult): string {
  const sql = result.check.sql.trim().replace(/;$/, '')
  return result.check.mode === 'transaction' ? `BEGIN;\n${sql};\nROLLBACK;` : `${sql};`
}

/** The maximum widths in characters of the columns #, check, expected, found and result: a panel shows about 110. */
const WIDEST = [4, 42, 28, 28, 6]

function widestOf(column: number): number {
  return WIDEST[column] ?? 28
}

/**
 * Columns as wide as their widest line, within their limits, and a rule below the head; long cells wrap. A name longer
 * than its column moves the rest of its own line only: as wide as the longest name of hundreds, no row would fit.
 */
function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): SafeText {
  const wrapped = [head, ...rows].map((row) => row.map((cell, column) => wrap(cell, widestOf(column))))
  const widths = head.map((_, column) =>
    wrapped
      .flatMap((row) => (row[column] ?? []).map(widthOf))
      .reduce((widest, width) => Math.min(Math.max(widest, width), widestOf(column)), 0),
  )
  const lines = (row: readonly (readonly string[])[]): string[] => {
    const height = Math.max(...row.map((cell) => cell.length))
    return Array.from({ length: height }, (_, line) =>
      row
        .map((cell, column) => padded(cell[line] ?? '', widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
  }
  const [first = [], ...others] = wrapped
  const rule = widths.map((width) => ['-'.repeat(width)])
  return textOf([first, rule, ...others].flatMap(lines))
}

/** Breaks at spaces; a long word is not broken, so that it can be copied. */
function wrap(cell: string, widest: number): string[] {
  const lines: string[] = []
  for (const word of lineOf(cell.replace(/\s+/g, ' '), LIMITS.finding).split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && widthOf(last) + 1 + widthOf(word) <= widest) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

function padded(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - widthOf(cell)))
}

/** Characters as a person counts them, so that a name with accents or an emoji does not shift its row. */
function widthOf(cell: string): number {
  return PLAIN.test(cell) ? cell.length : [...SEGMENTER.segment(cell)].length
}

/** Printable ASCII: each is a character of its own. */
const PLAIN = /^[ -~]*$/

const SEGMENTER = new Intl.Segmenter()

/** `verify --format json`: the public format, version 1. */
export function renderVerificationJson(report: VerificationReport): DataText {
  const document = {
    formatVersion: 1,
    database: report.database,
    checks: report.results.map((result) => ({
      id: result.check.subject?.id ?? null,
      model: result.check.subject?.model ?? null,
      field: result.check.subject?.field ?? null,
      title: result.check.title,
      expected: result.check.expected,
      found: result.found,
      outcome: result.outcome,
      sql: result.check.sql,
    })),
    summary: {
      passed: report.passed,
      failed: report.failed,
      skipped: report.skipped,
      ...(report.notProven === undefined ? {} : { notProven: report.notProven }),
    },
  }
  return jsonDocument(document)
}

/** `verify --format junit`: one test suite, one test case per check, for CI systems. */
export function renderVerificationJunit(report: VerificationReport): DataText {
  const cases = report.results.map((result) => {
    const name = `    <testcase classname="prisma-audit.verify" name="${xmlAttribute(result.check.title)}"`
    const detail = `expected ${result.check.expected}, found ${result.found}`
    if (result.outcome === 'pass') return `${name}/>`
    if (result.outcome === 'skipped')
      return `${name}>\n      <skipped message="${xmlAttribute(result.found)}"/>\n    </testcase>`
    return `${name}>\n      <failure message="${xmlAttribute(detail)}">${xmlText(result.check.sql)}</failure>\n    </testcase>`
  })
  const { failed: failures, skipped } = report
  return junitDocument(`prisma-audit verify ${report.database}`, cases, { failures, skipped })
}
