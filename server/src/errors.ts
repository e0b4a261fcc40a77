import { inPlainEnglish, phrase, phraseIn, type Phrase } from './text/phrase'
import { joinTexts, lineOf, LIMITS, text, textOf, type SafeLine, type SafeText } from './text/safe-text'
import { inEnglish, type Translate } from './text/translate'

/**
 * An error for the user: what happened, why, and what to do next. Every failure that reaches a person is one of these;
 * create them with the factories of the room. `code` is stable and listed in `docs/errors.md`. Its texts are English
 * and safe to show: names and server messages in them are escaped here. An editor's language is made of `parts`.
 */
export class AuditError extends Error {
  readonly code: string
  readonly why: SafeText
  readonly nextStep: SafeText
  /** The position in a file of the project, for callers that show it there; null if unknown. */
  readonly place: ErrorPlace | null
  readonly parts: ErrorParts

  constructor(code: string, parts: ErrorParts, options?: ErrorOptions) {
    super(lineOf(inPlain(parts.what)), options)
    this.name = 'AuditError'
    this.code = code
    this.parts = parts
    this.why = linesOfPart(parts.why, inPlain)
    this.nextStep = linesOfPart(parts.nextStep, inPlain)
    this.place = parts.place ?? null
  }
}

/** Each part is one line; a part of several lines is a list. A phrase is shown in an editor's language. */
export interface ErrorParts {
  readonly what: ErrorText
  readonly why: ErrorText | readonly ErrorText[]
  readonly nextStep: ErrorText | readonly ErrorText[]
  readonly place?: ErrorPlace
}

export type ErrorText = Phrase | SafeText | ''

/** The file as shown; zero-based lines and UTF-16 characters, as in LSP. */
export interface ErrorPlace {
  readonly file: string
  readonly range: { readonly start: LineAndCharacter; readonly end: LineAndCharacter }
}

/** For a next step: the same error is shown in a terminal and in an editor. */
export const WHERE_TO_SPECIFY_URL = phrase`--url in a terminal, "Prisma Audit: Connect to Database" in VS Code`

interface LineAndCharacter {
  readonly line: number
  readonly character: number
}

/** The three parts as lines for a terminal or an output panel. For any other error, its origin and its message. */
export function describeError(error: unknown, t: Translate = inEnglish): SafeText {
  if (!(error instanceof AuditError)) return text`${speakerOf(error, t)}: ${messageLine(error)}`
  const { what, why, nextStep } = error.parts
  const shown = (each: ErrorText) => (typeof each === 'string' ? each : phraseIn(t, each))
  return joinTexts(
    [lineOf(shown(what)), linesOfPart(why, shown), linesOfPart(nextStep, shown)].filter((part) => part !== ''),
  )
}

/** All lines of another error, for an error that repeats it. */
export function partsOf(error: unknown): readonly ErrorText[] {
  if (!(error instanceof AuditError)) return [describeError(error)]
  const { what, why, nextStep } = error.parts
  return [what, ...listOf(why), ...listOf(nextStep)]
}

/** The lines of one of the parts of another error, for an error that repeats it. */
export function listOf(part: ErrorParts['why']): readonly ErrorText[] {
  return isList(part) ? part : [part]
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

/**
 * Whether only the log can explain it: no factory made it, and neither PostgreSQL nor the system did. Such an error is a
 * defect of ours, or of the editor.
 */
export function isUnexpected(error: unknown): boolean {
  return !(error instanceof AuditError) && !SQLSTATE.test(codeOf(error)) && !ERRNO.test(codeOf(error))
}

/** Attributed to its source: alone, it might look like our text. */
function speakerOf(error: unknown, t: Translate): string {
  const code = codeOf(error)
  return SQLSTATE.test(code) ? t('The server said ({0})', code) : t('Error')
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** No class of SQLSTATE begins with E, as the codes of the system do: `EPERM`. */
const SQLSTATE = /^(?!E)[0-9A-Z]{5}$/
const ERRNO = /^E[A-Z0-9]+$/

/** What happened, for an error that gives it as its reason. */
export function whatOf(error: unknown): ErrorText {
  return error instanceof AuditError ? error.parts.what : messageLine(error)
}

/** The message of an error, as one line: a server's may have megabytes. */
export function messageLine(error: unknown): SafeLine {
  return lineOf(error instanceof Error ? error.message : String(error), LIMITS.message)
}

function inPlain(part: ErrorText): string {
  return typeof part === 'string' ? part : inPlainEnglish(part)
}

function linesOfPart(part: ErrorParts['why'], shown: (part: ErrorText) => string): SafeText {
  const lines = listOf(part).map(shown)
  const more = lines.length - LIMITS.lines
  return more > 0 ? textOf([...lines.slice(0, LIMITS.lines), shown(phrase`… (${more} more lines)`)]) : textOf(lines)
}

function isList(part: ErrorParts['why']): part is readonly ErrorText[] {
  return Array.isArray(part)
}
