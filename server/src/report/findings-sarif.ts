import { SEVERITIES, type Finding, type Severity } from '../audit/finding'
import { jsonDocument, type DataText } from '../text/data-text'
import { grouped } from '../text/amounts'
import { DOCUMENTATION } from '../text/documentation'
import { lineOf } from '../text/safe-text'
import { fingerprintOf } from './fingerprint'
import type { CheckReport } from './findings-json'

/** The page with a section for each finding code; the anchor is the code. */
export const FINDINGS_PAGE = `${DOCUMENTATION}/findings.md`

const LEVELS: Record<Severity, 'error' | 'warning' | 'note'> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
}

/** `check --format sarif`. */
export function renderFindingsSarif(report: CheckReport, toolVersion: string): DataText {
  return renderSarif(report.findings, () => FINDINGS_PAGE, toolVersion)
}

/** The parts of a finding that SARIF contains. */
export type SarifFinding = Pick<Finding, 'severity' | 'message' | 'file' | 'range'> & { readonly code: string }

/** SARIF 2.1.0, for code scanning. Lines and columns are one-based. Each code has a section in its page. */
export function renderSarif(
  findings: readonly SarifFinding[],
  pageOf: (code: string) => string,
  toolVersion: string,
): DataText {
  // Code scanning shows no more and rejects a file with too many; the most severe remain.
  const worst = SEVERITIES.flatMap((severity) => findings.filter((finding) => finding.severity === severity))
  const shown = findings.length <= MOST_RESULTS ? findings : worst.slice(0, MOST_RESULTS)
  const seen = new Map<string, number>()
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
            rules: codes.map((code) => ({ id: code, helpUri: `${pageOf(code)}#${code}` })),
          },
        },
        columnKind: 'utf16CodeUnits',
        ...(shown.length === findings.length ? {} : { invocations: [cutInvocation(findings.length)] }),
        results: shown.map((finding) => sarifResult(finding, seen)),
      },
    ],
  }
  return jsonDocument(document)
}

const MOST_RESULTS = 5_000

/** The note in the file that some findings are omitted. */
function cutInvocation(count: number): object {
  const text = `This file has the worst ${grouped(MOST_RESULTS)} of ${grouped(count)} findings: code scanning shows no more.`
  return { executionSuccessful: true, toolExecutionNotifications: [{ level: 'warning', message: { text } }] }
}

function sarifResult(finding: SarifFinding, seen: Map<string, number>): object {
  return {
    ruleId: finding.code,
    partialFingerprints: { 'prismaAudit/v1': fingerprintOf(finding, seen) },
    level: LEVELS[finding.severity],
    // Viewers turn `[text](target)` into links; a backslash there would not help behind another.
    message: { text: lineOf(finding.message).replaceAll('](', '] (') },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(finding.file) },
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

/** A Windows path with slashes; elsewhere a backslash is an ordinary character. */
export function slashed(file: string): string {
  return /^([A-Za-z]:|\\)\\/.test(file) ? file.replaceAll('\\', '/') : file
}

/** Relative, like the file; a colon in the first segment would look like a scheme. Invalid Unicode has no URI. */
function uriOf(file: string): string {
  const wellFormed = slashed(file).replace(/\p{Surrogate}/gu, '\ufffd')
  const uri = wellFormed.split('/').map(encodeURIComponent).join('/')
  // A share of Windows: `//server/share/…`.
  if (uri.startsWith('//')) return `file:${uri}`
  const isAbsolute = /^(\/|[A-Za-z]%3A\/)/.test(uri)
  return isAbsolute ? `file://${uri.startsWith('/') ? '' : '/'}${uri}` : uri
}
