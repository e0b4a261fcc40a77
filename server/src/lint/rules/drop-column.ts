import { quoteIdentifier } from '../../database/quote'
import { isOldTable, type LintRule } from '../context'
import { alterActions, shown } from '../syntax'
import { phrase } from '../../text/phrase'

export const dropColumn: LintRule = {
  code: 'drop-column',
  check(context) {
    return alterActions(context.statement).flatMap(({ table, command: { subtype, name = '' }, span }) => {
      if (subtype !== 'AT_DropColumn' || !isOldTable(context, table)) return []
      if (context.state.addedColumns.has(`${context.state.key(table)}.${name}`)) return []
      return [
        {
          severity: 'warning',
          message: phrase`All values in ${quoteIdentifier(name)} of ${shown(table)} are lost, and clients that still use the column fail, such as a Prisma Client generated before.`,
          advice: phrase`Remove the field from the schema and deploy first; drop the column in a later release.`,
          span,
        },
      ]
    })
  },
}
