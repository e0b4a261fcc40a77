import type { Index } from '../../database/model'
import type { ExpectedIndex } from '../expected/model'
import { sameShape } from '../matching/indexes'
import type { Pair } from '../matching/pairing'
import { describeActualIndex, describeExpectedIndex } from '../values/describe'
import { nameOf, pairFinding, type TableRule } from './table-rule'

/**
 * `index-definition`: an index of that name exists and is another one: columns, order, method, uniqueness, condition. A
 * condition alone is information where Prisma's engine does not look at conditions: somebody made the index partial. So
 * is what is as good as the schema says, and Prisma's engine would build anew all the same.
 */
export const indexDefinition: TableRule = (pair) =>
  pair.indexes.pairs
    .filter((indexes) => indexes.how === 'differs' || isFoundFaultWith(indexes))
    .map(({ expected, actual, how }) => {
      const isWorse = pair.expected.comparesConditions || !sameShape(expected, actual)
      const remark = how === 'differs' ? '' : ' That serves as well, but prisma migrate would build it anew.'
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

/** Prisma's engine takes INCLUDE columns for key columns, and never finds the operator class of a B-tree. */
function isFoundFaultWith({ expected, actual }: Pair<ExpectedIndex, Index>): boolean {
  const namesClass = expected.columns.some(({ operatorClass }) => operatorClass !== null)
  return actual.includedColumns.length > 0 || (expected.method === 'btree' && namesClass)
}
