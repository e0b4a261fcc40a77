import { phrase, type Phrase } from '../../../text/phrase'
import type { DatabaseClient } from '../../../database/connect'
import { quoteIdentifier, quoteQualified } from '../../../database/quote'
import type { Step } from '../../model'

/** Records the OIDs of the steps' tables; in the caller's transaction. */
export async function recordTables(client: DatabaseClient, runId: string, steps: readonly Step[]): Promise<void> {
  const tables = [...new Set(steps.filter(({ table }) => table !== '').map(tableOf))]
  await client.query(
    `INSERT INTO prisma_audit.identity (run_id, table_name, column_name, relation, number, journal)
     SELECT $1, t.name, '', pg_catalog.to_regclass(t.name), 0, 'prisma_audit.run'::pg_catalog.regclass
     FROM pg_catalog.unnest($2::pg_catalog.text[]) AS t (name) WHERE pg_catalog.to_regclass(t.name) IS NOT NULL
     ON CONFLICT DO NOTHING`,
    [runId, tables],
  )
}

/** Records a column that a step has added; in the step's transaction. */
export async function recordColumn(client: DatabaseClient, runId: string, step: Step): Promise<void> {
  await client.query(
    `INSERT INTO prisma_audit.identity (run_id, table_name, column_name, relation, number, journal)
     SELECT $1, $2, a.attname, a.attrelid, a.attnum, 'prisma_audit.run'::pg_catalog.regclass
     FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = pg_catalog.to_regclass($2) AND a.attname = $3 AND NOT a.attisdropped
     ON CONFLICT DO NOTHING`,
    [runId, tableOf(step), step.object],
  )
}

/**
 * The tables and columns of the steps that were renamed or moved to another schema, each as a sentence. Dropped ones
 * are not included. In a restored or copied database, where the OIDs differ, there are none.
 */
export async function findRenamed(client: DatabaseClient, runId: string, steps: readonly Step[]): Promise<Phrase[]> {
  const { rows: found } = await client.query<{ found: boolean }>(
    `SELECT pg_catalog.to_regclass('prisma_audit.identity') IS NOT NULL AS found`,
  )
  if (found[0]?.found !== true) return []
  const { rows } = await client.query<Renamed>(RENAMED, [runId, [...new Set(steps.map(tableOf))]])
  const added = new Set(
    steps.flatMap((step) => (step.kind === 'add-column' ? [`${tableOf(step)} ${step.object ?? ''}`] : [])),
  )
  return rows.flatMap(({ table, column, schemaNow, tableNow, columnNow }) => {
    const now = quoteQualified(schemaNow, tableNow)
    if (column === '') return now === table ? [] : [phrase`the table ${table} is ${now} now`]
    if (columnNow === column || !added.has(`${table} ${column}`)) return []
    return [phrase`the column ${quoteIdentifier(column)} of ${table} is ${quoteIdentifier(columnNow)} now`]
  })
}

interface Renamed {
  /** Its former name, quoted and qualified. */
  readonly table: string
  /** Its former name, unquoted; empty for the table itself. */
  readonly column: string
  readonly schemaNow: string
  readonly tableNow: string
  readonly columnNow: string
}

const RENAMED = `
  SELECT i.table_name AS "table", i.column_name AS "column", n.nspname AS "schemaNow", c.relname AS "tableNow",
    coalesce(a.attname, '') AS "columnNow"
  FROM prisma_audit.identity AS i
  JOIN pg_catalog.pg_class AS c ON c.oid = i.relation
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.relation AND a.attnum = i.number AND NOT a.attisdropped
  WHERE i.run_id = $1 AND i.table_name = ANY ($2) AND i.journal = 'prisma_audit.run'::pg_catalog.regclass
    AND (i.number = 0 OR a.attnum IS NOT NULL)
  ORDER BY i.table_name, i.number`

function tableOf({ schema, table }: Step): string {
  return quoteQualified(schema, table)
}
