/**
 * An error for the user: what happened, why, and what to do next. Every failure that reaches a person is one of these;
 * make them with the factories of the room in question. `code` is stable and listed in `docs/errors.md`.
 */
export class AuditError extends Error {
  readonly code: string
  readonly why: string
  readonly nextStep: string

  constructor(code: string, parts: ErrorParts, options?: ErrorOptions) {
    super(parts.what, options)
    this.name = 'AuditError'
    this.code = code
    this.why = parts.why
    this.nextStep = parts.nextStep
  }
}

export interface ErrorParts {
  readonly what: string
  readonly why: string
  readonly nextStep: string
}

/** The three parts as the lines that a terminal and an output panel show. */
export function describeError(error: unknown): string {
  if (error instanceof AuditError)
    return [error.message, error.why, error.nextStep].filter((part) => part !== '').join('\n')
  return error instanceof Error ? error.message : String(error)
}
