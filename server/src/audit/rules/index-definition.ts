import type { Index } from '../../database/model'
import type { ExpectedIndex } from '../expected/model'
import { sameShape } from '../matching/indexes'
import type { Pair } from '../matching/pairing'
import type { TablePair } from '../matching/table-pair'
import { describeActualIndex, describeExpectedIndex } from '../values/describe'
import { nameOf, pairFinding, type TableRule } from './table-rule'

/**
 * `index-definition`: an index of that name exists and is another one: columns, order, method, uniqueness, condition. A
 * condition alone is information where Prisma's engine does not look at conditions: somebody made the index partial. So
 * is what is as good as the schema says, and Prisma's engine would build anew all the same.
 */
export const indexDefinition: TableRule = (pair) =>
  pair.indexes.pairs
    .filter((indexes) => indexes.how === 'differs' || isFoundFaultWith(indexes) || refusesNulls(indexes, pair))
    .map((indexes) => {
      const { expected, actual, how } = indexes
      const isWorse = pair.expected.comparesConditions || !sameShape(expected, actual)
      const remark = how === 'differs' ? '' : remarkOn(indexes)
      return pairFinding(pair, {
        code: 'index-definition',
        severity: how === 'differs' && isWorse ? 'warning' : 'information',
        message: `The index "${expected.name}" of ${nameOf(pair.expected)} is ${describeActualIndex(actual)} in the database.${remark}`,
        field: expected.field ?? pair.expected.relationField,
        object: actual.name,
        expected: describeExpectedIndex(expected),
        actual: describeActualIndex(actual),
        range: expected.range,
      })
    })

function remarkOn(indexes: Pair<ExpectedIndex, Index>): string {
  if (isFoundFaultWith(indexes)) return ' That serves as well, but prisma migrate would build it anew.'
  return ' To it NULLs are equal, so that no two rows may have them, which Prisma does not look at.'
}

/** NULLS NOT DISTINCT makes a difference where a column allows NULL. */
function refusesNulls({ expected, actual }: Pair<ExpectedIndex, Index>, pair: TablePair): boolean {
  if (!actual.nullsNotDistinct || !expected.unique) return false
  return pair.actual.columns.some(
    ({ name, nullable }) => nullable && expected.columns.some(({ column }) => column === name),
  )
}

/** Prisma's engine takes INCLUDE columns for key columns, and never finds the operator class of a B-tree. */
function isFoundFaultWith({ expected, actual }: Pair<ExpectedIndex, Index>): boolean {
  const namesClass = expected.columns.some(({ operatorClass }) => operatorClass !== null)
  return actual.includedColumns.length > 0 || (expected.method === 'btree' && namesClass)
}
