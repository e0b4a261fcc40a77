import { describeExpectedIndex } from '../values/describe'
import { lacksColumn, nameOf, pairFinding, type TableRule } from './table-rule'

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
    .map((index) =>
      pairFinding(pair, {
        code: 'unique-missing',
        severity: 'warning',
        message: `The unique index "${index.name}" of ${nameOf(pair.expected)} is not in the database.`,
        field: index.field ?? pair.expected.relationField,
        object: index.name,
        expected: describeExpectedIndex(index),
        range: index.range,
      }),
    )
