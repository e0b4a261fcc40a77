import { phrase } from '../../text/phrase'
import type { Index } from '../../database/model'
import { describeActualIndex } from '../values/describe'
import { followsFromAuditField, pairFinding, TOLD_ONE_BY_ONE, type TableRule } from './table-rule'

/**
 * `index-unmapped`: the table has an index that the schema does not say. Many that Prisma could not say at all (partial
 * ones, ones on expressions) are collected to one entry.
 */
export const indexUnmapped: TableRule = (pair, context) => {
  const constraints = new Set(pair.actual.exclusionConstraints.map(({ name }) => name))
  // The index of an exclusion constraint is told of with its constraint.
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
      message: phrase`${String(collected.length)} indexes on "${pair.actual.name}" are not in the schema: ${names}.`,
      object: names,
      actual: collected.map(describeActualIndex).join('; '),
    }),
  ]
}

function isHandMade(index: Index): boolean {
  return index.predicate !== null || index.columns.some(({ expression }) => expression !== null)
}
