import { DiagnosticSeverity, type Diagnostic } from 'vscode-languageserver'
import type { Finding, Severity } from '../audit/finding'
import { lineOf, LIMITS } from '../text/safe-text'
import { FINDINGS_PAGE } from '../report/findings-sarif'

export const SEVERITIES: Record<Severity, DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
}

/** A finding as LSP wants it: our range is LSP's already. */
export function toDiagnostic(finding: Finding): Diagnostic {
  return {
    range: finding.range,
    severity: SEVERITIES[finding.severity],
    code: finding.code,
    codeDescription: { href: `${FINDINGS_PAGE}#${finding.code}` },
    source: 'prisma-audit',
    message: lineOf(finding.message, LIMITS.message),
    ...(finding.missingIn === undefined ? {} : { data: { missingIn: finding.missingIn } }),
  }
}
