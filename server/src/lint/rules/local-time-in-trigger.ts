import { quoteIdentifier } from '../../database/quote'
import type { ColumnType } from '../column-types'
import { columnTypeOf } from '../column-types'
import { catalogTable, type LintContext, type LintRule } from '../context'
import type { Statement } from '../script'
import { firstLine, spanOf, strings } from '../syntax'
import { localTime } from './local-time'
import { phrase } from '../../text/phrase'

export const localTimeInTrigger: LintRule = {
  code: 'local-time-in-trigger',
  check(context) {
    const { statement, script } = context
    const { node } = statement
    if (node === null || !('CreateFunctionStmt' in node)) return []
    const name = strings(node.CreateFunctionStmt.funcname).at(-1) ?? ''
    return statement.body.flatMap((query) => {
      const assigned = assignedField(query)
      if (assigned === null) return []
      const { column, clock } = assigned
      const types = columnTypes(context, name, column)
      const isLocal = types.some((type) => type.name === 'timestamp')
      if (!isLocal && types.length > 0) return []
      return [
        {
          severity: isLocal ? 'warning' : 'information',
          message: phrase`${clock} writes the session's local time into ${quoteIdentifier(column)}${isLocal ? '' : phrase` (if it is a timestamp without time zone, as Prisma creates it)`}, which Prisma reads as UTC.`,
          advice: phrase`Use ${clock === 'LOCALTIMESTAMP' ? 'now()' : clock} AT TIME ZONE 'UTC'.`,
          span: query.sourceStart === null ? firstLine(script.text, statement) : spanOf(query),
        },
      ]
    })
  },
}

/** `NEW."updatedAt" := now()`, which parse-script converts to an UPDATE. */
function assignedField({ node, role }: Statement): { column: string; clock: string } | null {
  if (role !== 'assignment' || node === null || !('UpdateStmt' in node)) return null
  const [target] = node.UpdateStmt.targetList ?? []
  if (target === undefined || !('ResTarget' in target)) return null
  const { name, indirection, val } = target.ResTarget
  const column = strings(indirection)[0]
  const clock = localTime(val)
  return name === 'new' && column !== undefined && clock !== null ? { column, clock } : null
}

/**
 * The column's types in the tables whose triggers call the function, in this script or in the catalog; empty if
 * unknown.
 */
function columnTypes(context: LintContext, functionName: string, column: string): ColumnType[] {
  const { foreseen, state, options } = context
  const fromScript = (foreseen.tablesOfTrigger.get(functionName) ?? []).flatMap((table) => {
    const found = foreseen.columns.get(`${state.key(table)}.${column}`)
    return found === undefined ? typeInCatalog(catalogTable(context, table), column) : [columnTypeOf(found.typeName)]
  })
  const fromCatalog = (options.database?.tables ?? [])
    .filter(({ triggers }) => triggers.some((trigger) => trigger.functionName === functionName))
    .flatMap((table) => typeInCatalog(table, column))
  return [...fromScript, ...fromCatalog]
}

function typeInCatalog(table: ReturnType<typeof catalogTable>, name: string): ColumnType[] {
  const column = table?.columns.find((candidate) => candidate.name === name)
  return column === undefined ? [] : [{ name: column.typeName, modifiers: [], isArray: column.isArray }]
}
