import { DiagnosticSeverity, type Diagnostic, type Range } from 'vscode-languageserver'
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
    ...(isToBeMended(finding) ? { data: { missingIn: finding.missingIn } } : {}),
  }
}

/**
 * The diagnostic of a finding, which knows how it is written. An edit that adds a line moves all that is below it, and in a
 * large schema that is a thousand hints: of those all is known but the range.
 */
export class WrittenDiagnostic implements Diagnostic {
  /** All but the range, as JSON, without the brace that opens it. */
  private rest: string | null

  /** `before` is what was published in its place: perhaps the same elsewhere. */
  constructor(
    private readonly finding: Finding,
    before?: WrittenDiagnostic,
  ) {
    this.rest = before !== undefined && saysTheSame(before.finding, finding) ? before.rest : null
  }

  get range(): Range {
    return this.finding.range
  }

  get message(): string {
    return this.finding.message
  }

  toJSON(): Diagnostic {
    return toDiagnostic(this.finding)
  }

  /** What `JSON.stringify` would make of it. */
  write(): string {
    this.rest ??= JSON.stringify({ ...this.toJSON(), range: undefined }).slice(1)
    const { start, end } = this.range
    return `{"range":{"start":{"line":${start.line},"character":${start.character}},"end":{"line":${end.line},"character":${end.character}}},${this.rest}`
  }
}

function saysTheSame(left: Finding, right: Finding): boolean {
  return (
    left.message === right.message &&
    left.code === right.code &&
    left.severity === right.severity &&
    left.missingIn === right.missingIn
  )
}

/** Not the hints of a project without a policy: in a large schema there are a thousand, and nobody asks them for more. */
function isToBeMended({ missingIn, severity }: Finding): boolean {
  return missingIn !== undefined && severity !== 'hint'
}
