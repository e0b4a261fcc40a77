import { phrase } from '../../text/phrase'
import { describeForeignKey } from '../values/describe'
import { fieldNameOf, pairFinding, type TableRule } from './table-rule'

/**
 * `foreign-key-definition`: a foreign key on the same columns, or with the same name, has another reference or other
 * actions.
 */
export const foreignKeyDefinition: TableRule = (pair) =>
  pair.foreignKeys.pairs
    .filter(({ how }) => how === 'differs')
    .map(({ expected, actual }) =>
      pairFinding(pair, {
        code: 'foreign-key-definition',
        severity: 'warning',
        message: phrase`The foreign key "${actual.name}" for ${fieldNameOf(pair.expected, expected.field)} differs: the database has ${describeForeignKey(actual)}.`,
        field: expected.field,
        column: expected.columns.length === 1 ? (expected.columns[0] ?? null) : null,
        object: actual.name,
        expected: describeForeignKey(expected),
        actual: describeForeignKey(actual),
        range: expected.range,
      }),
    )
