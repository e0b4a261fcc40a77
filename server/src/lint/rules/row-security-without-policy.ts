import type { LintRule } from '../context'
import { alterActions, shown } from '../syntax'
import { phrase } from '../../text/phrase'

export const rowSecurityWithoutPolicy: LintRule = {
  code: 'row-security-without-policy',
  check(context) {
    const { state } = context
    const actions = alterActions(context.statement)
    const forces = actions.filter(({ command: { subtype } }) => subtype === 'AT_ForceRowSecurity')
    const enables = actions.filter(({ command: { subtype } }) => subtype === 'AT_EnableRowSecurity')
    return (forces.length > 0 ? forces : enables).flatMap(({ table, command: { subtype }, span }) => {
      const isForced = subtype === 'AT_ForceRowSecurity'
      if (state.mayCreatePolicies || state.policies.has(state.key(table))) return []
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
