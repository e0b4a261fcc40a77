import type { LintRule } from '../context'
import { strings } from '../syntax'

export const domainConstraint: LintRule = {
  code: 'domain-constraint',
  check({ statement: { node } }) {
    if (node === null || !('AlterDomainStmt' in node)) return []
    const { subtype, def, typeName } = node.AlterDomainStmt
    const constraint = def !== undefined && 'Constraint' in def ? def.Constraint : null
    const adds = subtype === 'C' && constraint !== null && constraint.skip_validation !== true
    if (!adds && subtype !== 'O') return []
    return [
      {
        severity: 'warning',
        message: `Blocks writes to every table with a column of type ${strings(typeName).join('.')} while its rows are checked (SHARE lock).`,
        advice: adds
          ? 'Add it as NOT VALID, and run VALIDATE CONSTRAINT in the next migration.'
          : 'Add CHECK (VALUE IS NOT NULL) NOT VALID instead, and validate it in the next migration.',
      },
    ]
  },
}
