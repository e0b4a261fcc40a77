import type { ExpectedColumn } from '../../audit/expected/model'
import type { DatabaseModel, Table, Trigger } from '../../database/model'
import { quoteIdentifier, quoteQualified } from '../../database/quote'
import type { ColumnType, TimestampTarget, TriggerTarget } from './audit-target'
import { triggerName } from './names'
import { typeOfColumn } from './column-type'
import { resolveIndex } from './resolve-index'
import type { FieldContext, Resolution } from './field-context'

/** `updatedAt`: a timestamp, its index, and the trigger that keeps it. */
export function resolveTimestamp(context: FieldContext): Resolution {
  const { actual, column, database, databaseColumn, expected, policy, schemaColumn, schemaName } = context
  const table = quoteQualified(schemaName, expected.name)
  const type = schemaColumn === null ? null : timestampType(schemaColumn)
  if (schemaColumn !== null && type === null) {
    return {
      refusal: `The field ${schemaColumn.field} of ${expected.model} is no timestamp, so it cannot say when a row changed.`,
    }
  }
  if (databaseColumn !== null && !isTimestamp(databaseColumn.type)) {
    return { refusal: `${quoteIdentifier(column)} of ${table} is ${databaseColumn.type} and no timestamp.` }
  }
  const trigger = policy.fields.updatedAt.trigger ? resolveTrigger(expected.name, column, actual, database) : null
  if (trigger !== null && 'refusal' in trigger) return trigger
  const { index, warnings } = resolveIndex(context, policy.fields.updatedAt.index)
  const target: TimestampTarget = {
    model: expected.model,
    field: 'updatedAt',
    schema: schemaName,
    table: expected.name,
    column,
    nullable: schemaColumn?.nullable ?? databaseColumn?.nullable ?? false,
    databaseTable: actual,
    databaseColumn,
    isInSchema: schemaColumn !== null,
    index,
    type: type ?? (databaseColumn === null ? PRISMA_TIMESTAMP : typeOfColumn(databaseColumn)),
    lastingDefault: lastingDefault(schemaColumn),
    trigger: trigger?.target ?? null,
  }
  return { target, warnings: [...warnings, ...(trigger?.warnings ?? [])] }
}

/** What Prisma makes of `DateTime`. */
const PRISMA_TIMESTAMP: ColumnType = {
  sql: 'timestamp(3)',
  catalog: 'timestamp(3) without time zone',
  dataType: 'timestamp without time zone',
}

function timestampType(column: ExpectedColumn): ColumnType | null {
  if (column.type.kind !== 'scalar' || column.isList || !isTimestamp(column.type.text)) return null
  const catalog = column.type.text
  const sql = catalog.replace(
    /^timestamp(\(\d\))? (with|without) time zone$/,
    (_, precision: string | undefined, zone: string) => `timestamp${zone === 'with' ? 'tz' : ''}${precision ?? ''}`,
  )
  return { sql, catalog, dataType: catalog.replace(/\(\d\)/, '') }
}

function isTimestamp(type: string): boolean {
  return /^timestamp(\(\d\))? (with|without) time zone$/.test(type)
}

function lastingDefault(column: ExpectedColumn | null): string | null {
  if (column?.default?.kind === 'now') return 'CURRENT_TIMESTAMP'
  return column?.default?.kind === 'expression' ? column.default.text : null
}

type ResolvedTrigger =
  { readonly target: TriggerTarget; readonly warnings: readonly string[] } | { readonly refusal: string }

/** A trigger of our name, else one that keeps the column already, else a new one. */
function resolveTrigger(
  tableName: string,
  column: string,
  table: Table | null,
  database: DatabaseModel,
): ResolvedTrigger {
  const name = triggerName(tableName)
  const named = table?.triggers.find((trigger) => trigger.name === name)
  if (table === null) return { target: { name, existing: null }, warnings: [] }
  const label = quoteQualified(table.schema, table.name)
  if (named !== undefined && !firesBeforeUpdate(named)) {
    return {
      refusal: `The trigger ${quoteIdentifier(name)} of ${label} is there already and does not fire before an update of a row.`,
    }
  }
  const existing =
    named ?? table.triggers.find((trigger) => firesBeforeUpdate(trigger) && keeps(trigger, column, database))
  if (existing === undefined) {
    const inTheWay = table.partitions?.find((partition) =>
      database.tables.some(
        (found) =>
          found.schema === partition.schema &&
          found.name === partition.name &&
          found.triggers.some((trigger) => trigger.name === name),
      ),
    )
    if (inTheWay === undefined) return { target: { name, existing: null }, warnings: [] }
    const partition = quoteQualified(inTheWay.schema, inTheWay.name)
    return {
      refusal: `The partition ${partition} of ${label} has a trigger ${quoteIdentifier(name)} of its own, so the table cannot have it.`,
    }
  }
  const source = sourceOf(existing, database)
  const isOurs = source?.comment?.startsWith('Made by Prisma Audit') === true
  const warning =
    `${quoteIdentifier(column)} of ${label} is kept by the trigger ${quoteIdentifier(existing.name)} already, which ` +
    'is left as it is. The verification proves whether it writes the time in UTC.'
  return { target: { name: existing.name, existing }, warnings: isOurs ? [] : [warning] }
}

function firesBeforeUpdate(trigger: Trigger): boolean {
  return trigger.timing === 'BEFORE' && trigger.level === 'ROW' && trigger.events.includes('UPDATE')
}

/** Does the trigger's function assign the column, by its own text or as the argument of `moddatetime`? */
function keeps(trigger: Trigger, column: string, database: DatabaseModel): boolean {
  if (trigger.functionName === 'moddatetime') return trigger.definition.includes(column)
  const escaped = column.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const assignment = new RegExp(`new\\s*\\.\\s*("${escaped}"|${escaped})\\s*:?=`, 'i')
  return assignment.test(sourceOf(trigger, database)?.source ?? '')
}

function sourceOf(trigger: Trigger, database: DatabaseModel) {
  return database.triggerFunctions.find(
    (candidate) => candidate.schema === trigger.functionSchema && candidate.name === trigger.functionName,
  )
}
