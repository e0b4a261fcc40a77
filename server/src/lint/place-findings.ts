import type { Range } from '../schema/model'
import type { LintFinding, LintFix } from './model'
import type { Span } from './span'
import type { TextEdit } from '../schema/edits/text-edit'

/** A finding with its lines: zero-based UTF-16 positions, as in LSP. */
export interface PlacedLintFinding extends LintFinding {
  readonly range: Range
}

export function placeLintFindings(text: string, findings: readonly LintFinding[]): PlacedLintFinding[] {
  const starts = lineStarts(text)
  return findings.map((finding) => ({ ...finding, range: rangeOf(starts, finding.span) }))
}

/** The changes of a fix in its file. */
export function lintFixEdits(file: string, text: string, fix: LintFix): TextEdit[] {
  const starts = lineStarts(text)
  return fix.edits.map((edit) => ({ file, range: rangeOf(starts, edit), newText: edit.newText }))
}

/** A comment above the statement that ignores the finding, with a placeholder for the reason. */
export function ignoreStatementEdit(file: string, text: string, { code, statement }: LintFinding): TextEdit {
  const { line } = rangeOf(lineStarts(text), statement).start
  const lineStart = lineStarts(text)[line] ?? 0
  const indent = /^[ \t]*/.exec(text.slice(lineStart, statement.start))?.[0] ?? ''
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  // If a statement follows another on the same line, the comment goes on a new line before it.
  const isFirst = text.slice(lineStart, statement.start).trim() === ''
  const comment = `-- prisma-audit-ignore ${code}: why${newline}`
  const at = isFirst ? lineStart : statement.start
  return {
    file,
    range: rangeOf(lineStarts(text), { start: at, end: at }),
    newText: isFirst ? indent + comment : newline + comment,
  }
}

function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map((match) => match.index + match[0].length)]
}

function rangeOf(starts: readonly number[], { start, end }: Span): Range {
  return { start: positionOf(starts, start), end: positionOf(starts, end) }
}

function positionOf(starts: readonly number[], offset: number): Range['start'] {
  let line = 0
  // By binary search: a script may have a hundred thousand lines and as many findings.
  for (let behind = starts.length; behind - line > 1;) {
    const middle = (line + behind) >> 1
    if ((starts[middle] ?? 0) <= offset) line = middle
    else behind = middle
  }
  return { line, character: offset - (starts[line] ?? 0) }
}
