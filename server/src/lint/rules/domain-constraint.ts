import type { LintRule } from '../context'
import { strings } from '../syntax'
import { phrase } from '../../text/phrase'

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
        message: phrase`Blocks writes to every table with a column of type ${strings(typeName).join('.')} while its rows are checked (SHARE lock).`,
        advice: adds
          ? phrase`Add it as NOT VALID, and run VALIDATE CONSTRAINT in the next migration.`
          : phrase`Add CHECK (VALUE IS NOT NULL) NOT VALID instead, and validate it in the next migration.`,
      },
    ]
  },
}
