import { isOldTable, type LintRule } from '../context'
import { alterActions, shown } from '../syntax'
import { phrase } from '../../text/phrase'

export const triggersDisabled: LintRule = {
  code: 'triggers-disabled',
  check(context) {
    const { node } = context.statement
    if (node !== null && 'VariableSetStmt' in node && node.VariableSetStmt.name === 'session_replication_role') {
      const [value] = node.VariableSetStmt.args ?? []
      const isReplica =
        value !== undefined && 'A_Const' in value && value.A_Const.sval?.sval?.toLowerCase() === 'replica'
      if (!isReplica) return []
      return [
        {
          severity: 'warning',
          message: phrase`No triggers fire and no foreign keys are checked in this session, so rows that violate them can remain.`,
          advice: phrase`Have the trigger function check a custom setting, and set it in the migration with SET LOCAL.`,
        },
      ]
    }
    return alterActions(context.statement).flatMap(({ table, command: { subtype }, span }) => {
      if (!DISABLES.has(subtype ?? '') || !isOldTable(context, table)) return []
      return [
        {
          severity: 'warning',
          message: phrase`The trigger is disabled for all sessions that write to ${shown(table)} until it is enabled again, not only for this migration.`,
          advice: phrase`Have the trigger function check a custom setting, and set it in the migration with SET LOCAL.`,
          span,
        },
      ]
    })
  },
}

const DISABLES: ReadonlySet<string> = new Set(['AT_DisableTrig', 'AT_DisableTrigAll', 'AT_DisableTrigUser'])
