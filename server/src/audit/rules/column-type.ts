import { phrase } from '../../text/phrase'
import { compareTypes, describeActualType, describeExpectedType, phraseOfActualType } from '../values/types'
import { fieldNameOf, pairFinding, type TableRule } from './table-rule'

/** `column-type`: field and column have different types. Information if Prisma's engine does not see the difference. */
export const columnType: TableRule = (pair) =>
  pair.columns.pairs.flatMap(({ expected, actual }) => {
    const difference = compareTypes(expected, actual, pair.database.defaultSchema)
    if (difference === 'none') return []
    const [wanted, found] = [describeExpectedType(expected), describeActualType(actual)]
    const remark = difference === 'spelling' ? phrase` They are equivalent, but prisma migrate would change it.` : ''
    return pairFinding(pair, {
      code: 'column-type',
      severity: difference === 'both' ? 'warning' : 'information',
      message: phrase`${fieldNameOf(pair.expected, expected.field)} is ${wanted}, but the column "${expected.name}" is ${phraseOfActualType(actual)}.${remark}`,
      field: expected.field,
      column: expected.name,
      expected: wanted,
      actual: found,
      range: expected.typeRange,
    })
  })
