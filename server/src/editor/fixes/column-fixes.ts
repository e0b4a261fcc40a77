import type { Finding } from '../../audit/finding'
import { compareDefaults } from '../../audit/values/defaults'
import type { Column } from '../../database/model'
import type { ExpectedColumn } from '../../expected/model'
import { columnNameOf, findAttribute, findField } from '../../schema/lookup'
import type { Field } from '../../schema/model'
import type { FieldRow } from '../../schema/edits/field-rows'
import { insertIntoModel } from '../../schema/edits/model-insertion'
import { removeFromModel } from '../../schema/edits/model-removal'
import { firstFree } from '../../schema/edits/names'
import { namingConventionOf } from '../../schema/edits/naming-convention'
import { scalarNamesOf } from '../../schema/edits/relations'
import type { ModelContext } from '../model-context'
import { prismaDefaultOf } from './prisma-default'
import { prismaTypeOf, type PrismaType } from './prisma-type'
import { attributeTexts, isNativeType, joinedAttributes, rewriteFields, withAttribute } from './rewrite-fields'
import type { SchemaFix } from './schema-fix'

/** `column-type`: gives the field the column's type, and the matching default. */
export function columnTypeFixes(finding: Finding, context: ModelContext): SchemaFix[] {
  const found = fieldAndColumn(finding, context)
  if (found === null) return []
  const { field, column, type } = found
  const isList = (column.base ?? column).isArray
  const wasList = field.type.arity === 'list'
  const optional = wasList ? column.nullable : field.type.arity === 'optional'
  const arity = isList ? '[]' : optional ? '?' : ''
  const typed = withAttribute(attributeTexts(context, field), isNativeType, type.native)
  const attributes = keepsItsDefault(field, column) ? typed : withDefault(typed, column, type)
  const edits = rewriteFields(
    context,
    new Map([[field, { type: type.name + arity, attributes: joinedAttributes(attributes) }]]),
  )
  const spelled = [type.name + arity, ...(type.native === null ? [] : [type.native.text])].join(' ')
  return [
    { title: context.t('Change {0} to {1}, as in the database', nameOf(finding), spelled), edits, isPreferred: false },
  ]
}

/** `column-nullability`: makes the field, and its relations, optional or required like the column. */
export function columnNullabilityFixes(finding: Finding, context: ModelContext): SchemaFix[] {
  const found = fieldAndColumn(finding, context)
  if (found === null) return []
  const { field, column } = found
  const { model } = context.found
  const isOptional = (name: string): boolean =>
    name === field.name.text ? column.nullable : findField(model, name)?.type.arity === 'optional'
  const relations = model.fields.filter(
    (each) => each.type.arity !== 'list' && scalarNamesOf(each).includes(field.name.text),
  )
  const rows = new Map<Field, Partial<FieldRow>>([
    [field, { type: withArity(context, field, column.nullable) }],
    ...relations.map(
      (relation) =>
        [relation, { type: withArity(context, relation, scalarNamesOf(relation).some(isOptional)) }] as const,
    ),
  ])
  const { t } = context
  const title = column.nullable
    ? t('Make {0} optional, as in the database', nameOf(finding))
    : t('Make {0} required, as in the database', nameOf(finding))
  return [{ title, edits: rewriteFields(context, rows), isPreferred: false }]
}

/** `column-default`: gives the field the column's default. If both mean the same, this changes nothing else. */
export function columnDefaultFixes(finding: Finding, context: ModelContext): SchemaFix[] {
  const found = fieldAndColumn(finding, context)
  if (found === null) return []
  const { field, column, type, expected } = found
  const { t } = context
  const wanted = prismaDefaultOf(column, type)
  const attributes = withDefault(attributeTexts(context, field), column, type)
  const edits = rewriteFields(context, new Map([[field, { attributes: joinedAttributes(attributes) }]]))
  const title =
    wanted === null
      ? t('Remove the default of {0}: the column has none', nameOf(finding))
      : t('Set the default of {0} to {1}, as in the database', nameOf(finding), wanted)
  const database = context.sides.pair?.database
  const isPreferred = database !== undefined && compareDefaults(expected, column, database) === 'spelling'
  return [{ title, edits, isPreferred }]
}

/** `column-unmapped`: adds a field for the column to the model. */
export function columnUnmappedFixes(finding: Finding, context: ModelContext): SchemaFix[] {
  const { t, schema, found, sides, lines } = context
  const column = sides.table?.columns.find(({ name }) => name === finding.column)
  const type = column === undefined || sides.pair === null ? null : typeOf(column, context)
  if (column === undefined || type === null) return []
  const taken = new Set(found.model.fields.map(({ name }) => name.text))
  const name = fieldNameFor(column.name, namingConventionOf(schema)(found.model), taken)
  const isList = (column.base ?? column).isArray
  const map = name === column.name ? null : { name: 'map', text: `@map(${JSON.stringify(column.name)})` }
  const attributes = [...(map === null ? [] : [map]), ...(type.native === null ? [] : [type.native])]
  const row = {
    name,
    type: type.name + (isList ? '[]' : column.nullable ? '?' : ''),
    attributes: joinedAttributes(withDefault(attributes, column, type)),
  }
  const edits = insertIntoModel(found, lines, { rows: [[row]], indexes: [] })
  const title = t('Add {0} for the column "{1}"', `${found.model.name.text}.${name}`, column.name)
  return [{ title, edits, isPreferred: false }]
}

/** `column-missing`: removes the field from the schema. */
export function columnMissingFixes(finding: Finding, { t, found, lines }: ModelContext): SchemaFix[] {
  const field = findField(found.model, finding.field ?? '')
  if (field === null) return []
  const edits = removeFromModel(found, lines, new Set([field]), new Set())
  const title = t('Remove {0}: the table has no such column', nameOf(finding))
  return [{ title, edits, isPreferred: false }]
}

interface FieldAndColumn {
  readonly field: Field
  readonly expected: ExpectedColumn
  readonly column: Column
  readonly type: PrismaType
}

/** Null for the columns of join tables, and for a type that Prisma does not have. */
function fieldAndColumn({ field: name, column }: Finding, context: ModelContext): FieldAndColumn | null {
  const field = findField(context.found.model, name ?? '')
  const pair = context.sides.pair?.columns.pairs.find(({ expected }) => expected.name === column)
  if (field === null || pair === undefined || columnNameOf(field) !== column) return null
  const type = typeOf(pair.actual, context)
  return type === null ? null : { field, expected: pair.expected, column: pair.actual, type }
}

function typeOf(column: Column, { schema, sides }: ModelContext): PrismaType | null {
  return prismaTypeOf(column, schema, sides.pair?.database.defaultSchema ?? 'public')
}

function withDefault(attributes: ReturnType<typeof attributeTexts>, column: Column, type: PrismaType) {
  const value = prismaDefaultOf(column, type)
  const added = value === null ? null : { name: 'default', text: `@default(${value})` }
  return withAttribute(attributes, (name) => name === 'default', added)
}

/** Values that Prisma Client generates need no default in the database. */
function keepsItsDefault(field: Field, column: Column): boolean {
  const value = findAttribute(field, 'default')?.arguments[0]?.value
  const isOfTheClient = value?.kind === 'function' && /^(?:uuid|cuid|nanoid|ulid)$/.test(value.name)
  return isOfTheClient && column.default === null && column.identity === null
}

function withArity({ found, lines }: ModelContext, field: Field, isOptional: boolean): string {
  const { start, end } = field.type.range
  const line = found.placed.startLine
  const text = lines.slice({ start: { ...start, line: start.line + line }, end: { ...end, line: end.line + line } })
  return text.replace(/\?$/, '') + (isOptional ? '?' : '')
}

/** The name that `prisma db pull` would choose, but in the model's naming convention. */
function fieldNameFor(column: string, usesSnakeCase: boolean, taken: ReadonlySet<string>): string {
  const camel = usesSnakeCase
    ? column
    : column.replace(/(?<=[a-z\d])_+([a-zA-Z\d])/g, (_, next: string) => next.toUpperCase())
  const valid = camel.replace(/[^A-Za-z\d_]/g, '_').replace(/^[^A-Za-z]+/, '')
  const name = valid === '' ? 'column' : valid
  return firstFree([name, `${name}Column`], (candidate) => taken.has(candidate))
}

function nameOf({ model, field }: Finding): string {
  return `${model ?? ''}.${field ?? ''}`
}
