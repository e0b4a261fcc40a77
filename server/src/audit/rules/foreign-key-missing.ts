import { describeForeignKey } from '../values/describe'
import { fieldNameOf, lacksColumn, pairFinding, type TableRule } from './table-rule'

/**
 * `foreign-key-missing`: a relation has no foreign key in the database. Where a column of it, or the other table, is
 * missing, that is the finding.
 */
export const foreignKeyMissing: TableRule = (pair, context) =>
  pair.foreignKeys.missing
    .filter(
      (key) =>
        context.index.hasColumns(key.referencedSchema, key.referencedTable, key.referencedColumns) &&
        !lacksColumn(pair, key.columns),
    )
    .map((key) =>
      pairFinding(pair, {
        code: 'foreign-key-missing',
        severity: 'warning',
        message: `The foreign key "${key.name}" of ${fieldNameOf(pair.expected, key.field)} is not in the database.`,
        field: key.field,
        column: key.columns.length === 1 ? (key.columns[0] ?? null) : null,
        object: key.name,
        expected: describeForeignKey(key),
        range: key.range,
      }),
    )
