import type { Severity } from '../../audit/finding'
import type { Node } from 'libpg-query'
import { columnTypeOf, isUtc, keepsValues, shownType, type ColumnType } from '../column-types'
import { findColumn, isOldTable, lockSeverity, sizeOf, type LintContext, type LintRule } from '../context'
import type { TableName } from '../script'
import { alterActions, shown } from '../syntax'
import { phrase } from '../../text/phrase'

export const columnTypeChange: LintRule = {
  code: 'column-type-change',
  check(context) {
    return alterActions(context.statement).flatMap(({ table, command, span }) => {
      const { subtype, name = '', def } = command
      if (subtype !== 'AT_AlterColumnType' || def === undefined || !('ColumnDef' in def)) return []
      const to = columnTypeOf(def.ColumnDef.typeName)
      // enum-replaced covers an enum that replaces another.
      if (!isOldTable(context, table) || context.state.newTypes.has(to.name)) return []
      const from = findColumn(context, table, name)?.type ?? null
      const using = def.ColumnDef.raw_default ?? null
      const severity = severityOf(context, { table, from, to, using, column: name })
      if (severity === null) return []
      const hangsOnZone = from !== null && isPlain(using, name) && keepsValues(from, to) === 'in UTC'
      const change =
        from === null
          ? phrase`The change to ${shownType(to)}`
          : hangsOnZone && context.state.timeZone === null
            ? phrase`Unless the session's TimeZone is UTC, the change from ${shownType(from)} to ${shownType(to)}`
            : phrase`The change from ${shownType(from)} to ${shownType(to)}`
      return [
        {
          severity,
          message:
            severity === 'hint'
              ? phrase`Unless the new type is only wider, this rewrites ${shown(table)}${sizeOf(context, table)} under an ACCESS EXCLUSIVE lock.`
              : phrase`${change} blocks reads and writes of ${shown(table)}${sizeOf(context, table)} while the table is rewritten (ACCESS EXCLUSIVE lock); clients that expect the old type may fail.`,
          advice: phrase`Add a column of the new type, sync both with a trigger, backfill it in batches, then switch the clients to it.`,
          span,
        },
      ]
    })
  },
}

interface Change {
  readonly table: TableName
  readonly column: string
  /** Null if unknown. */
  readonly from: ColumnType | null
  readonly to: ColumnType
  readonly using: Node | null
}

/** Null if nothing is rewritten. If the old type is unknown, a type that usually only gets wider is a hint. */
function severityOf(context: LintContext, { table, column, from, to, using }: Change): Severity | null {
  if (!isPlain(using, column)) return lockSeverity(context, table)
  if (from === null) return GROWING.has(to.name) ? 'hint' : lockSeverity(context, table)
  const keeps = keepsValues(from, to)
  if (keeps !== 'in UTC') return keeps ? null : lockSeverity(context, table)
  const { timeZone } = context.state
  if (timeZone === null) return 'information'
  return isUtc(timeZone) ? null : lockSeverity(context, table)
}

function isPlain(using: Node | null, column: string): boolean {
  return using === null || castsItself(using, column)
}

const GROWING: ReadonlySet<string> = new Set([
  'text',
  'varchar',
  'citext',
  'numeric',
  'timestamp',
  'timestamptz',
  'time',
  'timetz',
])

/** `USING "x"::text`, which does the same as the new type. */
function castsItself(using: Node, column: string): boolean {
  if ('TypeCast' in using) return using.TypeCast.arg !== undefined && castsItself(using.TypeCast.arg, column)
  if (!('ColumnRef' in using)) return false
  const last = using.ColumnRef.fields?.at(-1)
  return last !== undefined && 'String' in last && last.String.sval === column
}
