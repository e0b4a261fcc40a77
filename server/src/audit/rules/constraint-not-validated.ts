import { nameOf, pairFinding, type TableRule } from './table-rule'

/** `constraint-not-validated`: a foreign key or a check was added NOT VALID, and old rows were never held against it. */
export const constraintNotValidated: TableRule = (pair) => {
  const constraints = [...pair.actual.foreignKeys, ...pair.actual.checks]
  return constraints
    .filter(({ validated }) => !validated)
    .map(({ name }) => {
      const relation = pair.foreignKeys.pairs.find(({ actual }) => actual.name === name)?.expected
      return pairFinding(pair, {
        code: 'constraint-not-validated',
        severity: 'warning',
        message: `The constraint "${name}" of ${nameOf(pair.expected)} is NOT VALID: rows that stood before it may break it.`,
        field: relation?.field ?? pair.expected.relationField,
        object: name,
        expected: 'validated',
        actual: 'not valid',
        ...(relation === undefined ? {} : { range: relation.range }),
      })
    })
}
