import { phrase, type Phrase } from '../../text/phrase'
import { sqlOnOneLine } from '../../text/safe-text'
import type { Index } from '../../database/model'
import type { ExpectedIndex } from '../../expected/model'
import { compareConditions, isSpelledOtherwise, namesIncludedColumns, sameShape } from '../matching/indexes'
import type { Pair } from '../matching/pairing'
import type { TablePair } from '../matching/table-pair'
import { describeActualIndex, describeExpectedIndex } from '../values/describe'
import { nameOf, pairFinding, type TableRule } from './table-rule'

/**
 * `index-definition`: an index with that name exists, but differs: in columns, order, method, uniqueness or condition. A
 * difference in the condition alone is information if Prisma's engine does not compare conditions: someone made the
 * index partial. So are conditions whose texts cannot be compared, and an index that is equivalent, although Prisma's
 * engine would rebuild it.
 */
export const indexDefinition: TableRule = (pair) =>
  pair.indexes.pairs
    .filter((indexes) => indexes.how === 'differs' || isFoundFaultWith(indexes, pair) || refusesNulls(indexes, pair))
    .map((indexes) => {
      const { expected, actual, how } = indexes
      const isClear = compareConditions(expected, actual, pair.actual.columns) !== 'unknown'
      const isWorse = !sameShape(expected, actual) || (pair.expected.comparesConditions && isClear)
      const remark = how === 'differs' ? '' : remarkOn(indexes, pair)
      return pairFinding(pair, {
        code: 'index-definition',
        severity: how === 'differs' && isWorse ? 'warning' : 'information',
        message: phrase`The index "${expected.name}" on ${nameOf(pair.expected)} differs: the database has ${sqlOnOneLine(describeActualIndex(actual))}.${remark}`,
        field: expected.field ?? pair.expected.relationField,
        object: actual.name,
        expected: describeExpectedIndex(expected),
        actual: describeActualIndex(actual),
        range: expected.range,
      })
    })

function remarkOn(indexes: Pair<ExpectedIndex, Index>, pair: TablePair): Phrase {
  if (isMisread(indexes, pair))
    return phrase` They are equivalent, but prisma migrate compares the text and would rebuild it.`
  if (namesIncludedColumns(indexes.expected, indexes.actual))
    return phrase` Its last columns are INCLUDE columns, which Prisma reads as key columns.`
  if (isFoundFaultWith(indexes, pair)) return phrase` It works the same, but prisma migrate would rebuild it.`
  return phrase` It is NULLS NOT DISTINCT, which Prisma does not check.`
}

/** NULLS NOT DISTINCT only matters if a column allows NULL. */
function refusesNulls({ expected, actual }: Pair<ExpectedIndex, Index>, pair: TablePair): boolean {
  if (!actual.nullsNotDistinct || !expected.unique) return false
  return pair.actual.columns.some(
    ({ name, nullable }) => nullable && expected.columns.some(({ column }) => column === name),
  )
}

/** Prisma's engine reads INCLUDE columns as key columns, and never reads the operator class of a B-tree. */
function isFoundFaultWith(indexes: Pair<ExpectedIndex, Index>, pair: TablePair): boolean {
  const { expected, actual } = indexes
  const namesClass = expected.columns.some(({ operatorClass }) => operatorClass !== null)
  return actual.includedColumns.length > 0 || (expected.method === 'btree' && namesClass) || isMisread(indexes, pair)
}

/** Prisma's engine does not know how PostgreSQL rewrites a condition, such as IN as `= ANY`. */
function isMisread({ expected, actual }: Pair<ExpectedIndex, Index>, pair: TablePair): boolean {
  return pair.expected.comparesConditions && isSpelledOtherwise(expected, actual)
}
