import { isSerial } from '../column-types'
import { lockSeverity, sizeOf, type LintRule } from '../context'
import { shown } from '../syntax'
import { addedColumns } from './added-column'
import { phrase } from '../../text/phrase'

export const serialColumn: LintRule = {
  code: 'serial-column',
  check(context) {
    return addedColumns(context).flatMap(({ action: { table, span }, column, constraints }) => {
      const isIdentity = constraints.some(({ contype }) => contype === 'CONSTR_IDENTITY')
      if (!isIdentity && !isSerial(column.typeName)) return []
      return [
        {
          severity: lockSeverity(context, table),
          message: phrase`Blocks reads and writes of ${shown(table)}${sizeOf(context, table)} while the table is rewritten to number every row (ACCESS EXCLUSIVE lock).`,
          advice: phrase`Add a plain column, set nextval() as its default in a second statement, and backfill the rows in batches.`,
          span,
        },
      ]
    })
  },
}
