import { attributeRank } from '../../schema/edits/attribute-order'
import { fieldGroups, renderRow, rowOf, widthsOf, type FieldGroup, type FieldRow } from '../../schema/edits/field-rows'
import type { TextEdit } from '../../schema/edits/text-edit'
import { rangeInFile, type Field } from '../../schema/model'
import type { ModelContext } from '../model-context'

/**
 * The edits that change the types or attributes of fields. If the formatter had aligned their group, it is aligned
 * again, so that Prisma's formatter has nothing to change; otherwise only the fields themselves change. Comments stay.
 */
export function rewriteFields(
  context: Pick<ModelContext, 'found' | 'lines'>,
  rows: ReadonlyMap<Field, Partial<Omit<FieldRow, 'name'>>>,
): TextEdit[] {
  const { found, lines } = context
  const groups = fieldGroups(lines, found.placed, found.model.fields)
  return groups
    .filter(({ fields }) => fields.some((field) => rows.has(field)))
    .flatMap((group) => (group.isFormatted ? alignedEdits(context, group, rows) : looseEdits(context, group, rows)))
}

/** An attribute of a field, as written in the source. */
export interface AttributeText {
  /** Without its `@`. */
  readonly name: string
  readonly text: string
}

export function attributeTexts({ found, lines }: Pick<ModelContext, 'found' | 'lines'>, field: Field): AttributeText[] {
  return field.attributes.map(({ name, range }) => ({
    name: name.text,
    text: lines.slice(rangeInFile(found.placed, range)),
  }))
}

/** Replaces the attribute of that name, or inserts it where the formatter would; null removes it. */
export function withAttribute(
  attributes: readonly AttributeText[],
  isMeant: (name: string) => boolean,
  added: AttributeText | null,
): AttributeText[] {
  const place = attributes.findIndex(({ name }) => isMeant(name))
  const rest = attributes.filter(({ name }) => !isMeant(name))
  if (added === null) return rest
  const behind = rest.findIndex(({ name }) => attributeRank(name) > attributeRank(added.name))
  const position = place >= 0 ? place : behind < 0 ? rest.length : behind
  return [...rest.slice(0, position), added, ...rest.slice(position)]
}

export function joinedAttributes(attributes: readonly AttributeText[]): string {
  return attributes.map(({ text }) => text).join(' ')
}

/** `db.VarChar`, for any name of the datasource. */
export function isNativeType(name: string): boolean {
  return name.includes('.')
}

function alignedEdits(
  { found, lines }: Pick<ModelContext, 'found' | 'lines'>,
  group: FieldGroup,
  changes: ReadonlyMap<Field, Partial<FieldRow>>,
): TextEdit[] {
  const rows = group.fields.map((field) => ({ ...rowOf(lines, found.placed, field), ...changes.get(field) }))
  const widths = widthsOf(rows)
  return group.fields.flatMap((field, position) => {
    const row = rows[position]
    const range = rangeInFile(found.placed, field.range)
    const newText = row === undefined ? '' : renderRow('', row, widths)
    return lines.slice(range) === newText ? [] : [{ file: found.file.path, range, newText }]
  })
}

function looseEdits(
  { found, lines }: Pick<ModelContext, 'found' | 'lines'>,
  group: FieldGroup,
  changes: ReadonlyMap<Field, Partial<FieldRow>>,
): TextEdit[] {
  return group.fields.flatMap((field) => {
    const change = changes.get(field)
    if (change === undefined) return []
    const between = (start: Field['range']['start'], end: Field['range']['start']) =>
      lines.slice(rangeInFile(found.placed, { start, end }))
    const { type, attributes } = { ...rowOf(lines, found.placed, field), ...change }
    const [first] = field.attributes
    const gap = first === undefined ? ' ' : between(field.type.range.end, first.range.start)
    const newText = type + (attributes === '' ? '' : gap + attributes)
    const range = rangeInFile(found.placed, { start: field.type.range.start, end: field.range.end })
    return [{ file: found.file.path, range, newText }]
  })
}
