import { SOME_REFERENCE, SOME_TIMESTAMP } from '../../audit-fields/kinds'
import type { Column, Partition, Table } from '../../database/model'
import type {
  AuditTarget,
  ColumnPlace,
  ColumnType,
  ForeignKeyPlace,
  IndexPlace,
  TimestampTarget,
  UserReferenceTarget,
} from './audit-target'

/**
 * The parts of targets and places that the builders of steps use, as the journal stores them (see `StepRecipe`), and
 * how to restore them: all other parts are only for the planner, and stay empty.
 */
export interface RecipeTable {
  readonly kind: Table['kind']
  readonly estimatedRows: number | null
  readonly partitions: readonly Partition[] | null
  /** With the type of each column as printed by `format_type`; null if there is none. */
  readonly primaryKey: { readonly name: string; readonly columns: readonly RecipeKeyColumn[] } | null
}

export type RecipeKeyColumn = Pick<
  Column,
  'name' | 'type' | 'typeName' | 'typeSchema' | 'isArray' | 'typeKind' | 'base'
>

export interface RecipeColumn {
  readonly schema: string
  readonly table: string
  readonly column: string
  readonly nullable: boolean
  readonly type: ColumnType | null
  readonly databaseTable: RecipeTable | null
  readonly partitionOf?: string
}

export interface RecipeTimestamp extends RecipeColumn {
  readonly type: ColumnType
  readonly lastingDefault: string | null
}

export type RecipeForeignKey = Omit<ForeignKeyPlace, 'databaseTable'> & { readonly databaseTable: RecipeTable | null }

export type RecipeIndex = Omit<IndexPlace, 'databaseTable'> & { readonly databaseTable: RecipeTable | null }

export function recipeTable(table: Table | null): RecipeTable | null {
  if (table === null) return null
  const { kind, estimatedRows, partitions, primaryKey } = table
  const typed = (primaryKey?.columns ?? []).map((name) => table.columns.find((column) => column.name === name))
  const known = typed.flatMap((column) => (column === undefined ? [] : [recipeKeyColumn(column)]))
  const isKnown = primaryKey !== null && known.length === primaryKey.columns.length
  return {
    kind,
    estimatedRows,
    partitions: kind === 'partitioned table' ? (partitions?.map(recipePartition) ?? null) : null,
    primaryKey: isKnown ? { name: primaryKey.name, columns: known } : null,
  }
}

/** Without the parts that only the planner needs. */
export function recipePartition({ schema, name, kind, parent, estimatedRows }: Partition): Partition {
  return { schema, name, kind, parent, estimatedRows }
}

function recipeKeyColumn({ name, type, typeName, typeSchema, isArray, typeKind, base }: Column): RecipeKeyColumn {
  return { name, type, typeName, typeSchema, isArray, typeKind, ...(base === undefined ? {} : { base }) }
}

export function recipeColumn({ schema, table, column, nullable, type, ...rest }: ColumnPlace): RecipeColumn {
  const { databaseTable, partitionOf } = rest
  return {
    ...{ schema, table, column, nullable, type },
    databaseTable: recipeTable(databaseTable),
    ...(partitionOf === undefined ? {} : { partitionOf }),
  }
}

export function recipeTimestamp(target: TimestampTarget): RecipeTimestamp {
  return { ...recipeColumn(target), type: target.type, lastingDefault: target.lastingDefault }
}

export function recipeForeignKey(place: ForeignKeyPlace): RecipeForeignKey {
  const { schema, table, columns, referenced, name, onDelete, onUpdate, databaseTable } = place
  return { schema, table, columns, referenced, name, onDelete, onUpdate, databaseTable: recipeTable(databaseTable) }
}

export function recipeIndex({
  schema,
  table,
  label,
  unique,
  definition,
  column,
  databaseTable,
}: IndexPlace): RecipeIndex {
  return {
    ...{ schema, table, label, unique, definition },
    ...(column === undefined ? {} : { column }),
    databaseTable: recipeTable(databaseTable),
  }
}

/** A target or a place with the table that the builders expect. */
export function withTable<Place extends { readonly schema: string; readonly table: string }>(
  place: Place & { readonly databaseTable: RecipeTable | null },
): Omit<Place, 'databaseTable'> & { readonly databaseTable: Table | null } {
  return { ...place, databaseTable: tableOf(place, place.databaseTable) }
}

export function timestampTarget(stored: RecipeTimestamp): TimestampTarget {
  return {
    ...withTable(stored),
    ...FOR_THE_PLANNER,
    shape: 'timestamp',
    field: SOME_TIMESTAMP,
    isFilledByDefault: true,
    createdAt: null,
    populate: null,
    populateOfBrokenRun: null,
    trigger: null,
  }
}

/** A target of which only the column is used. */
export function columnTarget(stored: RecipeColumn): UserReferenceTarget {
  return {
    ...withTable(stored),
    ...FOR_THE_PLANNER,
    shape: 'user',
    field: SOME_REFERENCE,
    foreignKey: null,
    populate: null,
  }
}

function tableOf({ schema, table }: { readonly schema: string; readonly table: string }, stored: RecipeTable | null) {
  if (stored === null) return null
  const { kind, estimatedRows, partitions, primaryKey } = stored
  const whole: Table = {
    ...{ schema, name: table, kind, estimatedRows },
    ...(partitions === null ? {} : { partitions }),
    columns: (primaryKey?.columns ?? []).map((column) => ({ ...NO_COLUMN, ...column })),
    primaryKey:
      primaryKey === null ? null : { name: primaryKey.name, columns: primaryKey.columns.map(({ name }) => name) },
    ...{ uniqueConstraints: [], exclusionConstraints: [], indexes: [], foreignKeys: [], checks: [], triggers: [] },
    ...{ rowSecurity: false, totalBytes: null, canAlter: true },
  }
  return whole
}

const FOR_THE_PLANNER = {
  model: '',
  databaseColumn: null,
  isInSchema: true,
  index: null,
} satisfies Partial<AuditTarget>

const NO_COLUMN = {
  ...{ nullable: false, default: null, identity: null, generated: null, ownedSequence: null },
} satisfies Partial<Column>
