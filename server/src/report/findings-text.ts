import { SEVERITIES, type Finding } from '../audit/finding'
import { boundedList } from '../text/bounded-list'
import { lineOf, LIMITS, textOf, type SafeText } from '../text/safe-text'
import { countBySeverity, type CheckReport } from './findings-json'
import { counted } from '../text/amounts'

/**
 * The findings for a person, one per line, starting with `file:line:column` so that terminals and editors link it. If
 * there are more than `most`, the most severe.
 */
export function renderFindingsText(report: CheckReport, most = Infinity): SafeText {
  const lines: string[] = boundedList(worstFirst(report.findings, most).map(findingLine), most, 'findings')
  if (lines.length > 0) lines.push('')
  lines.push(summaryLine(report), ...baselineLines(report), '')
  return textOf(lines)
}

function worstFirst(findings: CheckReport['findings'], most: number): CheckReport['findings'] {
  if (findings.length <= most) return findings
  return SEVERITIES.flatMap((severity) => findings.filter((finding) => finding.severity === severity))
}

function findingLine(finding: Finding): string {
  const { line, character } = finding.range.start
  const place = `${finding.file}:${line + 1}:${character + 1}`
  return `${place}  ${finding.severity}  ${finding.code}  ${lineOf(finding.message, LIMITS.finding)}`
}

/** `2 warnings: 12 models in 1 file, compared with the database app (PostgreSQL 15.18).` */
export function summaryLine(report: CheckReport): string {
  const compared = comparedWith(report)
  const looked = `${counted(report.models, 'model')} in ${counted(report.schemaFiles.length, 'file')}, ${compared}`
  const counts = countBySeverity(report.findings)
  const found = [
    [counts.error, 'error'],
    [counts.warning, 'warning'],
    [counts.information, 'information'],
    [counts.hint, 'hint'],
  ] as const
  const words = found
    .filter(([count]) => count > 0)
    .map(([count, word]) => (word === 'information' ? `${count} information` : counted(count, word)))
  return words.length === 0 ? `No findings: ${looked}.` : `${words.join(', ')}: ${looked}.`
}

function comparedWith({ database, replayed }: CheckReport): string {
  if (database === null) return 'no database was compared'
  const server = `(PostgreSQL ${database.serverVersion})`
  return replayed === undefined
    ? `compared with the database ${database.name} ${server}`
    : `compared with ${counted(replayed, 'replayed migration')} ${server}`
}

/** What the baseline hides; nothing if there is none. */
export function baselineLines({ baseline }: CheckReport): string[] {
  if (baseline === undefined) return []
  const { file, known, gone } = baseline
  const passedOver = known === 0 ? [] : [`Not listed: ${counted(known, 'finding')} in ${file}.`]
  if (gone.length === 0) return passedOver
  const fixed = gone.length === 1 ? '1 finding in it is fixed' : `${gone.length} findings in it are fixed`
  const where = known === 0 ? fixed.replace('it', file) : fixed
  return [...passedOver, `${where}: update it with prisma-audit baseline.`]
}
