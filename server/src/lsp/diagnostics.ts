import { DiagnosticSeverity, type Diagnostic, type DiagnosticRelatedInformation } from 'vscode-languageserver'
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

/** A finding as LSP wants it: our range is LSP's already. */
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

/** For our client's view, which lists findings by model, and for whoever wants to know where a field is missing. */
function dataOf({ model, missingIn }: Finding): Pick<Diagnostic, 'data'> {
  const data = { ...(model === null ? {} : { model }), ...(missingIn === undefined ? {} : { missingIn }) }
  return Object.keys(data).length === 0 ? {} : { data }
}

function relatedInformation({ message, file, range }: RelatedPlace): DiagnosticRelatedInformation {
  return { message: lineOf(message, LIMITS.finding), location: { uri: uriOfPath(file), range } }
}
