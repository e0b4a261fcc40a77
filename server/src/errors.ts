import { joinTexts, lineOf, LIMITS, text, textOf, type SafeLine, type SafeText } from './text/safe-text'

/**
 * An error for the user: what happened, why, and what to do next. Every failure that reaches a person is one of these;
 * create them with the factories of the room. `code` is stable and listed in `docs/errors.md`. Its parts are safe to
 * show: names and server messages in them are escaped here.
 */
export class AuditError extends Error {
  readonly code: string
  readonly why: SafeText
  readonly nextStep: SafeText
  /** The position in a file of the project, for callers that show it there; null if unknown. */
  readonly place: ErrorPlace | null

  constructor(code: string, parts: ErrorParts, options?: ErrorOptions) {
    super(lineOf(parts.what), options)
    this.name = 'AuditError'
    this.code = code
    this.why = linesOfPart(parts.why)
    this.nextStep = linesOfPart(parts.nextStep)
    this.place = parts.place ?? null
  }
}

/** Each part is one line; a part of several lines is a list. */
export interface ErrorParts {
  readonly what: string
  readonly why: string | readonly string[]
  readonly nextStep: string | readonly string[]
  readonly place?: ErrorPlace
}

/** The file as shown; zero-based lines and UTF-16 characters, as in LSP. */
export interface ErrorPlace {
  readonly file: string
  readonly range: { readonly start: LineAndCharacter; readonly end: LineAndCharacter }
}

/** For a next step: the same error is shown in a terminal and in an editor. */
export const WHERE_TO_SPECIFY_URL = '--url in a terminal, "Prisma Audit: Connect to Database" in VS Code'

interface LineAndCharacter {
  readonly line: number
  readonly character: number
}

/** The three parts as lines for a terminal or an output panel. For any other error, its origin and its message. */
export function describeError(error: unknown): SafeText {
  if (error instanceof AuditError) {
    return joinTexts([lineOf(error.message), error.why, error.nextStep].filter((part) => part !== ''))
  }
  return text`${speakerOf(error)}: ${messageLine(error)}`
}

/** Everything about an error, for a log: its code, its message, its stack, and the same for its cause. */
export function describeForLog(error: unknown): SafeText {
  const told: SafeText[] = []
  let next: unknown = error
  for (let depth = 0; next !== undefined && depth < MOST_CAUSES; depth++) {
    const code = next instanceof AuditError ? ` [${next.code}]` : ''
    const frames = next instanceof Error ? (next.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : []
    const head = depth === 0 ? `Failed${code}:` : `Caused by${code}:`
    told.push(joinTexts([lineOf(head), describeError(next), ...frames.map((frame) => lineOf(frame))]))
    next = next instanceof Error ? next.cause : undefined
  }
  return joinTexts(told)
}

const MOST_CAUSES = 5

/** Attributed to its source: alone, it might look like our text. */
function speakerOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  return /^[0-9A-Z]{5}$/.test(code) ? `The server said (${code})` : 'Error'
}

/** The message of an error, as one line: a server's may have megabytes. */
export function messageLine(error: unknown): SafeLine {
  return lineOf(error instanceof Error ? error.message : String(error), LIMITS.message)
}

function linesOfPart(part: string | readonly string[]): SafeText {
  const lines = typeof part === 'string' ? [part] : part
  const more = lines.length - LIMITS.lines
  return more > 0 ? textOf([...lines.slice(0, LIMITS.lines), `… (${more} more lines)`]) : textOf(lines)
}
