import { lockSeverity, sizeOf, type LintRule } from '../context'
import { shown, strings } from '../syntax'
import { addedColumns } from './added-column'
import { phrase } from '../../text/phrase'

export const domainColumn: LintRule = {
  code: 'domain-column',
  check(context) {
    return addedColumns(context).flatMap(({ action: { table, span }, column }) => {
      const domain = strings(column.typeName?.names).at(-1) ?? ''
      if (!context.state.constrainedDomains.has(domain) || column.typeName?.arrayBounds !== undefined) return []
      return [
        {
          severity: lockSeverity(context, table),
          message: phrase`Blocks reads and writes of ${shown(table)}${sizeOf(context, table)} while the table is rewritten (ACCESS EXCLUSIVE lock): the domain ${domain} has a constraint.`,
          advice: phrase`Add the column with the type of the domain and a CHECK constraint that is NOT VALID, and run VALIDATE CONSTRAINT in the next migration.`,
          span,
        },
      ]
    })
  },
}
