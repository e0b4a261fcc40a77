import type { Field, ModelBlock } from '../schema/model'
import { databaseNameOf, databaseSchemaOf, findAttribute } from '../schema/lookup'
import { argumentOf, itemsOf, stringOf } from './attributes'
import { expectedColumns } from './columns'
import { expectedPrimaryKey } from './keys'
import type { ExpectedColumn, ExpectedForeignKey, ExpectedIndex, ExpectedTable } from './model'
import { joinTableNames, type JoinTableNames } from './names'
import { relatedModel, type Lookup } from './scope'

/**
 * The tables of the implicit many-to-many relations whose first side (A, by model names in Prisma's order) is this
 * model. Columns A and B, keys and names as in Prisma (prisma-engines, `sql_schema_calculator.rs`).
 */
export function expectedJoinTables(model: ModelBlock, scope: Lookup): ExpectedTable[] {
  const tables: ExpectedTable[] = []
  for (const field of model.fields) {
    const other = relatedModel(field, scope)
    if (model.kind !== 'model' || other?.kind !== 'model' || !isBareList(field)) continue
    const opposite = oppositeField(model, field, other)
    if (opposite === undefined || !isFirstSide(model, field, other, opposite)) continue
    const table = joinTable(model, field, other, scope)
    if (table !== null) tables.push(table)
  }
  return tables
}

/** A list of models without `fields` of its own. */
function isBareList(field: Field): boolean {
  const relation = findAttribute(field, 'relation')
  return field.type.arity === 'list' && (relation === null || itemsOf(argumentOf(relation, 'fields')).length === 0)
}

/** The plain list on the other side with the same relation name. */
function oppositeField(model: ModelBlock, field: Field, other: ModelBlock): Field | undefined {
  const name = relationName(field)
  return other.fields.find(
    (candidate) =>
      candidate !== field &&
      candidate.type.name === model.name.text &&
      isBareList(candidate) &&
      relationName(candidate) === name,
  )
}

function relationName(field: Field): string | null {
  const relation = findAttribute(field, 'relation')
  return relation === null ? null : stringOf(argumentOf(relation, 'name', 0))
}

function isFirstSide(model: ModelBlock, field: Field, other: ModelBlock, opposite: Field): boolean {
  if (model === other) return field.name.text < opposite.name.text
  return model.name.text < other.name.text
}

/** Null if one side has no single-column key to reference, which Prisma rejects too. */
function joinTable(model: ModelBlock, field: Field, other: ModelBlock, scope: Lookup): ExpectedTable | null {
  const keyA = keyColumn(model, scope)
  const keyB = keyColumn(other, scope)
  if (keyA === undefined || keyB === undefined) return null
  const names = joinTableNames(relationName(field) ?? `${model.name.text}To${other.name.text}`)
  return {
    model: model.name.text,
    block: model,
    relationField: field.name.text,
    schema: databaseSchemaOf(model),
    name: names.table,
    columns: [joinColumn('A', keyA, field), joinColumn('B', keyB, field)],
    primaryKey: {
      name: names.primaryKey,
      columns: ['A', 'B'],
      formerUniqueIndex: names.formerUniqueIndex,
      range: field.name.range,
    },
    indexes: [joinIndex(names, field)],
    foreignKeys: scope.configuration.usesForeignKeys
      ? [
          joinForeignKey('A', names.foreignKeyA, model, keyA, field),
          joinForeignKey('B', names.foreignKeyB, other, keyB, field),
        ]
      : [],
    comparesConditions: scope.configuration.comparesConditions,
    range: field.name.range,
  }
}

function keyColumn(model: ModelBlock, scope: Lookup): ExpectedColumn | undefined {
  const key = expectedPrimaryKey(model, '')
  if (key?.columns.length !== 1) return undefined
  return expectedColumns(model, scope).find(({ name }) => name === key.columns[0])
}

function joinColumn(name: 'A' | 'B', key: ExpectedColumn, field: Field): ExpectedColumn {
  return {
    name,
    field: field.name.text,
    type: key.type,
    isList: false,
    nullable: false,
    default: null,
    isUpdatedAt: false,
    range: field.name.range,
    typeRange: field.name.range,
    defaultRange: field.name.range,
  }
}

function joinIndex(names: JoinTableNames, field: Field): ExpectedIndex {
  return {
    name: names.index,
    unique: false,
    method: 'btree',
    columns: [{ column: 'B', descending: false, operatorClass: null }],
    isPartial: false,
    predicate: null,
    field: field.name.text,
    range: field.name.range,
  }
}

function joinForeignKey(
  column: 'A' | 'B',
  name: string,
  referenced: ModelBlock,
  key: ExpectedColumn,
  field: Field,
): ExpectedForeignKey {
  return {
    name,
    isNamed: false,
    field: field.name.text,
    columns: [column],
    referencedSchema: databaseSchemaOf(referenced),
    referencedTable: databaseNameOf(referenced),
    referencedColumns: [key.name],
    onDelete: 'CASCADE',
    onUpdate: 'CASCADE',
    range: field.name.range,
  }
}
