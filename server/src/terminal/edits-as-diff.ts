import type { TextEdit } from '../schema/edits/text-edit'
import { textOf, type SafeText } from '../text/safe-text'

/**
 * Edits as removed and added lines with their position, for review in a terminal. Shows complete lines, so an edit
 * inside a line appears as that line before and after.
 */
export function renderEditsAsDiff(
  edits: readonly TextEdit[],
  readFile: (file: string) => string | null,
  displayPath: (file: string) => string,
): SafeText {
  const files = [...new Set(edits.map((edit) => edit.file))].sort()
  return textOf(
    files.flatMap((file) => {
      const ofFile = edits
        .filter((edit) => edit.file === file)
        .sort((left, right) => left.range.start.line - right.range.start.line)
      const lines = (readFile(file) ?? '').split(/\r?\n/)
      return [`  ${displayPath(file)}`, ...ofFile.flatMap((edit) => hunk(edit, lines))]
    }),
  )
}

function hunk(edit: TextEdit, lines: readonly string[]): string[] {
  const { start, end } = edit.range
  const before = lines.slice(start.line, end.line + 1)
  const head = (before[0] ?? '').slice(0, start.character)
  const tail = (before.at(-1) ?? '').slice(end.character)
  const after = (head + edit.newText + tail).split(/\r?\n/)
  // Unchanged lines at either end are omitted.
  let same = 0
  while (same < before.length && same < after.length && before[same] === after[same]) same++
  let sameEnd = 0
  while (
    sameEnd < before.length - same &&
    sameEnd < after.length - same &&
    before[before.length - 1 - sameEnd] === after[after.length - 1 - sameEnd]
  ) {
    sameEnd++
  }
  return [
    `  @@ line ${start.line + same + 1}`,
    ...before.slice(same, before.length - sameEnd).map((line) => `  - ${line}`),
    ...after.slice(same, after.length - sameEnd).map((line) => `  + ${line}`),
  ]
}
