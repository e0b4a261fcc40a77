import { phrase } from '../../text/phrase'
import type { Index } from '../../database/model'
import { describeActualIndex } from '../values/describe'
import { followsFromAuditField, pairFinding, TOLD_ONE_BY_ONE, type TableRule } from './table-rule'

/**
 * `index-unmapped`: the table has an index that is not in the schema. Many that a Prisma schema cannot define (partial, on
 * expressions) are grouped into one finding.
 */
export const indexUnmapped: TableRule = (pair, context) => {
  const constraints = new Set(pair.actual.exclusionConstraints.map(({ name }) => name))
  // The index of an exclusion constraint is reported with the constraint.
  const unmapped = pair.indexes.unmapped
    .filter(
      ({ columns }) =>
        !followsFromAuditField(
          columns.map(({ column }) => column),
          context,
        ),
    )
    .filter(({ constraint }) => constraint === null || !constraints.has(constraint))
  const handMade = unmapped.filter(isHandMade)
  const collected = handMade.length > TOLD_ONE_BY_ONE ? handMade : []
  const single = unmapped
    .filter((index) => !collected.includes(index))
    .map((index) =>
      pairFinding(pair, {
        code: 'index-unmapped',
        severity: 'information',
        message: phrase`The index "${index.name}" on "${pair.actual.name}" is not in the schema.`,
        object: index.name,
        actual: describeActualIndex(index),
      }),
    )
  if (collected.length === 0) return single
  const names = collected.map(({ name }) => name).join(', ')
  return [
    ...single,
    pairFinding(pair, {
      code: 'index-unmapped',
      severity: 'information',
      message: phrase`${collected.length} indexes on "${pair.actual.name}" are not in the schema: ${names}.`,
      object: names,
      actual: collected.map(describeActualIndex).join('; '),
    }),
  ]
}

function isHandMade(index: Index): boolean {
  return index.predicate !== null || index.columns.some(({ expression }) => expression !== null)
}
