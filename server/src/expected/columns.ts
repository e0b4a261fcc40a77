import type { Attribute, EnumBlock, Expression, Field, ModelBlock } from '../schema/model'
import { columnNameOf, databaseNameOf, databaseSchemaOf, findAttribute } from '../schema/lookup'
import { argumentOf, itemsOf, labelOf, nativeTypeOf, stringOf } from './attributes'
import type { ExpectedColumn, ExpectedDefault, ExpectedType } from './model'
import { isScalarTypeName, scalarType } from './scalar-types'
import { relatedModel, type Lookup } from './scope'

/**
 * The columns of a model, in the order of its fields. `@ignore` only hides a field from Prisma Client, so its column is
 * expected. If two fields map to one column, the first counts.
 */
export function expectedColumns(model: ModelBlock, scope: Lookup): ExpectedColumn[] {
  const columns = new Map<string, ExpectedColumn>()
  for (const field of model.fields) {
    if (relatedModel(field, scope) !== undefined) continue
    const column = expectedColumn(field, scope)
    if (!columns.has(column.name)) columns.set(column.name, column)
  }
  return [...columns.values()]
}

function expectedColumn(field: Field, scope: Lookup): ExpectedColumn {
  const defaultAttribute = findAttribute(field, 'default')
  const enumeration = enumOf(field, scope)
  const { range } = field.name
  return {
    name: columnNameOf(field),
    field: field.name.text,
    type: expectedType(field, enumeration),
    isList: field.type.arity === 'list',
    // Prisma creates list columns nullable and reads NULL as an empty list.
    nullable: field.type.arity !== 'required',
    default: defaultAttribute === null ? null : expectedDefault(defaultAttribute, enumeration),
    isUpdatedAt: findAttribute(field, 'updatedAt') !== null,
    range,
    typeRange: field.type.range,
    defaultRange: defaultAttribute?.range ?? range,
  }
}

function expectedType(field: Field, enumeration: EnumBlock | undefined): ExpectedType {
  const { name, unsupported } = field.type
  if (unsupported !== null) return { kind: 'unsupported', text: unsupported }
  if (isScalarTypeName(name)) {
    const type = scalarType(name, nativeTypeOf(field))
    return type ?? { kind: 'unknown' }
  }
  if (enumeration === undefined) return { kind: 'unknown' }
  return { kind: 'enum', schema: databaseSchemaOf(enumeration), name: databaseNameOf(enumeration) }
}

function enumOf(field: Field, scope: Lookup): EnumBlock | undefined {
  if (isScalarTypeName(field.type.name)) return undefined
  const block = scope.find(field.type.name)
  return block?.kind === 'enum' ? block : undefined
}

/** Null for values that Prisma Client generates (`uuid()`, `cuid()`, `nanoid()`, `ulid()`), and for incomplete ones. */
function expectedDefault(attribute: Attribute, enumeration: EnumBlock | undefined): ExpectedDefault | null {
  const value = argumentOf(attribute, 'value', 0)
  if (value === undefined) return null
  if (value.kind === 'array') {
    const values = itemsOf(value).map((item) => literalText(item, enumeration))
    return values.every((text) => text !== null) ? { kind: 'list', values } : null
  }
  if (value.kind !== 'function') {
    const text = literalText(value, enumeration)
    return text === null ? null : { kind: 'literal', value: text }
  }
  switch (value.name) {
    case 'now':
      return { kind: 'now' }
    case 'autoincrement':
    case 'sequence':
      return { kind: 'sequence' }
    case 'dbgenerated': {
      const text = stringOf(argumentOf(value, 'value', 0))
      return { kind: 'expression', text: text === '' ? null : text }
    }
    default:
      return null
  }
}

function literalText(value: Expression, enumeration: EnumBlock | undefined): string | null {
  if (value.kind === 'string' || value.kind === 'number') return value.value
  if (value.kind !== 'word') return null
  if (enumeration === undefined) return value.value
  const named = enumeration.values.find(({ name }) => name.text === value.value)
  return named === undefined ? null : labelOf(named)
}
