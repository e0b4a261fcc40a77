import type { CheckConstraint, DatabaseModel, Table } from '../../database/model'
import type { Step } from '../model'
import { tableName } from './sql'
import { rowsPassCheck } from './steps/precondition'

/** Asks first whether the rows that the steps fill can be updated at all. */
export function rowsCanBeFilled(steps: readonly Step[], { tables }: DatabaseModel): Step[] {
  const filled = new Set(steps.filter(({ kind }) => kind === 'populate').map(tableName))
  return tables
    .filter(({ schema, name }) => filled.has(tableName({ schema, table: name })))
    .flatMap((table) =>
      unprovenChecks(table).map((check) =>
        rowsPassCheck({ schema: table.schema, table: table.name, estimatedRows: table.estimatedRows }, check),
      ),
    )
}

/** The conditions that existing rows of the table may violate. */
function unprovenChecks({ checks }: Pick<Table, 'checks'>): { readonly name: string; readonly condition: string }[] {
  return checks.flatMap((check) => {
    const condition = isUnproven(check) ? DEFINITION.exec(check.definition)?.[1] : undefined
    return condition === undefined ? [] : [{ name: check.name, condition }]
  })
}

function isUnproven({ validated, isEnforced }: CheckConstraint): boolean {
  return !validated && isEnforced !== false
}

/** As `pg_get_constraintdef` prints it. */
const DEFINITION = /^CHECK (\(.*\))(?: NO INHERIT)?(?: NOT VALID)?$/s
