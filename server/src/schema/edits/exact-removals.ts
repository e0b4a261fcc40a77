import type { FoundModel } from '../lookup'
import { rangeInFile } from '../model'
import type { SourceLines } from './source-lines'
import type { TextEdit } from './text-edit'

/**
 * The edits that remove the texts from a model, each of which must occur exactly once; null if one does not, or if
 * there are none. Such a text is complete lines with their line breaks, as an edit inserted them.
 */
export function exactRemovals(found: FoundModel, lines: SourceLines, texts: readonly string[]): TextEdit[] | null {
  if (texts.length === 0) return null
  const { placed, model, file } = found
  const range = rangeInFile(placed, model.range)
  const start = lines.offsetAt(range.start)
  const source = lines.slice(range)
  const places: { from: number; to: number }[] = []
  for (const text of texts) {
    const from = source.indexOf(text)
    if (from < 0 || source.includes(text, from + 1)) return null
    places.push({ from, to: from + text.length })
  }
  places.sort((a, b) => a.from - b.from)
  if (places.some(({ from }, index) => from < (places[index - 1]?.to ?? 0))) return null
  return places.map(({ from, to }) => ({
    file: file.path,
    range: { start: lines.positionAt(start + from), end: lines.positionAt(start + to) },
    newText: '',
  }))
}
