import type { ReferentialAction } from '../database/model'
import type { Attribute, Expression, Field, ModelBlock } from '../schema/model'
import { columnNameOf, databaseNameOf, databaseSchemaOf, findAttribute } from '../schema/lookup'
import { argumentOf, itemsOf, stringOf, wordOf } from './attributes'
import type { ExpectedForeignKey } from './model'
import { foreignKeyName } from './names'
import { relatedModel, type Lookup } from './scope'

/** A foreign key for each relation whose `fields` are in this model; none for relations to views. */
export function expectedForeignKeys(model: ModelBlock, table: string, scope: Lookup): ExpectedForeignKey[] {
  if (!scope.configuration.usesForeignKeys) return []
  return model.fields.flatMap((field) => {
    const referenced = relatedModel(field, scope)
    const relation = findAttribute(field, 'relation')
    if (referenced?.kind !== 'model' || relation === null) return []
    return foreignKey(model, table, field, relation, referenced) ?? []
  })
}

function foreignKey(
  model: ModelBlock,
  table: string,
  field: Field,
  relation: Attribute,
  referenced: ModelBlock,
): ExpectedForeignKey | null {
  const fields = fieldsNamed(model, argumentOf(relation, 'fields'))
  const referencedFields = fieldsNamed(referenced, argumentOf(relation, 'references'))
  if (fields === null || referencedFields?.length !== fields.length) return null
  const columns = fields.map(columnNameOf)
  // One required column makes the relation required, regardless of the relation field.
  const required = field.type.arity === 'required' || fields.some(({ type }) => type.arity === 'required')
  return {
    name: stringOf(argumentOf(relation, 'map')) ?? foreignKeyName(table, columns),
    isNamed: true,
    field: field.name.text,
    columns,
    referencedSchema: databaseSchemaOf(referenced),
    referencedTable: databaseNameOf(referenced),
    referencedColumns: referencedFields.map(columnNameOf),
    onDelete: action(argumentOf(relation, 'onDelete')) ?? (required ? 'RESTRICT' : 'SET NULL'),
    onUpdate: action(argumentOf(relation, 'onUpdate')) ?? 'CASCADE',
    range: relation.range,
  }
}

/** Null if none is given, or one of them does not exist. */
function fieldsNamed(model: ModelBlock, list: Expression | undefined): Field[] | null {
  const names = itemsOf(list).map(wordOf)
  const fields = names.map((name) => model.fields.find((field) => field.name.text === name))
  return fields.length > 0 && fields.every((field) => field !== undefined) ? fields : null
}

const ACTIONS: ReadonlyMap<string, ReferentialAction> = new Map<string, ReferentialAction>([
  ['Cascade', 'CASCADE'],
  ['Restrict', 'RESTRICT'],
  ['NoAction', 'NO ACTION'],
  ['SetNull', 'SET NULL'],
  ['SetDefault', 'SET DEFAULT'],
])

function action(expression: Expression | undefined): ReferentialAction | undefined {
  return ACTIONS.get(wordOf(expression) ?? '')
}
