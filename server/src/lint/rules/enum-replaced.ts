import { quoteIdentifier } from '../../database/quote'
import { columnTypeOf } from '../column-types'
import { isOldTable, lockSeverity, sizeOf, type LintRule } from '../context'
import { alterActions, shown } from '../syntax'
import { phrase } from '../../text/phrase'

export const enumReplaced: LintRule = {
  code: 'enum-replaced',
  check(context) {
    return alterActions(context.statement).flatMap(({ table, command, span }) => {
      const { subtype, name = '', def } = command
      if (subtype !== 'AT_AlterColumnType' || def === undefined || !('ColumnDef' in def)) return []
      const type = columnTypeOf(def.ColumnDef.typeName)
      if (!isOldTable(context, table) || !context.state.newTypes.has(type.name)) return []
      const severity = lockSeverity(context, table)
      return [
        {
          severity,
          message: phrase`Replacing the enum blocks reads and writes of ${shown(table)}${sizeOf(context, table)} while the table is rewritten (ACCESS EXCLUSIVE lock). It fails if a row has a value that the new enum lacks.`,
          advice: phrase`Check first: SELECT ${quoteIdentifier(name)}, count(*) FROM ${shown(table)} GROUP BY 1. An unused enum value can simply stay.`,
          span,
        },
      ]
    })
  },
}
