import { isOldTable, lockSeverity, sizeOf, type LintRule } from '../context'
import { alterActions, shown } from '../syntax'

export const tableMoved: LintRule = {
  code: 'table-moved',
  check(context) {
    return alterActions(context.statement).flatMap(({ table, command: { subtype }, span }) => {
      if (!MOVES.has(subtype ?? '') || !isOldTable(context, table)) return []
      return [
        {
          severity: lockSeverity(context, table),
          message: `Blocks reads and writes of ${shown(table)}${sizeOf(context, table)} while the table is rewritten (ACCESS EXCLUSIVE lock).`,
          advice: 'Run it while the table is small or not in use, or use pg_repack.',
          span,
        },
      ]
    })
  },
}

const MOVES: ReadonlySet<string> = new Set(['AT_SetTableSpace', 'AT_SetLogged', 'AT_SetUnLogged', 'AT_SetAccessMethod'])
