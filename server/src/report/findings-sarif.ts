import type { Finding, Severity } from '../audit/finding'
import type { CheckReport } from './findings-json'

/** Where each finding code is explained; the anchor is the code. */
export const FINDINGS_PAGE = 'https://github.com/prisma-audit/prisma-audit/blob/main/docs/findings.md'

const LEVELS: Record<Severity, 'error' | 'warning' | 'note'> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
}

/** `check --format sarif`: SARIF 2.1.0, for code scanning. Lines and columns are one-based there. */
export function renderFindingsSarif(report: CheckReport, toolVersion: string): string {
  const codes = [...new Set(report.findings.map((finding) => finding.code))].sort()
  const document = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'prisma-audit',
            version: toolVersion,
            rules: codes.map((code) => ({ id: code, helpUri: `${FINDINGS_PAGE}#${code}` })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: report.findings.map(sarifResult),
      },
    ],
  }
  return JSON.stringify(document, null, 2) + '\n'
}

function sarifResult(finding: Finding): object {
  return {
    ruleId: finding.code,
    level: LEVELS[finding.severity],
    message: { text: finding.message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(finding.file.replaceAll('\\', '/')) },
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
