import type { Index, IndexColumn, Table } from '../../database/model'
import type { ExpectedIndex, ExpectedIndexColumn, ExpectedTable } from '../expected/model'
import { sameExpression } from '../values/expressions'
import type { Pair, Pairing } from './pairing'

/**
 * Pairs indexes as Prisma's engine does: two are the same if uniqueness, method, columns, order, operator classes and
 * condition are, and then a different name is a rename. What remains is paired by name, and differs. A unique
 * constraint counts as the unique index behind it.
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
  take('same', (index, found) => index.name === found.name && sameIndex(index, found))
  take('renamed', sameIndex)
  take('differs', (index, found) => index.name === found.name && sameShape(index, found))
  take('differs', (index, found) => index.name === found.name)
  return { pairs, missing: open, unmapped: candidates.filter((candidate) => free.has(candidate)) }
}

/** The unique index that a join table had before Prisma 6, where it has no primary key. */
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

/** The same in all but the name. */
export function sameIndex(expected: ExpectedIndex, actual: Index): boolean {
  return sameShape(expected, actual) && samePredicate(expected, actual)
}

/** All but the condition of a partial index. */
export function sameShape(expected: ExpectedIndex, actual: Index): boolean {
  return (
    expected.unique === actual.unique &&
    expected.method === actual.method &&
    expected.columns.length === actual.columns.length &&
    expected.columns.every((column, position) => sameColumn(column, actual.columns[position], actual.method))
  )
}

function sameColumn(expected: ExpectedIndexColumn, actual: IndexColumn | undefined, method: string): boolean {
  return (
    actual?.column === expected.column &&
    actual.descending === expected.descending &&
    sameOperatorClass(expected.operatorClass, actual, method)
  )
}

/**
 * `JsonbPathOps` in the schema is `jsonb_path_ops` in PostgreSQL. A B-tree of another class than the type's own, such as
 * `text_pattern_ops`, serves a schema that says nothing of it: Prisma's engine does not look at those.
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

function samePredicate(expected: ExpectedIndex, actual: Index): boolean {
  if (!expected.isPartial || actual.predicate === null) return expected.isPartial === (actual.predicate !== null)
  return expected.predicate === null || sameExpression(expected.predicate, actual.predicate)
}
