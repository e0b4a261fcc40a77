import { joinTexts, lineOf, LIMITS, text, textOf, type SafeLine, type SafeText } from './text/safe-text'

/**
 * An error for the user: what happened, why, and what to do next. Every failure that reaches a person is one of these;
 * make them with the factories of the room in question. `code` is stable and listed in `docs/errors.md`. Its parts are
 * safe to show: names and servers' words in them are made so here.
 */
export class AuditError extends Error {
  readonly code: string
  readonly why: SafeText
  readonly nextStep: SafeText
  /** Where in a file of the project it stands, for whoever shows it there; null where that is not known. */
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

/** A part is one line, whatever is in it; one that has several gives them one by one. */
export interface ErrorParts {
  readonly what: string
  readonly why: string | readonly string[]
  readonly nextStep: string | readonly string[]
  readonly place?: ErrorPlace
}

/** The file as it is shown; zero-based lines and UTF-16 characters, as in LSP. */
export interface ErrorPlace {
  readonly file: string
  readonly range: { readonly start: LineAndCharacter; readonly end: LineAndCharacter }
}

interface LineAndCharacter {
  readonly line: number
  readonly character: number
}

/**
 * The three parts as the lines that a terminal and an output panel show. Of an error that is not ours, whose it is and its
 * message.
 */
export function describeError(error: unknown): SafeText {
  if (error instanceof AuditError) {
    return joinTexts([lineOf(error.message), error.why, error.nextStep].filter((part) => part !== ''))
  }
  return text`${speakerOf(error)}: ${messageLine(error)}`
}

/** All that is known of an error, for a log: its code, what it says, where it was thrown, and the same of what caused it. */
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

/** Whose words they are: by themselves they might read like ours. */
function speakerOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  return /^[0-9A-Z]{5}$/.test(code) ? `The server said (${code})` : 'Error'
}

/** What an error says, as one line: that of a server may be megabytes long. */
export function messageLine(error: unknown): SafeLine {
  return lineOf(error instanceof Error ? error.message : String(error), LIMITS.message)
}

function linesOfPart(part: string | readonly string[]): SafeText {
  const lines = typeof part === 'string' ? [part] : part
  const more = lines.length - LIMITS.lines
  return more > 0 ? textOf([...lines.slice(0, LIMITS.lines), `… (${more} more lines)`]) : textOf(lines)
}
