import { jsonDocument, type DataText } from '../text/data-text'
import type { KnownFinding } from '../audit/baseline'
import { SEVERITIES, type Finding, type Severity } from '../audit/finding'

/** What one check looked at and found. Paths are as they are to be shown: relative to the folder the user stands in. */
export interface CheckReport {
  readonly schemaFiles: readonly string[]
  readonly models: number
  /** `tables` counts them. */
  readonly database: { readonly name: string; readonly serverVersion: string; readonly tables: number } | null
  /** Without what the baseline knows. */
  readonly findings: readonly Finding[]
  /** How many migrations made the database; left out where it is one of the user's. */
  readonly replayed?: number
  /** Left out where the project has none. */
  readonly baseline?: {
    readonly file: string
    /** How many findings it knows. */
    readonly known: number
    /** What of it is not found any more. */
    readonly gone: readonly KnownFinding[]
  }
}

/** `check --format json`: the public form, version 1 (see docs/json.md). Keys stand in a fixed order. */
export function renderFindingsJson(report: CheckReport): DataText {
  const document = {
    formatVersion: 1,
    schema: { files: report.schemaFiles, models: report.models },
    database:
      report.database === null
        ? null
        : {
            name: report.database.name,
            serverVersion: report.database.serverVersion,
            tables: report.database.tables,
          },
    findings: report.findings.map((finding) => ({
      code: finding.code,
      severity: finding.severity,
      message: finding.message,
      model: finding.model,
      field: finding.field,
      schemaName: finding.schemaName,
      table: finding.table,
      column: finding.column,
      object: finding.object,
      expected: finding.expected,
      actual: finding.actual,
      ...(finding.missingIn === undefined ? {} : { missingIn: finding.missingIn }),
      file: finding.file,
      range: finding.range,
    })),
    summary: countBySeverity(report.findings),
    ...(report.baseline === undefined ? {} : { baseline: report.baseline }),
  }
  return jsonDocument(document)
}

export function countBySeverity(...lists: (readonly Pick<Finding, 'severity'>[])[]): Record<Severity, number> {
  const counts: Record<Severity, number> = { error: 0, warning: 0, information: 0, hint: 0 }
  for (const findings of lists) for (const { severity } of findings) counts[severity]++
  return counts
}

/** Is there a finding at `threshold` or over it? `none` is over everything. */
export function reaches(findings: readonly Pick<Finding, 'severity'>[], threshold: Severity | 'none'): boolean {
  if (threshold === 'none') return false
  const limit = SEVERITIES.indexOf(threshold)
  return findings.some((finding) => SEVERITIES.indexOf(finding.severity) <= limit)
}
