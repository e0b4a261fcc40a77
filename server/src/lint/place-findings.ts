import type { Range } from '../schema/model'
import type { LintFinding, LintFix } from './model'
import type { Span } from './span'
import { SourceLines } from '../schema/edits/source-lines'
import type { TextEdit } from '../schema/edits/text-edit'

/** A finding with its lines: zero-based UTF-16 positions, as in LSP. */
export interface PlacedLintFinding extends LintFinding {
  readonly range: Range
}

export function placeLintFindings(text: string, findings: readonly LintFinding[]): PlacedLintFinding[] {
  const lines = new SourceLines(text)
  return findings.map((finding) => ({ ...finding, range: rangeOf(lines, finding.span) }))
}

/**
 * The changes of a fix in its file. A script may have a hundred thousand lines and as many findings, so its lines are
 * given for all of them.
 */
export function lintFixEdits(file: string, lines: SourceLines, fix: LintFix): TextEdit[] {
  return fix.edits.map((edit) => ({ file, range: rangeOf(lines, edit), newText: edit.newText }))
}

/** A comment above the statement that ignores the finding, with a placeholder for the reason. */
export function ignoreStatementEdit(file: string, lines: SourceLines, { code, statement }: LintFinding): TextEdit {
  const start = lines.positionAt(statement.start)
  const lineStart = { line: start.line, character: 0 }
  const before = lines.slice({ start: lineStart, end: start })
  const indent = /^[ \t]*/.exec(before)?.[0] ?? ''
  // If a statement follows another on the same line, the comment goes on a new line before it.
  const isFirst = before.trim() === ''
  const comment = `-- prisma-audit-ignore ${code}: why${lines.lineBreak}`
  const at = isFirst ? lineStart : start
  return { file, range: { start: at, end: at }, newText: isFirst ? indent + comment : lines.lineBreak + comment }
}

function rangeOf(lines: SourceLines, { start, end }: Span): Range {
  return { start: lines.positionAt(start), end: lines.positionAt(end) }
}
