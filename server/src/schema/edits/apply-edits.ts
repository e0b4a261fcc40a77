import type { Position } from '../model'
import { SourceLines } from './source-lines'
import type { TextEdit } from './text-edit'

/** The text after the edits of one file; several insertions at one place keep their order. */
export function applyEdits(text: string, edits: readonly Pick<TextEdit, 'range' | 'newText'>[]): string {
  const lines = new SourceLines(text)
  const sorted = edits.toSorted((a, b) => comparePositions(a.range.start, b.range.start))
  let result = ''
  let position = 0
  for (const { range, newText } of sorted) {
    result += text.slice(position, lines.offsetAt(range.start)) + newText
    position = Math.max(position, lines.offsetAt(range.end))
  }
  return result + text.slice(position)
}

function comparePositions(a: Position, b: Position): number {
  return a.line - b.line || a.character - b.character
}
