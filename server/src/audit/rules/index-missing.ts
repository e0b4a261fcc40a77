import { describeExpectedIndex } from '../values/describe'
import { lacksColumn, nameOf, pairFinding, type TableRule } from './table-rule'

/** `index-missing`: the schema says `@@index` and the table has no such index. */
export const indexMissing: TableRule = (pair) =>
  pair.indexes.missing
    .filter(
      (index) =>
        !index.unique &&
        !lacksColumn(
          pair,
          index.columns.map(({ column }) => column),
        ),
    )
    .map((index) =>
      pairFinding(pair, {
        code: 'index-missing',
        severity: 'warning',
        message: `The index "${index.name}" of ${nameOf(pair.expected)} is not in the database.`,
        object: index.name,
        expected: describeExpectedIndex(index),
        range: index.range,
      }),
    )
