import { quoteIdentifier } from '../../database/quote'
import { valueOf } from '../../database/text-of-values'
import { operator } from './sql'

/** Rows that a fill leaves NULL: those whose keys are in `prisma_audit_kept.kept_null` under this number. */
export interface SparedNulls {
  readonly columnId: string
  /** The columns of the keys, with types as printed by `format_type`. */
  readonly key: readonly { readonly name: string; readonly type: string; readonly operatorSchema?: string }[]
}

/**
 * A condition on a row of `alias`. If the text of each key column does not depend on session settings, the index of
 * `kept_null` is used row by row (OFFSET 0 prevents the planner from reading all of it for each batch); otherwise the
 * texts are converted to values.
 */
export function isNotSpared(alias: string, { columnId, key }: SparedNulls): string {
  const columns = key.map(({ name, type, ...column }) => ({
    sql: `${alias}.${quoteIdentifier(name)}`,
    type,
    equals: operator('=', column),
  }))
  const texts = columns.map(({ sql, type }) => exactText(sql, type))
  const isSame = texts.every((text) => text !== null)
    ? `${SPARED}.key OPERATOR(pg_catalog.=) ARRAY[${texts.join(', ')}] OFFSET 0`
    : columns
        .map(({ sql, type, equals }, index) => `${sql} ${equals} ${valueOf(`(${SPARED}.key)[${index + 1}]`, type)}`)
        .join(' AND ')
  return [
    `NOT EXISTS (SELECT FROM prisma_audit_kept.kept_null AS ${SPARED}`,
    `WHERE ${SPARED}.column_id OPERATOR(pg_catalog.=) ${columnId} AND ${isSame})`,
  ].join(' ')
}

const SPARED = 'prisma_audit_spared'

/** As stored, in ISO format and UTC; null if it depends on session settings. */
function exactText(column: string, type: string): string | null {
  if (/^timestamp(?:\(\d\))? with time zone$/.test(type)) {
    return `((${column} AT TIME ZONE 'UTC')::pg_catalog.text OPERATOR(pg_catalog.||) '+00')`
  }
  return PLAIN_TYPE.test(type) ? `${column}::pg_catalog.text` : null
}

const PLAIN_TYPE =
  /^(?:smallint|integer|bigint|numeric(?:\(.+\))?|uuid|text|character varying(?:\(\d+\))?|boolean|date|timestamp(?:\(\d\))? without time zone)$/
