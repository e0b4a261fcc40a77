import { phrase } from '../../text/phrase'
import { fieldNameOf, pairFinding, type TableRule } from './table-rule'

/**
 * `column-nullability`: one side allows NULL and the other does not. Lists are not compared: Prisma creates nullable
 * columns for them and reads NULL as an empty list, and people add NOT NULL by hand.
 */
export const columnNullability: TableRule = (pair) =>
  pair.columns.pairs.flatMap(({ expected, actual }) => {
    const isList = expected.isList || actual.isArray
    if (expected.type.kind === 'unknown' || isList || expected.nullable === actual.nullable) return []
    return pairFinding(pair, {
      code: 'column-nullability',
      severity: 'warning',
      message: expected.nullable
        ? phrase`${fieldNameOf(pair.expected, expected.field)} is optional, but the column "${expected.name}" is NOT NULL.`
        : phrase`${fieldNameOf(pair.expected, expected.field)} is required, but the column "${expected.name}" allows NULL.`,
      field: expected.field,
      column: expected.name,
      expected: expected.nullable ? 'null' : 'not null',
      actual: actual.nullable ? 'null' : 'not null',
      range: expected.typeRange,
    })
  })
