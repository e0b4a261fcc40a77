import type { LintContext, LintRule } from '../context'
import type { Statement, TableName } from '../script'
import { alterActions, shown, tableName } from '../syntax'
import { phrase } from '../../text/phrase'

export const rowSecurityWithoutPolicy: LintRule = {
  code: 'row-security-without-policy',
  check(context) {
    const actions = alterActions(context.statement)
    const forces = actions.filter(({ command: { subtype } }) => subtype === 'AT_ForceRowSecurity')
    const enables = actions.filter(({ command: { subtype } }) => subtype === 'AT_EnableRowSecurity')
    return (forces.length > 0 ? forces : enables).flatMap(({ table, command: { subtype }, span }) => {
      const isForced = subtype === 'AT_ForceRowSecurity'
      if (hasPolicy(context, table)) return []
      return [
        {
          severity: isForced ? 'warning' : 'information',
          message: isForced
            ? phrase`Without a policy, all roles without BYPASSRLS, the owner included, see no rows of ${shown(table)} and cannot insert any.`
            : phrase`Without a policy, roles other than the owner see no rows of ${shown(table)} and cannot insert any.`,
          advice: phrase`Create a policy in the same migration, if the application connects as such a role.`,
          span,
        },
      ]
    })
  },
}

/** Of this script, of one before it, or perhaps of a statement that is only known when it runs. */
function hasPolicy({ script, state }: LintContext, table: TableName): boolean {
  const key = state.key(table)
  if (state.policies.has(key)) return true
  return script.statements
    .flatMap((statement) => [statement, ...statement.body])
    .some((statement) => state.key(policyTable(statement)) === key || mayCreatePolicy(statement))
}

function policyTable({ node }: Statement): TableName {
  return tableName(node !== null && 'CreatePolicyStmt' in node ? node.CreatePolicyStmt.table : undefined)
}

function mayCreatePolicy({ role, source }: Statement): boolean {
  return role === 'dynamic' && /\bcreate\s+policy\b/i.test(source)
}
