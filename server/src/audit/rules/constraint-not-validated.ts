import { phrase } from '../../text/phrase'
import { nameOf, pairFinding, type TableRule } from './table-rule'

/**
 * `constraint-not-validated`: a foreign key or a CHECK constraint is NOT VALID, so existing rows were never checked; or NOT
 * ENFORCED, so no row ever is.
 */
export const constraintNotValidated: TableRule = (pair) => {
  const constraints = [...pair.actual.foreignKeys, ...pair.actual.checks]
  return constraints
    .filter(({ validated }) => !validated)
    .map(({ name, isEnforced }) => {
      const relation = pair.foreignKeys.pairs.find(({ actual }) => actual.name === name)?.expected
      return pairFinding(pair, {
        code: 'constraint-not-validated',
        severity: 'warning',
        message:
          isEnforced === false
            ? phrase`The constraint "${name}" on ${nameOf(pair.expected)} is NOT ENFORCED: any row may violate it.`
            : phrase`The constraint "${name}" on ${nameOf(pair.expected)} is NOT VALID: existing rows may violate it.`,
        field: relation?.field ?? pair.expected.relationField,
        object: name,
        expected: isEnforced === false ? 'enforced' : 'validated',
        actual: isEnforced === false ? 'not enforced' : 'not valid',
        ...(relation === undefined ? {} : { range: relation.range }),
      })
    })
}
