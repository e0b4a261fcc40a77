import { isFilledByDefault, isRequiredField, timestampPolicy } from '../../audit-fields/field-policies'
import { timestampKind, type TimestampField } from '../../audit-fields/kinds'
import type { ExpectedColumn } from '../../expected/model'
import type { ColumnType, TimestampTarget } from './audit-target'
import { typeOfColumn } from './column-type'
import { createdAtOf } from './created-at'
import { existingTimes } from './existing-times'
import { resolveIndex } from './resolve-index'
import { resolveTrigger } from './resolve-trigger'
import type { FieldContext, Resolution } from './field-context'

/** A point in time: a timestamp column, its index, and its trigger if the kind has one. */
export function resolveTimestamp(context: FieldContext, auditField: TimestampField): Resolution {
  const { actual, column, databaseColumn, expected, policy, schemaColumn, schemaName, unfit } = context
  if (unfit !== null) return { refusal: unfit }
  const kind = timestampKind(auditField)
  const settings = timestampPolicy(auditField, policy)
  const type = schemaColumn === null ? null : timestampType(schemaColumn)
  const wanted = settings.trigger ?? false
  const trigger = kind.triggerName === null || wanted === false ? null : resolveTrigger(context, auditField, wanted)
  const isRequired = isRequiredField(auditField, policy)
  const isNow = isFilledByDefault(auditField)
  // An existing column is not changed, except if the policy requires a value and does not invent one.
  const nullable = isRequired && !isNow ? false : (schemaColumn?.nullable ?? databaseColumn?.nullable ?? !isRequired)
  const isFilled = databaseColumn === null || (!isNow && !nullable && databaseColumn.nullable)
  const { index, warnings } = resolveIndex(context, settings.index)
  const columnType = type ?? (databaseColumn === null ? PRISMA_TIMESTAMP : typeOfColumn(databaseColumn))
  const times = existingTimes(context, settings.populate ?? 'now', columnType)
  const target: TimestampTarget = {
    model: expected.model,
    shape: 'timestamp',
    field: auditField,
    schema: schemaName,
    table: expected.name,
    column,
    nullable,
    databaseTable: actual,
    databaseColumn,
    isInSchema: schemaColumn !== null,
    index,
    type: columnType,
    isFilledByDefault: isNow,
    createdAt: createdAtOf(expected.block, actual)?.name ?? null,
    populate: isFilled ? times : null,
    populateOfBrokenRun: isFilled ? null : times,
    lastingDefault: schemaColumn === null ? kind.columnDefault : lastingDefault(schemaColumn),
    trigger: trigger?.target ?? null,
  }
  const refusal = trigger?.refusal
  return {
    target,
    warnings: [...warnings, ...(trigger?.warnings ?? [])],
    ...(refusal === undefined ? {} : { refusal }),
  }
}

/** The column type that Prisma creates for `DateTime`. */
export const PRISMA_TIMESTAMP: ColumnType = {
  sql: 'timestamp(3)',
  catalog: 'timestamp(3) without time zone',
  dataType: 'timestamp without time zone',
}

function timestampType(column: ExpectedColumn): ColumnType | null {
  if (column.type.kind !== 'scalar') return null
  const catalog = column.type.text
  const sql = catalog.replace(
    /^timestamp(\(\d\))? (with|without) time zone$/,
    (_, precision: string | undefined, zone: string) => `timestamp${zone === 'with' ? 'tz' : ''}${precision ?? ''}`,
  )
  return { sql, catalog, dataType: catalog.replace(/\(\d\)/, '') }
}

function lastingDefault(column: ExpectedColumn | null): string | null {
  if (column?.default?.kind === 'now') return 'CURRENT_TIMESTAMP'
  return column?.default?.kind === 'expression' ? column.default.text : null
}
