import { phrase } from '../../text/phrase'
import { describeForeignKey } from '../values/describe'
import { fieldNameOf, lacksColumn, pairFinding, type TableRule } from './table-rule'

/**
 * `foreign-key-missing`: a relation has no foreign key in the database. If one of its columns is missing, that is the
 * finding. If the referenced table or column is missing, that is a finding too, but of another model: here it is
 * information, so that each model reports everything that it lacks.
 */
export const foreignKeyMissing: TableRule = (pair, context) =>
  pair.foreignKeys.missing
    .filter((key) => !lacksColumn(pair, key.columns))
    .map((key) => {
      const canBe = context.index.hasColumns(key.referencedSchema, key.referencedTable, key.referencedColumns)
      return pairFinding(pair, {
        code: 'foreign-key-missing',
        severity: canBe ? 'warning' : 'information',
        message: canBe
          ? phrase`The foreign key "${key.name}" for ${fieldNameOf(pair.expected, key.field)} is not in the database.`
          : phrase`The foreign key "${key.name}" for ${fieldNameOf(pair.expected, key.field)} is not in the database, and "${key.referencedTable}" does not have the columns that it references.`,
        field: key.field,
        column: key.columns.length === 1 ? (key.columns[0] ?? null) : null,
        object: key.name,
        expected: describeForeignKey(key),
        range: key.range,
      })
    })
