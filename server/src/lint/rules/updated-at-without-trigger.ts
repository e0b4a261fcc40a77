import { quoteIdentifier } from '../../database/quote'
import { catalogTable, type LintContext, type LintRule } from '../context'
import type { TableName } from '../script'
import { firstLine, shown, tokenAt, spanOf, writtenColumns } from '../syntax'
import { phrase } from '../../text/phrase'

export const updatedAtWithoutTrigger: LintRule = {
  code: 'updated-at-without-trigger',
  check(context) {
    const { statement, script, options, state } = context
    return writtenColumns(statement).flatMap(({ table, column }) => {
      const isMaintained = options.maintainedColumns.some(
        (maintained) =>
          maintained.column === column.colname &&
          state.key({ schema: maintained.schema, name: maintained.table }) === state.key(table),
      )
      if (!isMaintained || hasUpdateTrigger(context, table)) return []
      const token = tokenAt(statement, column.location)
      return [
        {
          severity: 'information',
          message: phrase`The policy requires a trigger that maintains ${quoteIdentifier(column.colname ?? '')} of ${shown(table)}, and this script creates none: writes that bypass Prisma leave it unchanged.`,
          advice: phrase`Use prisma-audit migrate, or create the trigger in the same migration.`,
          span: token === null ? firstLine(script.text, statement) : spanOf(token),
        },
      ]
    })
  },
}

function hasUpdateTrigger(context: LintContext, table: TableName): boolean {
  if (context.foreseen.tablesWithUpdateTrigger.has(context.state.key(table))) return true
  const triggers = catalogTable(context, table)?.triggers ?? []
  return triggers.some(({ timing, events }) => timing === 'BEFORE' && events.includes('UPDATE'))
}
