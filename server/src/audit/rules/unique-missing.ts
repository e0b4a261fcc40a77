import { describeExpectedIndex } from '../values/describe'
import { lacksColumn, nameOf, pairFinding, twinOf, type TableRule } from './table-rule'

/** `unique-missing`: the schema says `@unique` or `@@unique` and the table has neither such a constraint nor an index. */
export const uniqueMissing: TableRule = (pair) =>
  pair.indexes.missing
    .filter(
      (index) =>
        index.unique &&
        !lacksColumn(
          pair,
          index.columns.map(({ column }) => column),
        ),
    )
    .map((index) => {
      const twin = twinOf(index, pair)
      const remark = twin === undefined ? '' : ` "${twin.name}" covers the same columns.`
      return pairFinding(pair, {
        code: 'unique-missing',
        severity: twin === undefined ? 'warning' : 'information',
        message: `The unique index "${index.name}" on ${nameOf(pair.expected)} is not in the database.${remark}`,
        field: index.field ?? pair.expected.relationField,
        object: index.name,
        expected: describeExpectedIndex(index),
        range: index.range,
      })
    })
