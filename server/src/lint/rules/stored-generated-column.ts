import { lockSeverity, sizeOf, type LintRule } from '../context'
import { shown } from '../syntax'
import { addedColumns } from './added-column'

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
          message: `The column is worked out for every row: ${shown(table)}${sizeOf(context, table)} is rewritten and nobody can read or write it meanwhile (ACCESS EXCLUSIVE lock).`,
          advice: 'Add a plain column, keep it by a trigger, and fill the rows in batches.',
          span,
        },
      ]
    })
  },
}
