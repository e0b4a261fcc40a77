import { quoteIdentifier } from '../../database/quote'
import { isOldTable, type LintRule } from '../context'
import { alterActions, shown } from '../syntax'

export const dropColumn: LintRule = {
  code: 'drop-column',
  check(context) {
    return alterActions(context.statement).flatMap(({ table, command: { subtype, name = '' }, span }) => {
      if (subtype !== 'AT_DropColumn' || !isOldTable(context, table)) return []
      if (context.state.addedColumns.has(`${context.state.key(table)}.${name}`)) return []
      return [
        {
          severity: 'warning',
          message: `The values in ${quoteIdentifier(name)} of ${shown(table)} are lost, and a program that still names the column fails, as every Prisma Client does that was generated before.`,
          advice: 'Take the field from the schema and deploy that first; drop the column a release later.',
          span,
        },
      ]
    })
  },
}
