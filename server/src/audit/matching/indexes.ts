import type { Column, Index, IndexColumn, Table } from '../../database/model'
import type { ExpectedIndex, ExpectedIndexColumn, ExpectedTable } from '../../expected/model'
import { compareExpressions, sameSyntax, type ExpressionDifference } from '../values/expressions/compare-expressions'
import type { Pair, Pairing } from './pairing'

/**
 * Pairs indexes as Prisma's engine does: two are the same if uniqueness, method, columns, order, operator classes and
 * condition are equal, and then a different name is a rename. The rest is paired by name, and differs. A unique
 * constraint counts as its unique index.
 */
export function pairIndexes(expected: ExpectedTable, actual: Table): Pairing<ExpectedIndex, Index> {
  const formerKey = standsForPrimaryKey(expected, actual)
  const candidates = actual.indexes.filter(({ primary, name }) => !primary && name !== formerKey)
  const free = new Set(candidates)
  const pairs: Pair<ExpectedIndex, Index>[] = []
  let open = [...expected.indexes]
  const take = (
    how: Pair<ExpectedIndex, Index>['how'],
    matches: (index: ExpectedIndex, found: Index) => boolean,
  ): void => {
    if (open.length === 0) return
    open = open.filter((index) => {
      const found = candidates.find((candidate) => free.has(candidate) && matches(index, candidate))
      if (found === undefined) return true
      free.delete(found)
      pairs.push({ expected: index, actual: found, how })
      return false
    })
  }
  take('same', (index, found) => index.name === found.name && sameIndex(index, found, actual.columns))
  take('renamed', (index, found) => sameIndex(index, found, actual.columns))
  take('differs', (index, found) => index.name === found.name && sameShape(index, found))
  take('differs', (index, found) => index.name === found.name)
  return { pairs, missing: open, unmapped: candidates.filter((candidate) => free.has(candidate)) }
}

/** The unique index of a join table from before Prisma 6, if it has no primary key. */
function standsForPrimaryKey(expected: ExpectedTable, actual: Table): string | null {
  if (actual.primaryKey !== null || (expected.primaryKey?.formerUniqueIndex ?? null) === null) return null
  const columns = expected.primaryKey?.columns ?? []
  const found = actual.indexes.find(
    (index) =>
      index.unique &&
      index.predicate === null &&
      index.columns.length === columns.length &&
      index.columns.every(({ column }, position) => column === columns[position]),
  )
  return found?.name ?? null
}

/** Equal except for the name. */
export function sameIndex(expected: ExpectedIndex, actual: Index, columns: readonly Column[]): boolean {
  return sameShape(expected, actual) && compareConditions(expected, actual, columns) === 'none'
}

/** Equal except for the condition of a partial index. */
export function sameShape(expected: ExpectedIndex, actual: Index): boolean {
  return (
    expected.unique === actual.unique &&
    expected.method === actual.method &&
    (expected.columns.length === actual.columns.length || namesIncludedColumns(expected, actual)) &&
    actual.columns.every((column, position) => sameColumn(expected.columns[position], column, actual.method))
  )
}

/**
 * Whether the schema lists the INCLUDE columns after the key columns, as `prisma db pull` writes them: Prisma's engine
 * treats them as key columns.
 */
export function namesIncludedColumns(expected: ExpectedIndex, { columns, includedColumns }: Index): boolean {
  const rest = expected.columns.slice(columns.length)
  return (
    rest.length > 0 &&
    rest.length === includedColumns.length &&
    rest.every(({ column, descending }, position) => column === includedColumns[position] && !descending)
  )
}

function sameColumn(expected: ExpectedIndexColumn | undefined, actual: IndexColumn, method: string): boolean {
  return (
    expected?.column === actual.column &&
    expected.descending === actual.descending &&
    sameOperatorClass(expected.operatorClass, actual, method)
  )
}

/**
 * `JsonbPathOps` in the schema is `jsonb_path_ops` in PostgreSQL. A B-tree with an operator class other than the
 * default, such as `text_pattern_ops`, satisfies a schema without one: Prisma's engine does not check it.
 */
function sameOperatorClass(expected: string | null, actual: IndexColumn, method: string): boolean {
  if (expected === null) return actual.isDefaultOperatorClass || method === 'btree'
  return plain(expected) === plain(actual.operatorClass)
}

function plain(operatorClass: string): string {
  return operatorClass
    .slice(operatorClass.lastIndexOf('.') + 1)
    .replaceAll('_', '')
    .toLowerCase()
}

/** The conditions of partial indexes; an incomplete condition in the schema is not compared. */
export function compareConditions(
  expected: ExpectedIndex,
  actual: Index,
  columns: readonly Column[],
): ExpressionDifference {
  if (expected.isPartial !== (actual.predicate !== null)) return 'different'
  if (expected.predicate === null || actual.predicate === null) return 'none'
  const columnTypes = (name: string): string | null => {
    const column = columns.find((candidate) => candidate.name === name)
    return column?.typeSchema === 'pg_catalog' && !column.isArray ? column.typeName : null
  }
  return compareExpressions(expected.predicate, actual.predicate, { columnTypes })
}

/** Prisma's engine compares the syntax of conditions, not their meaning. */
export function isSpelledOtherwise({ predicate }: ExpectedIndex, actual: Index): boolean {
  return predicate !== null && actual.predicate !== null && !sameSyntax(predicate, actual.predicate)
}

/** Whether it is an index on exactly this column, over all rows. */
export function isOnColumnAlone({ predicate, columns }: Index, column: string): boolean {
  return predicate === null && columns.length === 1 && columns[0]?.column === column
}
