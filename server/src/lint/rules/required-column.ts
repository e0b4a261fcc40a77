import { hasNoRows, knownRows, type LintRule } from '../context'
import { isSerial } from '../column-types'
import { shown } from '../syntax'
import { addedColumns } from './added-column'
import { phrase } from '../../text/phrase'

export const requiredColumn: LintRule = {
  code: 'required-column',
  check(context) {
    return addedColumns(context).flatMap(({ action: { table, span }, column, constraints }) => {
      const kinds = constraints.map(({ contype }) => contype)
      const isRequired = kinds.includes('CONSTR_NOTNULL') || kinds.includes('CONSTR_PRIMARY')
      const hasValue = kinds.some(
        (kind) => kind === 'CONSTR_DEFAULT' || kind === 'CONSTR_IDENTITY' || kind === 'CONSTR_GENERATED',
      )
      const rows = knownRows(context, table)
      if (!isRequired || hasValue || isSerial(column.typeName) || hasNoRows(context, table)) return []
      return [
        {
          severity: rows === null ? 'warning' : 'error',
          message: phrase`Fails if ${shown(table)} has rows: the new column is NOT NULL without a default.`,
          advice: phrase`Add it with a constant default; or add it as nullable, backfill it in batches, then set it NOT NULL.`,
          span,
        },
      ]
    })
  },
}
