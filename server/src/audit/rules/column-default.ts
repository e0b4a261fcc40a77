import { phrase, type Phrase } from '../../text/phrase'
import type { Column } from '../../database/model'
import {
  compareDefaults,
  describeActualDefault,
  describeExpectedDefault,
  type DefaultDifference,
} from '../values/defaults'
import { compareTypes } from '../values/types'
import { fieldNameOf, pairFinding, type TableRule } from './table-rule'

/**
 * `column-default`: field and column have different defaults. Not reported for a column of another type, which is a
 * finding itself.
 */
export const columnDefault: TableRule = (pair) =>
  pair.columns.pairs.flatMap(({ expected, actual }) => {
    const isComparable =
      expected.type.kind !== 'unknown' && compareTypes(expected, actual, pair.database.defaultSchema) !== 'both'
    const difference = isComparable ? compareDefaults(expected, actual, pair.database) : 'none'
    if (difference === 'none') return []
    const [wanted, found] = [describeExpectedDefault(expected), describeActualDefault(actual)]
    const remark = remarkOn(difference, actual)
    return pairFinding(pair, {
      code: 'column-default',
      severity: difference === 'both' ? 'warning' : 'information',
      message: phrase`${fieldNameOf(pair.expected, expected.field)} has ${spoken(wanted)}, but the column "${expected.name}" has ${spoken(found)}.${remark}`,
      field: expected.field,
      column: expected.name,
      expected: wanted,
      actual: found,
      range: expected.defaultRange,
    })
  })

function remarkOn(difference: DefaultDifference, actual: Column): string | Phrase {
  if (difference === 'unknown') return phrase` Cannot tell whether they are equivalent.`
  if (difference !== 'spelling') return ''
  return actual.generated === null
    ? phrase` They are equivalent, but prisma migrate compares the text.`
    : phrase` Prisma reads the expression of a generated column as its default.`
}

/** Everything except its absence is SQL. */
function spoken(described: string): string | Phrase {
  return described === 'no default' ? phrase`no default` : described
}
