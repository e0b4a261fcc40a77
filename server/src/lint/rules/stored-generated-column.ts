import { lockSeverity, sizeOf, type LintRule } from '../context'
import { shown } from '../syntax'
import { addedColumns } from './added-column'
import { phrase } from '../../text/phrase'

export const storedGeneratedColumn: LintRule = {
  code: 'stored-generated-column',
  check(context) {
    return addedColumns(context).flatMap(({ action: { table, span }, constraints }) => {
      const isStored = constraints.some(
        ({ contype, generated_kind }) => contype === 'CONSTR_GENERATED' && generated_kind === 's',
      )
      if (!isStored) return []
      return [
        {
          severity: lockSeverity(context, table),
          message: phrase`Blocks reads and writes of ${shown(table)}${sizeOf(context, table)} while the table is rewritten to compute the column (ACCESS EXCLUSIVE lock).`,
          advice: phrase`Add a plain column, maintain it with a trigger, and backfill the rows in batches.`,
          span,
        },
      ]
    })
  },
}
