import { jsonDocument, type DataText } from '../text/data-text'
import type { KnownFinding } from '../audit/baseline'
import { SEVERITIES, type Finding, type Severity } from '../audit/finding'

/** The input and the findings of one check. Paths are as shown: relative to the user's folder. */
export interface CheckReport {
  readonly schemaFiles: readonly string[]
  readonly models: number
  /** `tables` is their number. */
  readonly database: { readonly name: string; readonly serverVersion: string; readonly tables: number } | null
  /** Without the findings in the baseline. */
  readonly findings: readonly Finding[]
  /** The number of migrations that built the database; omitted if it is one of the user's. */
  readonly replayed?: number
  /** Omitted if the project has none. */
  readonly baseline?: {
    readonly file: string
    /** The number of known findings. */
    readonly known: number
    /** Findings in it that no longer exist. */
    readonly gone: readonly KnownFinding[]
  }
}

/** `check --format json`: the public format, version 1 (see docs/json.md). Keys have a fixed order. */
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

/** Whether there is a finding at or above `threshold`. `none` is above everything. */
export function reaches(findings: readonly Pick<Finding, 'severity'>[], threshold: Severity | 'none'): boolean {
  if (threshold === 'none') return false
  const limit = SEVERITIES.indexOf(threshold)
  return findings.some((finding) => SEVERITIES.indexOf(finding.severity) <= limit)
}
