import { MIGRATIONS_FOLDER_CODES, type MigrationsFolderCode } from '../audit/finding'
import type { DatabaseModel } from '../database/model'
import type { LintCode } from '../lint/codes'
import type { PlacedLintFinding } from '../lint/place-findings'
import { jsonDocument, type DataText } from '../text/data-text'
import { DOCUMENTATION } from '../text/documentation'
import { inPlainEnglish } from '../text/phrase'
import { textOf, type SafeText } from '../text/safe-text'
import { renderGitlab } from './findings-gitlab'
import { countBySeverity } from './findings-json'
import { renderJunit } from './findings-junit'
import { FINDINGS_PAGE, renderSarif } from './findings-sarif'
import { counted } from '../text/amounts'

/** The input and the findings of one `lint`. Paths are as shown. */
export interface LintReport {
  readonly scripts: readonly string[]
  /** The number of scripts that were skipped because they have already run, as far as that is known. */
  readonly settled: number
  /** Null if none responded. */
  readonly database: Pick<DatabaseModel, 'name' | 'serverVersion'> | null
  readonly findings: readonly ScriptFinding[]
}

/**
 * A finding of a check of its SQL, that a migration has changed (`migration-edited`) or comes before an existing one
 * (`migration-out-of-order`), or about the folder: that it is a guess, or has files that Prisma does not run.
 */
export interface ScriptFinding extends Pick<PlacedLintFinding, 'severity' | 'message' | 'advice' | 'fix' | 'range'> {
  readonly code: LintCode | 'migration-edited' | 'migration-out-of-order' | MigrationsFolderCode
  readonly file: string
}

/** The page with a section for each code but those of the folder, which `check` has too; the anchor is the code. */
export const LINT_PAGE = `${DOCUMENTATION}/lint.md`

function pageOf(code: string): string {
  return MIGRATIONS_FOLDER_CODES.some((each) => each === code) ? FINDINGS_PAGE : LINT_PAGE
}

/** The findings for a person: one per line, starting with `file:line:column`, with the safe alternative below. */
export function renderLintText(report: LintReport): SafeText {
  const lines = report.findings.flatMap(({ file, range: { start }, severity, code, message, advice }) => [
    `${file}:${start.line + 1}:${start.character + 1}  ${severity}  ${code}  ${message}`,
    ...(advice === '' ? [] : [`    ${advice}`]),
  ])
  if (lines.length > 0) lines.push('')
  lines.push(summary(report), '')
  return textOf(lines)
}

/** `lint --format json`: the public format, version 1 (see docs/json.md). */
export function renderLintJson({ scripts, settled, database, findings }: LintReport): DataText {
  const document = {
    formatVersion: 1,
    scripts,
    settled,
    database,
    findings: findings.map(({ code, severity, message, advice, file, range, fix }) => ({
      code,
      severity,
      message,
      advice,
      fix: fix === null ? null : inPlainEnglish(fix.title),
      file,
      range,
    })),
    summary: countBySeverity(findings),
  }
  return jsonDocument(document)
}

/** `lint --format sarif`. */
export function renderLintSarif(report: LintReport, toolVersion: string): DataText {
  return renderSarif(withAdvice(report), pageOf, toolVersion)
}

/** `lint --format gitlab`. */
export function renderLintGitlab(report: LintReport): DataText {
  return renderGitlab(withAdvice(report))
}

/** `lint --format junit`. */
export function renderLintJunit(report: LintReport): DataText {
  return renderJunit(withAdvice(report), { command: 'lint', checked: 'migrations' })
}

function withAdvice({ findings }: LintReport): ScriptFinding[] {
  return findings.map((finding) => ({ ...finding, message: lintMessage(finding) }))
}

/** The reason and the safe alternative in one text. */
function lintMessage({ message, advice }: Pick<PlacedLintFinding, 'message' | 'advice'>): string {
  return advice === '' ? message : `${message} ${advice}`
}

function summary({ scripts, settled, database, findings }: LintReport): string {
  const counts = countBySeverity(findings)
  const found = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => (severity === 'information' ? `${count} information` : counted(count, severity)))
  const looked = `${counted(scripts.length, 'script')} checked`
  const why =
    database === null
      ? 'older migrations; without a database it is unknown which are applied'
      : `already applied to ${database.name}`
  const leftOut = settled === 0 ? '' : `, ${settled} skipped (${why})`
  return `${found.length === 0 ? 'No findings' : found.join(', ')}: ${looked}${leftOut}.`
}
