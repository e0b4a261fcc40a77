import type { Diagnostic, DiagnosticRelatedInformation } from 'vscode-languageserver'
import { DiagnosticSeverity } from './protocol'
import type { Finding, Severity } from '../audit/finding'
import { findingMessage } from '../editor/finding-message'
import type { RelatedPlace } from '../editor/related-places'
import { lineOf, LIMITS } from '../text/safe-text'
import type { Translate } from '../text/translate'
import { FINDINGS_PAGE } from '../report/findings-sarif'
import { uriOfPath } from './uris'

export const SEVERITIES: Record<Severity, DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
}

/** Converts a finding to an LSP diagnostic; our ranges are already LSP's. */
export function toDiagnostic(t: Translate, finding: Finding, related: readonly RelatedPlace[] = []): Diagnostic {
  return {
    range: finding.range,
    severity: SEVERITIES[finding.severity],
    code: finding.code,
    codeDescription: { href: `${FINDINGS_PAGE}#${finding.code}` },
    source: 'prisma-audit',
    message: lineOf(findingMessage(t, finding), LIMITS.message),
    ...(related.length === 0 ? {} : { relatedInformation: related.map(relatedInformation) }),
    ...dataOf(finding),
  }
}

/** For our client's view, which groups findings by model, and for tools that need to know where a field is missing. */
function dataOf({ model, missingIn }: Finding): Pick<Diagnostic, 'data'> {
  const data = { ...(model === null ? {} : { model }), ...(missingIn === undefined ? {} : { missingIn }) }
  return Object.keys(data).length === 0 ? {} : { data }
}

function relatedInformation({ message, file, range }: RelatedPlace): DiagnosticRelatedInformation {
  return { message: lineOf(message, LIMITS.finding), location: { uri: uriOfPath(file), range } }
}
