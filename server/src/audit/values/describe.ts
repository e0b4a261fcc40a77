import type { Column, ForeignKey, Index } from '../../database/model'
import type { ExpectedColumn, ExpectedForeignKey, ExpectedIndex } from '../../expected/model'
import { describeActualDefault, describeExpectedDefault } from './defaults'
import { quoteName, quoteNames } from './names'
import { describeActualType, describeExpectedType } from './types'

/** `timestamp(3) not null`, `text not null default 'x'`. */
export function describeExpectedColumn(column: ExpectedColumn): string {
  const parts = [describeExpectedType(column)]
  if (!column.nullable && !column.isList) parts.push('not null')
  if (column.default !== null) parts.push(describeExpectedDefault(column))
  return parts.join(' ')
}

export function describeActualColumn(column: Column): string {
  const parts = [describeActualType(column)]
  if (!column.nullable) parts.push('not null')
  if (column.default !== null || column.identity !== null || column.generated !== null)
    parts.push(describeActualDefault(column))
  return parts.join(' ')
}

/** `unique btree (email, "createdAt" desc) where …`. */
export function describeExpectedIndex(index: ExpectedIndex): string {
  const columns = index.columns.map(({ column, descending, operatorClass }) =>
    [quoteName(column), operatorClass, descending ? 'desc' : null].filter((part) => part !== null).join(' '),
  )
  return indexText(index.unique, index.method, columns, index.isPartial ? (index.predicate ?? 'a condition') : null)
}

export function describeActualIndex(index: Index): string {
  const columns = index.columns.map(({ column, expression, descending, operatorClass, isDefaultOperatorClass }) =>
    [
      column === null ? `(${expression ?? ''})` : quoteName(column),
      isDefaultOperatorClass ? null : operatorClass,
      descending ? 'desc' : null,
    ]
      .filter((part) => part !== null)
      .join(' '),
  )
  const included = index.includedColumns.length === 0 ? '' : ` include (${quoteNames(index.includedColumns)})`
  const nulls = index.nullsNotDistinct ? ' nulls not distinct' : ''
  return indexText(index.unique, index.method, columns, index.predicate, included + nulls)
}

function indexText(
  unique: boolean,
  method: string,
  columns: readonly string[],
  predicate: string | null,
  included = '',
): string {
  const where = predicate === null ? '' : ` where ${predicate}`
  return `${unique ? 'unique ' : ''}${method} (${columns.join(', ')})${included}${where}`
}

/** `foreign key ("ownerId") references "User" (id) on delete set null on update cascade`. */
export function describeForeignKey(key: ExpectedForeignKey | ForeignKey): string {
  return (
    `foreign key (${quoteNames(key.columns)}) references ${quoteName(key.referencedTable)} ` +
    `(${quoteNames(key.referencedColumns)}) on delete ${key.onDelete.toLowerCase()} on update ${key.onUpdate.toLowerCase()}`
  )
}
