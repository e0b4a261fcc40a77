import type { Finding, Severity } from '../audit/finding'
import { jsonDocument, type DataText } from '../text/data-text'
import { lineOf } from '../text/safe-text'
import type { CheckReport } from './findings-json'

/** Where each finding code is explained; the anchor is the code. */
export const FINDINGS_PAGE = 'https://github.com/prisma-audit/prisma-audit/blob/main/docs/findings.md'

const LEVELS: Record<Severity, 'error' | 'warning' | 'note'> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
}

/** `check --format sarif`. */
export function renderFindingsSarif(report: CheckReport, toolVersion: string): DataText {
  return renderSarif(report.findings, FINDINGS_PAGE, toolVersion)
}

/** What of a finding goes into SARIF. */
export type SarifFinding = Pick<Finding, 'severity' | 'message' | 'file' | 'range'> & { readonly code: string }

/** SARIF 2.1.0, for code scanning. Lines and columns are one-based there. Each code has a section in the page. */
export function renderSarif(findings: readonly SarifFinding[], page: string, toolVersion: string): DataText {
  const codes = [...new Set(findings.map((finding) => finding.code))].sort()
  const document = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'prisma-audit',
            version: toolVersion,
            rules: codes.map((code) => ({ id: code, helpUri: `${page}#${code}` })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: findings.map(sarifResult),
      },
    ],
  }
  return jsonDocument(document)
}

function sarifResult(finding: SarifFinding): object {
  return {
    ruleId: finding.code,
    level: LEVELS[finding.severity],
    // Viewers make links of `[text](target)`.
    message: { text: lineOf(finding.message).replaceAll('](', '\\](') },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(lineOf(finding.file).replaceAll('\\', '/')) },
          region: {
            startLine: finding.range.start.line + 1,
            startColumn: finding.range.start.character + 1,
            endLine: finding.range.end.line + 1,
            endColumn: finding.range.end.character + 1,
          },
        },
      },
    ],
  }
}
