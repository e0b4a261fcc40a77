import { phrase } from '../../text/phrase'
import { sqlOnOneLine } from '../../text/safe-text'
import { nameOf, pairFinding, TOLD_ONE_BY_ONE, type TableRule } from './table-rule'

/**
 * `check-unmapped`: CHECK and EXCLUDE constraints, which a Prisma schema cannot define. Many are grouped into one
 * finding.
 */
export const checkUnmapped: TableRule = (pair) => {
  // One that is not validated has its own finding.
  const checks = pair.actual.checks.filter(({ validated }) => validated)
  const constraints = [...checks, ...pair.actual.exclusionConstraints]
  if (constraints.length > TOLD_ONE_BY_ONE) {
    const names = constraints.map(({ name }) => name).join(', ')
    return [
      pairFinding(pair, {
        code: 'check-unmapped',
        severity: 'information',
        message: phrase`Prisma does not manage ${constraints.length} constraints on "${pair.actual.name}": ${names}.`,
        object: names,
        actual: constraints.map(({ definition }) => definition).join('; '),
      }),
    ]
  }
  return constraints.map(({ name, definition }) =>
    pairFinding(pair, {
      code: 'check-unmapped',
      severity: 'information',
      message: phrase`${nameOf(pair.expected)} has a constraint "${name}" that Prisma does not manage: ${sqlOnOneLine(definition)}.`,
      object: name,
      actual: definition,
    }),
  )
}
