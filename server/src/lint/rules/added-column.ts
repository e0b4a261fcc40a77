import type { ColumnDef, Constraint } from 'libpg-query'
import { isOldTable, type LintContext } from '../context'
import type { AlterAction } from '../script'
import { alterActions, constraintsOf } from '../syntax'

export interface AddedColumn {
  readonly action: AlterAction
  readonly column: ColumnDef
  readonly constraints: readonly Constraint[]
}

/** The columns that a statement adds to tables that existed before the script. */
export function addedColumns(context: LintContext): AddedColumn[] {
  return alterActions(context.statement).flatMap((action) => {
    const { def } = action.command
    if (action.command.subtype !== 'AT_AddColumn' || def === undefined || !('ColumnDef' in def)) return []
    if (!isOldTable(context, action.table)) return []
    return [{ action, column: def.ColumnDef, constraints: constraintsOf(def.ColumnDef) }]
  })
}
