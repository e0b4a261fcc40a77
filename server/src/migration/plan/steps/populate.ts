import type { Populate } from '../../../audit/policy'
import type { Table } from '../../../database/model'
import { quoteIdentifier } from '../../../database/quote'
import { ownersCheck } from '../../../verification/kinds/owners'
import type { Step } from '../../model'
import type { UserReferenceTarget } from '../audit-target'
import { blockBatches, keyBatches } from '../batches'
import { columnIn, tableName } from '../sql'

/**
 * Gives the rows that stand already an owner, a batch a transaction, so that no writer waits longer than a batch takes.
 * The foreign key stands by then, so an owner that is deleted meanwhile cannot be written.
 */
export function populate(target: UserReferenceTarget, table: Table, how: Exclude<Populate, 'none'>): Step {
  return {
    ...fill(target, table, how),
    id: `populate:${target.schema}.${target.table}.${target.column}`,
    title:
      how === 'first-user' ? `Let the first user own the rows of ${tableName(target)}` : `Fill ${columnIn(target)}`,
  }
}

/** Fills what was inserted without an owner while `populate` ran; from the CHECK before it on, no more can come. */
export function populateLatecomers(target: UserReferenceTarget, table: Table, how: Exclude<Populate, 'none'>): Step {
  return {
    ...fill(target, table, how),
    id: `populate-latecomers:${target.schema}.${target.table}.${target.column}`,
    title: `Fill ${columnIn(target)} where rows came meanwhile`,
  }
}

function fill(target: UserReferenceTarget, table: Table, how: Exclude<Populate, 'none'>) {
  const walk = {
    table: tableName(target),
    alias: quoteIdentifier(target.table),
    column: quoteIdentifier(target.column),
    columnName: target.column,
    isOneValue: how === 'first-user',
    value: how === 'first-user' ? firstUser(target) : `(${how.sql}\n)`,
  }
  const keyColumns = keyColumnsOf(table)
  const { script, batch } = keyColumns === null ? blockBatches(walk) : keyBatches(walk, keyColumns)
  return {
    kind: 'populate',
    schema: target.schema,
    table: target.table,
    object: null,
    leftovers: null,
    up: [script],
    // The values go with the column.
    down: [],
    verify: [ownersCheck(target)],
    lock: { mode: 'ROW EXCLUSIVE', tables: [tableName(target)], duration: 'a batch at a time, its rows only' },
    transaction: 'batches',
    batch,
    privileges: [
      { action: 'own', name: tableName(target) },
      ...(how === 'first-user' ? [{ action: 'select', name: tableName(target.user) } as const] : []),
    ],
    rewrites: false,
    scans: true,
    estimatedRows: table.estimatedRows,
  } as const
}

/** Asked anew for each batch, so that it is a user who is still there. */
function firstUser(target: UserReferenceTarget): string {
  const key = quoteIdentifier(target.user.column)
  return `(SELECT ${key} FROM ${tableName(target.user)} ORDER BY ${key} LIMIT 1)`
}

function keyColumnsOf(table: Table) {
  if (table.primaryKey === null) return null
  const columns = table.primaryKey.columns.map((name) => table.columns.find((column) => column.name === name))
  return columns.every((column) => column !== undefined) ? columns : null
}
