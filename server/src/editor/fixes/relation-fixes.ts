import type { Finding } from '../../audit/finding'
import type { ForeignKey, ReferentialAction } from '../../database/model'
import { foreignKeyName } from '../../expected/names'
import {
  columnNameOf,
  databaseNameOf,
  databaseSchemaOf,
  findAttribute,
  findField,
  modelsOf,
  type FoundModel,
} from '../../schema/lookup'
import type { ModelBlock } from '../../schema/model'
import type { FieldRow } from '../../schema/edits/field-rows'
import { insertIntoModel } from '../../schema/edits/model-insertion'
import { firstFree, lowerPlural } from '../../schema/edits/names'
import { modelsAreRelated, relationNamesBetween } from '../../schema/edits/relations'
import { SourceLines } from '../../schema/edits/source-lines'
import type { TextEdit } from '../../schema/edits/text-edit'
import type { ModelContext } from '../model-context'
import { attributeTexts, joinedAttributes, rewriteFields, withAttribute } from './rewrite-fields'
import type { SchemaFix } from './schema-fix'
import { withArguments } from './with-arguments'

/** `foreign-key-definition`: gives the relation the foreign key's actions, if nothing else differs. */
export function foreignKeyDefinitionFixes(finding: Finding, context: ModelContext): SchemaFix[] {
  const pair = context.sides.pair?.foreignKeys.pairs.find(({ actual }) => actual.name === finding.object)
  const field = findField(context.found.model, finding.field ?? '')
  const relation = field === null ? null : findAttribute(field, 'relation')
  if (pair === undefined || field === null || relation === null) return []
  const { expected, actual } = pair
  const isSameReference =
    expected.referencedTable === actual.referencedTable &&
    expected.columns.join() === actual.columns.join() &&
    expected.referencedColumns.join() === actual.referencedColumns.join()
  if (!isSameReference) return []
  const actions = {
    ...(expected.onDelete === actual.onDelete ? {} : { onDelete: ACTIONS[actual.onDelete] }),
    ...(expected.onUpdate === actual.onUpdate ? {} : { onUpdate: ACTIONS[actual.onUpdate] }),
  }
  const text = withArguments(relation, actions, context)
  const attributes = withAttribute(attributeTexts(context, field), (name) => name === 'relation', {
    name: 'relation',
    text,
  })
  const edits = rewriteFields(context, new Map([[field, { attributes: joinedAttributes(attributes) }]]))
  const words = Object.entries(actions).map(([name, action]) => `${name}: ${action}`)
  const title = context.t(
    'Set {0} on {1}, as in the database',
    words.join(', '),
    `${finding.model ?? ''}.${field.name.text}`,
  )
  return words.length === 0 ? [] : [{ title, edits, isPreferred: false }]
}

/** `foreign-key-unmapped`: adds a relation over the columns, and its opposite field in the other model. */
export function foreignKeyUnmappedFixes(finding: Finding, context: ModelContext): SchemaFix[] {
  const { found, sides, schema, lines } = context
  const key = sides.table?.foreignKeys.find(({ name }) => name === finding.object)
  const { expected } = sides.pair ?? {}
  const target = key === undefined ? null : modelOfTable(key, context)
  if (key === undefined || expected === undefined || target === null) return []
  const fields = key.columns.flatMap((column) => expected.columns.find(({ name }) => name === column) ?? [])
  const references = key.referencedColumns.flatMap((column) => fieldOfColumn(target.model, column) ?? [])
  if (fields.length < key.columns.length || references.length < key.referencedColumns.length) return []
  const names = fields.map(({ field }) => field)
  const isOptional = fields.some(({ nullable }) => nullable)
  const relation = namesOf(found.model, target.model, names)
  const attribute = relation.name === null ? [] : [JSON.stringify(relation.name)]
  const parts = [
    ...attribute,
    `fields: [${names.join(', ')}], references: [${references.join(', ')}]`,
    ...(key.onDelete === (isOptional ? 'SET NULL' : 'RESTRICT') ? [] : [`onDelete: ${ACTIONS[key.onDelete]}`]),
    ...(key.onUpdate === 'CASCADE' ? [] : [`onUpdate: ${ACTIONS[key.onUpdate]}`]),
    ...(key.name === foreignKeyName(expected.name, key.columns) ? [] : [`map: ${JSON.stringify(key.name)}`]),
  ]
  const row = {
    name: relation.field,
    type: target.model.name.text + (isOptional ? '?' : ''),
    attributes: `@relation(${parts.join(', ')})`,
  }
  const unique = [expected.primaryKey?.columns, ...expected.indexes.flatMap(uniqueColumns)]
  const isSingle = unique.some((columns) => columns?.join() === key.columns.join())
  const opposite = {
    name: relation.opposite(isSingle),
    type: found.model.name.text + (isSingle ? '?' : '[]'),
    attributes: relation.name === null ? '' : `@relation(${JSON.stringify(relation.name)})`,
  }
  const edits = rowEdits(found, [row], target, [opposite], { lines, schema })
  const title = context.t(
    'Add the relation {0} for the foreign key "{1}"',
    `${found.model.name.text}.${row.name}`,
    key.name,
  )
  return [{ title, edits, isPreferred: false }]
}

export const ACTIONS: Readonly<Record<ReferentialAction, string>> = {
  'NO ACTION': 'NoAction',
  RESTRICT: 'Restrict',
  CASCADE: 'Cascade',
  'SET NULL': 'SetNull',
  'SET DEFAULT': 'SetDefault',
}

function modelOfTable(key: ForeignKey, { schema, sides }: ModelContext): FoundModel | null {
  const defaultSchema = sides.pair?.database.defaultSchema
  const found = modelsOf(schema).find(
    ({ model }) =>
      databaseNameOf(model) === key.referencedTable &&
      (databaseSchemaOf(model) ?? defaultSchema) === key.referencedSchema,
  )
  return found ?? null
}

function fieldOfColumn(model: ModelBlock, column: string): string | null {
  return model.fields.find((field) => columnNameOf(field) === column)?.name.text ?? null
}

/** `owner` for `ownerId`; plus a relation name if Prisma could not tell it apart from another relation. */
function namesOf(model: ModelBlock, target: ModelBlock, scalars: readonly string[]) {
  const [scalar = ''] = scalars
  const stem = scalars.length === 1 ? scalar.replace(/_?(?:id|Id|ID|uuid|Uuid)$/, '') : ''
  const field = firstFree(
    [stem, lowerFirst(target.name.text), `${lowerFirst(target.name.text)}Relation`].filter(
      (name) => name !== '' && name !== scalar,
    ),
    (name) => findField(model, name) !== null,
  )
  const taken = relationNamesBetween(model, target)
  const name = modelsAreRelated(model, target)
    ? firstFree([`${model.name.text}${upperFirst(field)}`], (candidate) => taken.has(candidate))
    : null
  const isTaken = (candidate: string) =>
    findField(target, candidate) !== null || (model === target && candidate === field)
  const opposite = (isSingle: boolean) =>
    firstFree(
      isSingle
        ? [lowerFirst(model.name.text), `${field}${model.name.text}`]
        : [lowerPlural(model.name.text), `${field}${upperFirst(lowerPlural(model.name.text))}`],
      isTaken,
    )
  return { field, name, opposite }
}

function uniqueColumns({ unique, columns }: { unique: boolean; columns: readonly { column: string }[] }) {
  return unique ? [columns.map(({ column }) => column)] : []
}

function rowEdits(
  found: FoundModel,
  rows: readonly FieldRow[],
  target: FoundModel,
  opposites: readonly FieldRow[],
  { lines }: Pick<ModelContext, 'lines' | 'schema'>,
): TextEdit[] {
  if (found.model === target.model) {
    return insertIntoModel(found, lines, { rows: [[...rows, ...opposites]], indexes: [] })
  }
  const targetLines = target.file === found.file ? lines : new SourceLines(target.file.text.toString())
  return [
    ...insertIntoModel(found, lines, { rows: [rows], indexes: [] }),
    ...insertIntoModel(target, targetLines, { rows: [opposites], indexes: [] }),
  ]
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}

function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
