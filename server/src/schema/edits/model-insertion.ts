import type { FoundModel } from '../lookup'
import { rangeInFile, type Attribute, type ModelBlock, type PlacedBlock, type Position } from '../model'
import { attributeRank } from './attribute-order'
import {
  fieldGroups,
  fitsGroup,
  renderRow,
  widthsOf,
  type ColumnWidths,
  type FieldGroup,
  type FieldRow,
} from './field-rows'
import type { SourceLines } from './source-lines'
import type { TextEdit } from './text-edit'

/** The additions to one model. */
export interface ModelAdditions {
  /** Rows that stay together, such as a relation and its scalar field. */
  readonly rows: readonly (readonly FieldRow[])[]
  readonly indexes: readonly IndexAddition[]
  /** Other attributes of the model. */
  readonly attributes?: readonly BlockAttribute[]
}

/** `@@unique([a, b])`, as written to the schema. */
export interface BlockAttribute {
  /** Without its `@@`. */
  readonly name: string
  readonly text: string
}

/** An `@@index` over one field. */
export interface IndexAddition {
  readonly field: string
  /** Its name in the database, if Prisma would derive another. */
  readonly map: string | null
}

/**
 * The edits that write rows and indexes into a model so that no other line changes and Prisma's formatter has nothing
 * to change: rows join the last group of fields if they fit its columns, otherwise they form a new group.
 */
export function insertIntoModel(found: FoundModel, lines: SourceLines, additions: ModelAdditions): TextEdit[] {
  const insertion = new ModelInsertion(found.placed, found.model, lines)
  insertion.insertRows(additions.rows)
  insertion.insertAttributes('index', additions.indexes.map(renderIndex))
  for (const { name, text } of additions.attributes ?? []) insertion.insertAttributes(name, [text])
  return insertion.edits(found.file.path)
}

class ModelInsertion {
  private readonly insertions: { position: Position; text: string }[] = []
  private readonly groups: readonly FieldGroup[]
  private readonly indentation: string

  constructor(
    private readonly placed: PlacedBlock,
    private readonly model: ModelBlock,
    private readonly lines: SourceLines,
  ) {
    this.groups = fieldGroups(lines, placed, model.fields)
    const last = model.fields.at(-1)
    const lineOfLast = last === undefined ? null : rangeInFile(placed, last.range).start
    const before = lineOfLast === null ? '' : lines.line(lineOfLast.line).slice(0, lineOfLast.character)
    this.indentation = before !== '' && before.trim() === '' ? before : '  '
  }

  /** Several at one place become one edit, because editors do not guarantee an order. */
  edits(file: string): TextEdit[] {
    const merged: { position: Position; text: string }[] = []
    for (const insertion of this.insertions) {
      const same = merged.find(({ position }) => isSame(position, insertion.position))
      if (same === undefined) merged.push({ ...insertion })
      else same.text += insertion.text
    }
    return merged.map(({ position, text }) => ({
      file,
      range: { start: position, end: position },
      newText: text + this.breakBeforeRest(position, text),
    }))
  }

  insertRows(units: ModelAdditions['rows']): void {
    const rows = units.flat()
    const group = this.groups.at(-1)
    if (rows.length === 0) return
    if (group === undefined) this.addRows(this.behindHeader(), rows, widthsOf(rows))
    else if (!group.isFormatted) this.addRows(this.behindLastField(), rows, this.looseWidths(group, rows))
    else {
      const joining = units.filter((unit) => unit.every((row) => fitsGroup(group, row))).flat()
      const apart = units.filter((unit) => !unit.every((row) => fitsGroup(group, row))).flat()
      this.addRows(this.behindLastField(), joining, maximum(group.widths, widthsOf(joining)))
      if (apart.length > 0) this.add(this.behindLastGroup(), this.lines.lineBreak)
      this.addRows(this.behindLastGroup(), apart, widthsOf(apart))
    }
  }

  insertAttributes(name: string, attributes: readonly string[]): void {
    if (attributes.length === 0) return
    const { lineBreak } = this.lines
    const rendered = attributes.map((attribute) => this.indentation + attribute)
    const rank = attributeRank(name)
    const before = this.model.attributes.findLast((attribute) => attributeRank(attribute.name.text) <= rank)
    const after = this.model.attributes[0]
    if (before !== undefined) {
      this.add(this.behind(before.range.end), rendered.map((line) => lineBreak + line).join(''))
    } else if (after !== undefined) {
      this.add(this.aboveWithComments(after), rendered.map((line) => line + lineBreak).join(''))
    } else {
      this.add(this.behindContent(), lineBreak + rendered.map((line) => lineBreak + line).join(''))
    }
  }

  private add(position: Position, text: string): void {
    if (text !== '') this.insertions.push({ position, text })
  }

  private addRows(position: Position, rows: readonly FieldRow[], widths: ColumnWidths): void {
    const { lineBreak } = this.lines
    this.add(position, rows.map((row) => lineBreak + renderRow(this.indentation, row, widths)).join(''))
  }

  /** The columns of the last field, for a group that is not formatted. */
  private looseWidths(group: FieldGroup, rows: readonly FieldRow[]): ColumnWidths {
    const own = widthsOf(rows)
    const last = group.fields.at(-1)
    if (last === undefined) return own
    const name = last.type.range.start.character - last.name.range.start.character - 1
    const attribute = last.attributes[0]
    const type = attribute === undefined ? 0 : attribute.range.start.character - last.type.range.start.character - 1
    return { name: name >= own.name ? name : own.name, type: type >= own.type ? type : own.type }
  }

  private behindHeader(): Position {
    const { start } = rangeInFile(this.placed, this.model.range)
    const brace = rangeInFile(this.placed, this.model.closingBrace).start
    return brace.line === start.line ? brace : this.lines.endOf(start.line)
  }

  private behindLastField(): Position {
    const last = this.model.fields.at(-1)
    return last === undefined ? this.behindHeader() : this.behind(last.range.end)
  }

  /** Also after `//` lines directly below the last field, unless they belong to an attribute below them. */
  private behindLastGroup(): Position {
    const position = this.behindLastField()
    let line = position.line
    while (/^\s*\/\/(?!\/)/.test(this.lines.line(line + 1))) line++
    const isForAttribute = this.lines
      .line(line + 1)
      .trimStart()
      .startsWith('@@')
    return line === position.line || isForAttribute ? position : this.lines.endOf(line)
  }

  /** After a node and its trailing comments. */
  private behind(end: Position): Position {
    return this.lines.endOfTrailingComments(rangeInFile(this.placed, { start: end, end }).start)
  }

  private aboveWithComments(attribute: Attribute): Position {
    let { line } = rangeInFile(this.placed, attribute.range).start
    while (/^\s*(\/\/|\/\*|\*)/.test(this.lines.line(line - 1))) line--
    return { line, character: 0 }
  }

  /** After the last line of the block that is not blank. */
  private behindContent(): Position {
    const brace = rangeInFile(this.placed, this.model.closingBrace).start
    if (this.lines.line(brace.line).slice(0, brace.character).trim() !== '') return this.behindLastField()
    let line = brace.line - 1
    while (line > this.placed.startLine && this.lines.isBlank(line)) line--
    const last = this.behindLastField()
    return last.line > line ? last : this.lines.endOf(line)
  }

  /** Text after it on the same line, such as the brace in `model A { id Int }`, moves to a new line. */
  private breakBeforeRest(position: Position, text: string): string {
    const isInLine = text.startsWith(this.lines.lineBreak)
    const rest = this.lines.line(position.line).slice(position.character).trim()
    return isInLine && rest !== '' ? this.lines.lineBreak : ''
  }
}

function renderIndex({ field, map }: IndexAddition): string {
  return map === null ? `@@index([${field}])` : `@@index([${field}], map: ${JSON.stringify(map)})`
}

function maximum(a: ColumnWidths, b: ColumnWidths): ColumnWidths {
  return { name: Math.max(a.name, b.name), type: Math.max(a.type, b.type) }
}

function isSame(a: Position, b: Position): boolean {
  return a.line === b.line && a.character === b.character
}
