import type { Attribute, Expression, Field, ModelBlock } from '../schema/model'
import { columnNameOf, findAttribute } from '../schema/lookup'
import { argumentOf, itemsOf, stringOf, wordOf } from './attributes'
import type { ExpectedIndex, ExpectedIndexColumn, ExpectedPrimaryKey } from './model'
import { indexName, primaryKeyName, uniqueName } from './names'
import { predicateOf, rawPredicateOf } from './predicate'
import { trimmed } from '../trimmed'

/** The primary key by `@id` or `@@id`; null for none, or if one of its fields does not exist (incomplete). */
export function expectedPrimaryKey(model: ModelBlock, table: string): ExpectedPrimaryKey | null {
  const idField = model.fields.find((field) => findAttribute(field, 'id') !== null)
  const attribute = findAttribute(idField ?? model, 'id')
  if (attribute === null) return null
  const columns =
    idField === undefined ? indexColumns(model, attribute) : [indexColumnOf(columnNameOf(idField), attribute)]
  if (columns === null) return null
  return {
    name: stringOf(argumentOf(attribute, 'map')) ?? primaryKeyName(table),
    columns: columns.map(({ column }) => column),
    formerUniqueIndex: null,
    range: attribute.range,
  }
}

/** Every `@unique`, `@@unique` and `@@index`, in source order. */
export function expectedIndexes(model: ModelBlock, table: string): readonly ExpectedIndex[] {
  const ofFields = model.fields.flatMap((field) => {
    const attribute = findAttribute(field, 'unique')
    return attribute === null ? [] : [fieldUnique(model, field, attribute, table)]
  })
  const ofModel = model.attributes.flatMap((attribute) => modelIndex(model, attribute, table) ?? [])
  return trimmed([...ofFields, ...ofModel])
}

function fieldUnique(model: ModelBlock, field: Field, attribute: Attribute, table: string): ExpectedIndex {
  const column = indexColumnOf(columnNameOf(field), attribute)
  const where = argumentOf(attribute, 'where')
  return {
    name: stringOf(argumentOf(attribute, 'map')) ?? uniqueName(table, [column.column]),
    unique: true,
    method: 'btree',
    columns: [column],
    isPartial: where !== undefined,
    predicate: predicateOfIndex(model, where),
    field: field.name.text,
    range: attribute.range,
  }
}

function modelIndex(model: ModelBlock, attribute: Attribute, table: string): ExpectedIndex | null {
  const unique = attribute.name.text === 'unique'
  if (!unique && attribute.name.text !== 'index') return null
  const columns = indexColumns(model, attribute)
  if (columns === null) return null
  const names = columns.map(({ column }) => column)
  const where = argumentOf(attribute, 'where')
  // In `@@index`, Prisma 2 used `name:` for the name in the database, and later versions still accept it.
  const given = stringOf(argumentOf(attribute, 'map')) ?? (unique ? null : stringOf(argumentOf(attribute, 'name')))
  return {
    name: given ?? (unique ? uniqueName(table, names) : indexName(table, names)),
    unique,
    method: wordOf(argumentOf(attribute, 'type'))?.toLowerCase() ?? 'btree',
    columns,
    isPartial: where !== undefined,
    predicate: predicateOfIndex(model, where),
    field: null,
    range: attribute.range,
  }
}

/** Null if a field does not exist, or none is given. */
function indexColumns(model: ModelBlock, attribute: Attribute): ExpectedIndexColumn[] | null {
  const items = itemsOf(argumentOf(attribute, 'fields', 0))
  const columns = items.map((item) => indexColumn(model, item))
  return columns.length > 0 && columns.every((column) => column !== null) ? columns : null
}

function indexColumn(model: ModelBlock, item: Expression): ExpectedIndexColumn | null {
  const name = item.kind === 'word' ? item.value : item.kind === 'function' ? item.name : null
  const field = model.fields.find((candidate) => candidate.name.text === name)
  if (field === undefined) return null
  return indexColumnOf(columnNameOf(field), item.kind === 'function' ? item : { arguments: [] })
}

function indexColumnOf(column: string, options: Pick<Attribute, 'arguments'>): ExpectedIndexColumn {
  return {
    column,
    descending: wordOf(argumentOf(options, 'sort')) === 'Desc',
    operatorClass: rawOrWord(argumentOf(options, 'ops')),
  }
}

/** `where: raw("…")`, or `where: { published: true }`. */
function predicateOfIndex(model: ModelBlock, where: Expression | undefined): ExpectedIndex['predicate'] {
  if (where?.kind === 'object') return predicateOf(model, where.entries)
  return where?.kind === 'function' ? rawPredicateOf(model, rawOrWord(where)) : null
}

/** `raw("gin_trgm_ops")` or `JsonbPathOps`. */
function rawOrWord(expression: Expression | undefined): string | null {
  if (expression?.kind === 'function' && expression.name === 'raw') return stringOf(argumentOf(expression, 'value', 0))
  return wordOf(expression)
}
