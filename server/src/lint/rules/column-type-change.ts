import type { Severity } from '../../audit/finding'
import type { Node } from 'libpg-query'
import { columnTypeOf, keepsValues, shownType, type ColumnType } from '../column-types'
import { findColumn, isOldTable, lockSeverity, sizeOf, type LintContext, type LintRule } from '../context'
import type { TableName } from '../script'
import { alterActions, shown } from '../syntax'

export const columnTypeChange: LintRule = {
  code: 'column-type-change',
  check(context) {
    return alterActions(context.statement).flatMap(({ table, command, span }) => {
      const { subtype, name = '', def } = command
      if (subtype !== 'AT_AlterColumnType' || def === undefined || !('ColumnDef' in def)) return []
      const to = columnTypeOf(def.ColumnDef.typeName)
      // The enum that takes another's place is the business of enum-replaced.
      if (!isOldTable(context, table) || context.state.newTypes.has(to.name)) return []
      const from = findColumn(context, table, name)?.type ?? null
      const severity = severityOf(context, { table, from, to, using: def.ColumnDef.raw_default ?? null, column: name })
      if (severity === null) return []
      const change = from === null ? `to ${shownType(to)}` : `from ${shownType(from)} to ${shownType(to)}`
      return [
        {
          severity,
          message:
            severity === 'hint'
              ? `Unless the type only grows, ${shown(table)}${sizeOf(context, table)} is written anew under an ACCESS EXCLUSIVE lock.`
              : `The change ${change} writes ${shown(table)}${sizeOf(context, table)} anew and nobody can read or write it meanwhile (ACCESS EXCLUSIVE lock); programs that know the old type may fail.`,
          advice:
            'Add a column of the new type, keep both by a trigger, fill it in batches, then let the programs use it.',
          span,
        },
      ]
    })
  },
}

interface Change {
  readonly table: TableName
  readonly column: string
  /** Null where it is not known. */
  readonly from: ColumnType | null
  readonly to: ColumnType
  readonly using: Node | null
}

/** Null where nothing is rewritten. Of a type that is not known before, one that mostly grows is left at a hint. */
function severityOf(context: LintContext, { table, column, from, to, using }: Change): Severity | null {
  const isPlain = using === null || castsItself(using, column)
  if (from === null) return isPlain && GROWING.has(to.name) ? 'hint' : lockSeverity(context, table)
  return isPlain && keepsValues(from, to) ? null : lockSeverity(context, table)
}

const GROWING: ReadonlySet<string> = new Set([
  'text',
  'varchar',
  'numeric',
  'timestamp',
  'timestamptz',
  'time',
  'timetz',
])

/** `USING "x"::text`, which changes nothing that the new type would not. */
function castsItself(using: Node, column: string): boolean {
  if ('TypeCast' in using) return using.TypeCast.arg !== undefined && castsItself(using.TypeCast.arg, column)
  if (!('ColumnRef' in using)) return false
  const last = using.ColumnRef.fields?.at(-1)
  return last !== undefined && 'String' in last && last.String.sval === column
}
