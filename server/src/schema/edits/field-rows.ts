import type { Field, PlacedBlock } from '../model'
import { rangeInFile } from '../model'
import type { SourceLines } from './source-lines'

/** A field as the three columns of Prisma's formatter. */
export interface FieldRow {
  readonly name: string
  readonly type: string
  /** Joined by single spaces; empty if there are none. */
  readonly attributes: string
}

/** Widths in bytes of UTF-8, as the formatter counts. */
export interface ColumnWidths {
  readonly name: number
  readonly type: number
}

/** Fields without a blank line between them, which the formatter aligns with one another. */
export interface FieldGroup {
  readonly fields: readonly Field[]
  readonly widths: ColumnWidths
  /** Whether any of them has attributes. Only then does the width of the types matter. */
  readonly hasAttributes: boolean
  /** Whether they are aligned as by the formatter. */
  readonly isFormatted: boolean
}

export function renderRow(indentation: string, row: FieldRow, widths: ColumnWidths): string {
  const name = row.name + blanks(widths.name, row.name)
  return (
    indentation +
    (row.attributes === '' ? name + row.type : name + row.type + blanks(widths.type, row.type) + row.attributes)
  )
}

export function widthsOf(rows: readonly Pick<FieldRow, 'name' | 'type'>[]): ColumnWidths {
  const widest = (words: readonly string[]) => words.reduce((width, word) => Math.max(width, byteLength(word)), 0)
  return { name: widest(rows.map((row) => row.name)), type: widest(rows.map((row) => row.type)) }
}

/** The spaces after a word in a column of that width, including those between columns. */
export function blanks(width: number, word: string): string {
  return ' '.repeat(Math.max(0, width - byteLength(word)) + 1)
}

/** Whether adding the row leaves the other lines of the group unchanged. */
export function fitsGroup(group: FieldGroup, row: FieldRow): boolean {
  return (
    byteLength(row.name) <= group.widths.name && (byteLength(row.type) <= group.widths.type || !group.hasAttributes)
  )
}

/** All groups of fields in a block, in source order. */
export function fieldGroups(lines: SourceLines, placed: PlacedBlock, fields: readonly Field[]): FieldGroup[] {
  const groups: Field[][] = []
  let previousEnd: number | null = null
  for (const field of fields) {
    const { start, end } = rangeInFile(placed, field.range)
    const isNew = previousEnd === null || hasBlankLine(lines, previousEnd + 1, start.line)
    if (isNew) groups.push([field])
    else groups.at(-1)?.push(field)
    previousEnd = end.line
  }
  return groups.map((group) => describeGroup(lines, placed, group))
}

export function rowOf(lines: SourceLines, placed: PlacedBlock, field: Field): FieldRow {
  const [first, last] = [field.attributes[0], field.attributes.at(-1)]
  const attributes =
    first === undefined || last === undefined
      ? ''
      : lines.slice(rangeInFile(placed, { start: first.range.start, end: last.range.end }))
  return { name: field.name.text, type: lines.slice(rangeInFile(placed, field.type.range)), attributes }
}

function describeGroup(lines: SourceLines, placed: PlacedBlock, fields: readonly Field[]): FieldGroup {
  const rows = fields.map((field) => rowOf(lines, placed, field))
  const widths = widthsOf(rows)
  const isFormatted = fields.every((field, index) => {
    const row = rows[index]
    const range = rangeInFile(placed, field.range)
    const line = lines.line(range.start.line)
    return row !== undefined && line.slice(0, range.end.character) === renderRow('  ', row, widths)
  })
  return { fields, widths, hasAttributes: rows.some((row) => row.attributes !== ''), isFormatted }
}

function hasBlankLine(lines: SourceLines, from: number, to: number): boolean {
  for (let line = from; line < to; line++) if (lines.isBlank(line)) return true
  return false
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length
}
