import { describeExpectedIndex } from '../values/describe'
import { lacksColumn, nameOf, pairFinding, twinOf, type TableRule } from './table-rule'

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
    .map((index) => {
      const twin = twinOf(index, pair)
      const remark = twin === undefined ? '' : ` "${twin.name}" covers the same columns.`
      return pairFinding(pair, {
        code: 'index-missing',
        severity: twin === undefined ? 'warning' : 'information',
        message: `The index "${index.name}" of ${nameOf(pair.expected)} is not in the database.${remark}`,
        object: index.name,
        expected: describeExpectedIndex(index),
        range: index.range,
      })
    })
