import type { FoundModel } from '../lookup'
import { rangeInFile, type Attribute, type Field, type PlacedBlock, type Range } from '../model'
import { blanks, fieldGroups, rowOf, widthsOf, type FieldGroup } from './field-rows'
import type { SourceLines } from './source-lines'
import type { TextEdit } from './text-edit'

/**
 * The edits that remove fields and attributes from a model with their lines, the blank lines that become redundant, and
 * the padding that aligned the other fields with them. If `isTidy` is false, only their lines are removed.
 */
export function removeFromModel(
  found: FoundModel,
  lines: SourceLines,
  fields: ReadonlySet<Field>,
  attributes: ReadonlySet<Attribute>,
  isTidy = true,
): TextEdit[] {
  const { placed, model } = found
  const removedLines = new Set<number>()
  const removedParts: Range[] = []
  for (const node of [...fields, ...attributes]) {
    const range = rangeInFile(placed, node.range)
    const end = lines.endOfTrailingComments(range.end)
    const isAlone =
      lines.line(range.start.line).slice(0, range.start.character).trim() === '' &&
      lines.line(end.line).slice(end.character).trim() === ''
    if (!isAlone) {
      removedParts.push(range)
      continue
    }
    const first = 'documentation' in node ? firstLineOfDocumentation(lines, range.start.line) : range.start.line
    for (let line = first; line <= end.line; line++) removedLines.add(line)
  }
  const file = found.file.path
  const removal = (range: Range) => ({ file, range, newText: '' })
  if (!isTidy) return [...wholeLines(lines, removedLines), ...removedParts].map(removal)
  const ranges = [...wholeLines(lines, withSeparators(lines, removedLines)), ...removedParts]
  const realigned = fieldGroups(lines, placed, model.fields).flatMap((group) => realign(lines, placed, group, fields))
  return [...ranges.map(removal), ...realigned.map((edit) => ({ file, ...edit }))]
}

/** The field's documentation is removed with it. */
function firstLineOfDocumentation(lines: SourceLines, line: number): number {
  let first = line
  while (
    lines
      .line(first - 1)
      .trimStart()
      .startsWith('///')
  )
    first--
  return first
}

/** Includes the blank lines above a run of removed lines if nothing follows that they would separate. */
function withSeparators(lines: SourceLines, removed: ReadonlySet<number>): ReadonlySet<number> {
  const all = new Set(removed)
  for (const line of removed) {
    const isLastOfRun = !removed.has(line + 1)
    if (
      !isLastOfRun ||
      !(
        lines.isBlank(line + 1) ||
        lines
          .line(line + 1)
          .trimStart()
          .startsWith('}')
      )
    )
      continue
    let above = line
    while (removed.has(above)) above--
    while (above > 0 && lines.isBlank(above)) all.add(above--)
  }
  return all
}

/** Each run of lines as one range, from the start of the first line to the start of the line after the last. */
function wholeLines(lines: SourceLines, removed: ReadonlySet<number>): Range[] {
  const ranges: Range[] = []
  for (const line of removed) {
    if (removed.has(line - 1)) continue
    let end = line
    while (removed.has(end)) end++
    const isBeyond = end >= lines.count
    ranges.push({
      start: { line, character: 0 },
      end: isBeyond ? lines.endOf(end - 1) : { line: end, character: 0 },
    })
  }
  return ranges
}

/** Only if the formatter had aligned the group; manual alignment is not changed. */
function realign(
  lines: SourceLines,
  placed: PlacedBlock,
  group: FieldGroup,
  removed: ReadonlySet<Field>,
): Omit<TextEdit, 'file'>[] {
  const kept = group.fields.filter((field) => !removed.has(field))
  if (!group.isFormatted || kept.length === group.fields.length) return []
  const rows = kept.map((field) => rowOf(lines, placed, field))
  const widths = widthsOf(rows)
  return kept.flatMap((field, index) => {
    const row = rows[index]
    if (row === undefined) return []
    const gaps: Omit<TextEdit, 'file'>[] = [
      {
        range: rangeInFile(placed, { start: field.name.range.end, end: field.type.range.start }),
        newText: blanks(widths.name, row.name),
      },
    ]
    const attribute = field.attributes[0]
    if (attribute !== undefined) {
      gaps.push({
        range: rangeInFile(placed, { start: field.type.range.end, end: attribute.range.start }),
        newText: blanks(widths.type, row.type),
      })
    }
    return gaps.filter((gap) => lines.slice(gap.range) !== gap.newText)
  })
}
