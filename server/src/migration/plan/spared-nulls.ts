import { quoteIdentifier } from '../../database/quote'

/** Rows that a fill leaves NULL: those whose keys lie in `prisma_audit_kept.kept_null` under this number. */
export interface SparedNulls {
  readonly columnId: string
  /** What the keys there are made of, with types as `format_type` spells them. */
  readonly key: readonly { readonly name: string; readonly type: string }[]
}

/**
 * A condition on a row of `alias`. Where the text of each key column is the same whatever the session's settings are, the
 * index of `kept_null` is asked row by row (OFFSET 0 keeps the planner from reading all of it for each batch); else the
 * texts there are read as values.
 */
export function isNotSpared(alias: string, { columnId, key }: SparedNulls): string {
  const columns = key.map(({ name, type }) => ({ sql: `${alias}.${quoteIdentifier(name)}`, type }))
  const texts = columns.map(({ sql, type }) => exactText(sql, type))
  const isSame = texts.every((text) => text !== null)
    ? `${SPARED}.key OPERATOR(pg_catalog.=) ARRAY[${texts.join(', ')}] OFFSET 0`
    : columns
        .map(({ sql, type }, index) => `${sql} OPERATOR(pg_catalog.=) (${SPARED}.key)[${index + 1}]::${type}`)
        .join(' AND ')
  return [
    `NOT EXISTS (SELECT FROM prisma_audit_kept.kept_null AS ${SPARED}`,
    `WHERE ${SPARED}.column_id OPERATOR(pg_catalog.=) ${columnId} AND ${isSame})`,
  ].join(' ')
}

const SPARED = 'prisma_audit_spared'

/** As it was written down, in ISO format and UTC; null where that hangs on settings of the session. */
function exactText(column: string, type: string): string | null {
  if (/^timestamp(?:\(\d\))? with time zone$/.test(type)) {
    return `((${column} AT TIME ZONE 'UTC')::pg_catalog.text OPERATOR(pg_catalog.||) '+00')`
  }
  return PLAIN_TYPE.test(type) ? `${column}::pg_catalog.text` : null
}

const PLAIN_TYPE =
  /^(?:smallint|integer|bigint|numeric(?:\(.+\))?|uuid|text|character varying(?:\(\d+\))?|boolean|date|timestamp(?:\(\d\))? without time zone)$/
