import { quoteIdentifier } from '../../database/quote'
import { shownType, type KnownColumn } from '../column-types'
import { findColumn, type LintRule } from '../context'
import { shown, strings, tableName } from '../syntax'
import { phrase, type Phrase } from '../../text/phrase'

export const moddatetimeOnTimestamp: LintRule = {
  code: 'moddatetime-on-timestamp',
  check(context) {
    const { node } = context.statement
    if (node === null || !('CreateTrigStmt' in node)) return []
    const { funcname, args, relation } = node.CreateTrigStmt
    const name = strings(args)[0]
    if (strings(funcname).at(-1) !== 'moddatetime' || name === undefined) return []
    const table = tableName(relation)
    const column = findColumn(context, table, name)
    const harm = column === null ? null : harmOf(column)
    if (column !== null && harm === null) return []
    return [
      {
        severity: column === null ? 'information' : 'warning',
        message:
          column === null
            ? phrase`moddatetime writes local time into a timestamp without time zone and ignores the precision; Prisma maps ${quoteIdentifier(name)} of ${shown(table)} to timestamp(3).`
            : phrase`moddatetime ${harm ?? ''}, and ${quoteIdentifier(name)} of ${shown(table)} is ${shownType(column.type)}.`,
        advice: phrase`Use your own trigger function that sets it to now() AT TIME ZONE 'UTC'.`,
      },
    ]
  },
}

function harmOf({ type: { name, modifiers } }: KnownColumn): Phrase | null {
  if (name === 'timestamp') return phrase`writes local time, which Prisma reads as UTC`
  return modifiers.length > 0 ? phrase`writes microseconds regardless of the precision` : null
}
