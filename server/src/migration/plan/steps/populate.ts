import type { Table } from '../../../database/model'
import { quoteIdentifier } from '../../../database/quote'
import { ownersCheck } from '../checks/owners'
import { step } from './step'
import type { Step } from '../../model'
import type { ColumnPlace, Populating, UserKey, UserReferenceTarget } from '../audit-target'
import { blockBatches, keyBatches, wholeFill } from '../batches'
import { typeOfColumn } from '../column-type'
import type { SparedNulls } from '../spared-nulls'
import { quotedList, tableName } from '../sql'
import { recipeColumn } from '../recipe-parts'
import { titleOfColumn, titleOfName } from '../titles'

/**
 * Sets the owner of existing rows, one batch per transaction, so that no writer waits longer than a batch takes. The
 * foreign key already exists, so a deleted owner cannot be written.
 */
export function populate(target: UserReferenceTarget, table: Table, how: Populating): Step {
  const title =
    how.kind === 'sql'
      ? `Fill ${titleOfColumn(target)}`
      : how.from === null
        ? `Fill ${titleOfColumn(target)} with the first user`
        : `Fill ${titleOfColumn(target)} from ${titleOfName(how.from.column)}`
  return fillStep(target, table, { ...valueOf(how), name: 'populate', title })
}

/** Fills rows that were inserted without an owner while `populate` ran; the CHECK before it prevents more. */
export function populateLatecomers(target: UserReferenceTarget, table: Table, how: Populating): Step {
  const title = `Fill ${titleOfColumn(target)} in rows added since`
  return fillStep(target, table, { ...valueOf(how), name: 'populate-latecomers', title })
}

/** Fills a column with an expression over the row: its own default, or the time that the policy chooses. */
export function fillColumn(
  place: ColumnPlace,
  table: Table,
  value: string,
  name: 'populate' | 'populate-latecomers',
): Step {
  const title =
    name === 'populate' ? `Fill ${titleOfColumn(place)}` : `Fill ${titleOfColumn(place)} in rows added since`
  return fillStep(place, table, { value, isOneValue: false, readsFrom: null, name, title })
}

/** The value of a fill, and the name of the step. */
export interface Filling {
  /** An expression in SQL, in parentheses unless it is just a name; it may use the row's columns. */
  readonly value: string
  readonly isOneValue: boolean
  /** The quoted name of the table that the value is read from; null if unknown. */
  readonly readsFrom: string | null
  readonly name: 'populate' | 'populate-latecomers'
  readonly title: string
  /** Rows that stay NULL because a rollback preserved that; omitted: none. */
  readonly spared?: readonly SparedNulls[]
}

export function fillStep(place: ColumnPlace, table: Table, filling: Filling): Step {
  const { value, isOneValue, readsFrom, name, title, spared = [] } = filling
  const walk = walkOver(place, table, { value, isOneValue, spared })
  const remembered = spared.length === 0 ? {} : { spared }
  const reads = readsFrom === null ? [] : [{ action: 'select', name: readsFrom } as const]
  const column = recipeColumn({ ...place, databaseTable: table })
  return step({
    ...walk,
    recipe: { builder: 'fill', parameters: { column, value, isOneValue, readsFrom, name, title, ...remembered } },
    id: `${name}:${place.schema}.${place.table}.${place.column}`,
    title,
    privileges: [{ action: 'own', name: tableName(place) }, ...reads],
  })
}

function valueOf(how: Populating) {
  if (how.kind === 'sql') return { value: `(${how.sql}\n)`, isOneValue: false, readsFrom: null }
  const readsFrom = tableName(how.user)
  if (how.from === null) return { value: firstUser(how.user), isOneValue: true, readsFrom }
  const { isCertain, value } = how.from
  return { value: isCertain ? value : `(COALESCE(${value}, ${firstUser(how.user)}))`, isOneValue: false, readsFrom }
}

function walkOver(
  place: ColumnPlace,
  table: Table,
  { value, isOneValue, spared }: Required<Pick<Filling, 'value' | 'isOneValue' | 'spared'>>,
) {
  const walk = {
    table: tableName(place),
    // The policy's SQL may use the name of the row's table, which is that of the schema.
    alias: quoteIdentifier(place.partitionOf ?? place.table),
    isAliased: place.partitionOf !== undefined,
    column: quoteIdentifier(place.column),
    columnName: place.column,
    type: typeOfFilled(place, table),
    value,
    isOneValue,
    spared,
  }
  const keyColumns = keyColumnsOf(table)
  const { script, batch } = keyColumns === null ? blockBatches(walk) : keyBatches(walk, keyColumns)
  return {
    kind: 'populate',
    schema: place.schema,
    table: place.table,
    up: [script],
    // The values are dropped with the column.
    down: [],
    verify: [ownersCheck(place)],
    lock: { mode: 'ROW EXCLUSIVE', tables: [tableName(place)], duration: 'row-batches' },
    transaction: 'batches',
    batch: { ...batch, whole: wholeFill(walk) },
    scans: true,
    estimatedRows: table.estimatedRows,
  } as const
}

/** Queried again for each batch, so that the user still exists. */
function firstUser(user: UserKey): string {
  return `(${oldestUser(user, quoteIdentifier(user.column))})`
}

/** `what` of the first user. */
export function oldestUser(user: UserKey, what: string): string {
  const { column, createdAt } = user
  const order = createdAt === null ? [column] : [createdAt, column]
  return `SELECT ${what} FROM ${tableName(user)} ORDER BY ${quotedList(order)} LIMIT 1`
}

function typeOfFilled({ type, column }: ColumnPlace, table: Table): string {
  if (type !== null) return type.sql
  const existing = table.columns.find(({ name }) => name === column)
  return existing === undefined ? '' : typeOfColumn(existing).sql
}

function keyColumnsOf(table: Table) {
  if (table.primaryKey === null) return null
  const columns = table.primaryKey.columns.map((name) => table.columns.find((column) => column.name === name))
  if (!columns.every((column) => column !== undefined)) return null
  // The order of a type such as citext uses operators of its own, which the walk does not name.
  return columns.every((column) => typeOfColumn(column).operatorSchema === undefined) ? columns : null
}
