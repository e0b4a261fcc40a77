import { isFilledByDefault, isRequiredField, timestampPolicy } from '../../audit-fields/field-policies'
import { isTimestampType } from '../../audit-fields/timestamp-type'
import { timestampKind, type TimestampField } from '../../audit-fields/kinds'
import type { ExpectedColumn } from '../../expected/model'
import type { ColumnType, TimestampTarget } from './audit-target'
import { typeOfColumn } from './column-type'
import { createdAtOf } from './created-at'
import { existingTimes } from './existing-times'
import { resolveIndex } from './resolve-index'
import { resolveTrigger } from './resolve-trigger'
import type { FieldContext, Resolution } from './field-context'
import { titleOfColumn } from './titles'
import { fixedPhrase, phrase } from '../../text/phrase'

/** A point in time: a timestamp column, its index, and its trigger if the kind has one. */
export function resolveTimestamp(context: FieldContext, auditField: TimestampField): Resolution {
  const { actual, column, databaseColumn, expected, policy, schemaColumn, schemaName } = context
  const kind = timestampKind(auditField)
  const settings = timestampPolicy(auditField, policy)
  const label = titleOfColumn({ schema: schemaName, table: expected.name, column })
  const type = schemaColumn === null ? null : timestampType(schemaColumn)
  if (schemaColumn !== null && type === null) {
    return {
      refusal: {
        code: 'not-a-timestamp',
        reason: phrase`${schemaColumn.field} is not a timestamp, so it cannot say ${fixedPhrase(kind.meaning)}. Change its type, or set another "column" under fields.${auditField} in the policy.`,
      },
    }
  }
  if (databaseColumn !== null && !isTimestampType(databaseColumn.type)) {
    const reason = phrase`${label} is ${databaseColumn.type}, not a timestamp.`
    return { refusal: { code: 'not-a-timestamp', reason } }
  }
  if (databaseColumn !== null && databaseColumn.generated !== null) {
    const reason = phrase`${label} is a generated column: PostgreSQL computes it, so no write and no trigger sets it.`
    return { refusal: { code: 'not-a-timestamp', reason } }
  }
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
const PRISMA_TIMESTAMP: ColumnType = {
  sql: 'timestamp(3)',
  catalog: 'timestamp(3) without time zone',
  dataType: 'timestamp without time zone',
}

function timestampType(column: ExpectedColumn): ColumnType | null {
  if (column.type.kind !== 'scalar' || column.isList || !isTimestampType(column.type.text)) return null
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
