import { phrase } from '../../text/phrase'
import { quoteNames } from '../values/names'
import { lacksColumn, nameOf, pairFinding, type TableRule } from './table-rule'

/**
 * `primary-key`: the keys have different columns, or one side has none. A key that only the database has, and a join table
 * that still has the unique index of Prisma 5, are information. So is a key WITHOUT OVERLAPS (version 18), which
 * Prisma's engine does not see, and one with INCLUDE columns, which it reads as columns of the key.
 */
export const primaryKey: TableRule = (pair) => {
  const wanted = pair.expected.primaryKey
  const found = pair.actual.primaryKey
  if (wanted === null && found === null) return []
  const index = pair.actual.indexes.find(({ primary }) => primary)
  const included = index?.includedColumns ?? []
  const isSame =
    wanted !== null &&
    (sameColumns(wanted.columns, found?.columns) || sameColumns(wanted.columns, found?.columns.concat(included)))
  const isTemporal = index !== undefined && index.method !== 'btree'
  const isUnusual = isSame && (isTemporal || included.length > 0)
  if (wanted !== null && (lacksColumn(pair, wanted.columns) || (isSame && !isUnusual))) return []
  const isFormer = wanted !== null && found === null && hasFormerUniqueIndex(pair, wanted.columns)
  const expected = wanted === null ? null : `primary key (${quoteNames(wanted.columns)})`
  const actual =
    found === null
      ? null
      : `primary key (${quoteNames(found.columns)}${isTemporal ? ' without overlaps' : ''})` +
        (included.length === 0 ? '' : ` include (${quoteNames(included)})`)
  return [
    pairFinding(pair, {
      code: 'primary-key',
      severity: wanted === null || isFormer || isUnusual ? 'information' : 'warning',
      message: isFormer
        ? phrase`${nameOf(pair.expected)} has a unique index where Prisma 6 and later create a primary key.`
        : phrase`${nameOf(pair.expected)} has ${expected ?? phrase`no primary key`}, but the table has ${actual ?? phrase`no primary key`}.`,
      object: found?.name ?? wanted?.name ?? null,
      expected,
      actual,
      ...(wanted === null ? {} : { range: wanted.range }),
    }),
  ]
}

function hasFormerUniqueIndex(pair: Parameters<TableRule>[0], columns: readonly string[]): boolean {
  const former = pair.expected.primaryKey?.formerUniqueIndex ?? null
  if (former === null) return false
  return pair.actual.indexes.some(
    (index) =>
      index.unique &&
      sameColumns(
        columns,
        index.columns.map(({ column }) => column ?? ''),
      ),
  )
}

function sameColumns(left: readonly string[], right: readonly string[] | undefined): boolean {
  return left.length === right?.length && left.every((name, index) => name === right[index])
}
