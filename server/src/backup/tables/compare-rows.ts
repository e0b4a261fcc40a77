import type { DatabaseClient } from '../../database/connect'
import { quoteIdentifier, quoteLiteral, quoteQualified } from '../../database/quote'
import type { BesideTable } from './load-beside'

/** How a table differs from the backup. */
export interface RowDifferences {
  readonly missing: KindOfDifference
  readonly changed: KindOfDifference
  readonly added: KindOfDifference
  /** Of all differing keys and values: equal differences have equal fingerprints. */
  readonly fingerprint: string
}

export interface KindOfDifference {
  readonly count: number
  /** The first ones by key. */
  readonly examples: readonly { readonly key: string; readonly changes: readonly string[] }[]
}

/** Maximum number shown of each kind. */
const EXAMPLES = 10

/** Compares rows by key, and values as PostgreSQL's text output, which works for any type. */
export async function compareRows(client: DatabaseClient, table: BesideTable): Promise<RowDifferences> {
  const { rows } = await client.query<{
    kind: 'missing' | 'changed' | 'added'
    count: string
    fingerprint: string
    examples: { key: string; changes: string[] }[]
  }>(differencesQuery(table))
  const of = (kind: 'missing' | 'changed' | 'added'): KindOfDifference => {
    const row = rows.find((each) => each.kind === kind)
    return { count: Number(row?.count ?? 0), examples: row?.examples ?? [] }
  }
  const fingerprint = rows.map((row) => `${row.kind} ${row.count} ${row.fingerprint}`).join('\n')
  return { missing: of('missing'), changed: of('changed'), added: of('added'), fingerprint }
}

/** `now.id = old.id AND …` */
export function keysAreEqual({ facts: { key } }: BesideTable): string {
  return key
    .map((column) => `now.${quoteIdentifier(column)} OPERATOR(pg_catalog.=) old.${quoteIdentifier(column)}`)
    .join(' AND ')
}

/** The compared values of `now` and `old`, as text; null for none. */
export function valuesDiffer({ columns, facts: { key } }: BesideTable): string {
  const compared = columns.filter((column) => !key.includes(column))
  return `${written('now', compared)} OPERATOR(pg_catalog.<>) ${written('old', compared)}`
}

function written(row: 'now' | 'old', columns: readonly string[]): string {
  const values = columns.map((column) => `${row}.${quoteIdentifier(column)}`).join(', ')
  return `pg_catalog.textin(pg_catalog.record_out(ROW(${values})))`
}

function differencesQuery(table: BesideTable): string {
  const { facts, name, columns } = table
  const [first = ''] = facts.key
  const compared = columns.filter((column) => !facts.key.includes(column))
  const keyOf = facts.key
    .map((column) => `COALESCE(now.${quoteIdentifier(column)}, old.${quoteIdentifier(column)})`)
    .join(', ')
  const isNew = `old.${quoteIdentifier(first)} IS NULL`
  const isGone = `now.${quoteIdentifier(first)} IS NULL`
  const changes = compared.map((column) => {
    const [now, old] = [`now.${quoteIdentifier(column)}`, `old.${quoteIdentifier(column)}`]
    const shown = (value: string) => `pg_catalog.left(pg_catalog.format('%L', ${value}), 40)`
    return `CASE WHEN ${written('now', [column])} OPERATOR(pg_catalog.<>) ${written('old', [column])}
      THEN pg_catalog.format('%s: %s, in the backup %s', ${quoteLiteral(column)}::pg_catalog.text, ${shown(now)}, ${shown(old)}) END`
  })
  return `
    WITH differences AS (
      SELECT CASE WHEN ${isNew} THEN 'added' WHEN ${isGone} THEN 'missing' ELSE 'changed' END AS kind,
        pg_catalog.concat_ws(', ', ${keyOf}) AS key,
        CASE WHEN ${isNew} OR ${isGone} THEN ARRAY[]::pg_catalog.text[]
          ELSE pg_catalog.array_remove(ARRAY[${changes.join(', ')}]::pg_catalog.text[], NULL) END AS changes,
        pg_catalog.hashtextextended(pg_catalog.concat_ws(' ', ${written('now', [...facts.key, ...compared])},
          ${written('old', [...facts.key, ...compared])}) COLLATE pg_catalog."C", 0) AS hash
      FROM ONLY ${quoteQualified(facts.schema, facts.table)} AS now
      FULL JOIN ${name} AS old ON ${keysAreEqual(table)}
      WHERE ${isNew} OR ${isGone} OR ${valuesDiffer(table)}
    ),
    numbered AS (
      SELECT d.*, pg_catalog.row_number() OVER (PARTITION BY d.kind ORDER BY pg_catalog.length(d.key), d.key) AS number
      FROM differences AS d
    )
    SELECT d.kind, pg_catalog.count(*)::pg_catalog.text AS count, pg_catalog.sum(d.hash)::pg_catalog.text AS fingerprint,
      pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('key', d.key, 'changes', d.changes) ORDER BY d.number)
        FILTER (WHERE d.number OPERATOR(pg_catalog.<=) ${EXAMPLES}) AS examples
    FROM numbered AS d
    GROUP BY d.kind
    ORDER BY d.kind`
}
