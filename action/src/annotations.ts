import type { Severity } from './inputs'
import { visible } from './visible-text'

/** A finding of the schema, of a migration or of an edited migration. Lines and characters are zero-based. */
export interface ActionFinding {
  readonly code: string
  readonly severity: Severity
  readonly message: string
  /** Relative to the repository, with slashes; null if it concerns no file. */
  readonly file: string | null
  /** Null: for the whole file. */
  readonly range: Range | null
}

export interface Range {
  readonly start: Position
  readonly end: Position
}

interface Position {
  readonly line: number
  readonly character: number
}

const COMMANDS: Record<Severity, string | null> = {
  error: 'error',
  warning: 'warning',
  information: 'notice',
  hint: null,
}

/** GitHub shows ten of each kind per step. */
const MOST_OF_A_KIND = 10

/**
 * Workflow commands that show findings next to their lines
 * (https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands). The last of a kind says how many
 * more there are.
 */
export function annotationsOf(findings: readonly ActionFinding[]): string[] {
  return Object.values(COMMANDS).flatMap((command) => {
    if (command === null) return []
    const ofKind = findings.filter(({ severity }) => COMMANDS[severity] === command)
    const shown = ofKind.length > MOST_OF_A_KIND ? ofKind.slice(0, MOST_OF_A_KIND - 1) : ofKind
    const more = ofKind.length - shown.length
    return [
      ...shown.map((finding) => annotation(command, finding)),
      ...(more === 0
        ? []
        : [`::${command} title=Prisma Audit::${more.toLocaleString('en')} more are in the job's log, under "${ALL}".`]),
    ]
  })
}

/**
 * All findings as lines of the job's log, folded, because annotations and the summary have limits. No text of a finding
 * is at the start of a line.
 */
export function logOf(findings: readonly ActionFinding[]): string[] {
  if (findings.length === 0) return []
  const lines = findings.map(({ severity, code, message, file, range }) => {
    const start = (range ?? START).start
    const place = file === null ? '' : ` ${file}:${start.line + 1}:${start.character + 1}`
    return visible(`${severity} ${code}${place} ${message}`.replace(/\s+/g, ' '))
  })
  return [`::group::${ALL}`, ...lines, '::endgroup::']
}

const ALL = 'All findings'

function annotation(command: string, { code, message, file, range }: ActionFinding): string {
  const properties = { ...(file === null ? {} : { file, ...linesOf(range ?? START) }), title: code }
  const given = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(value)}`)
  return `::${command} ${given.join(',')}::${escapeData(message)}`
}

function linesOf({ start, end }: Range): Record<string, string> {
  return {
    line: String(start.line + 1),
    endLine: String(end.line + 1),
    // GitHub accepts columns only within one line.
    ...(start.line === end.line ? { col: String(start.character + 1), endColumn: String(end.character + 1) } : {}),
  }
}

const START: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }

/**
 * Escapes like the runner's own toolkit, because these characters could end the command; no carriage return is left.
 */
export function escapeData(text: string): string {
  return visible(text).replaceAll('%', '%25').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
