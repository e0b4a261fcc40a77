import type { DatabaseClient } from '../../../database/connect'
import { quoteQualified } from '../../../database/quote'
import type { Step, TableName } from '../../model'
import type { ColumnName } from './row-key'

/** `holders` are the table and its partitions, which are filled one by one. */
export function isFillOf(step: Step, { column }: Pick<ColumnName, 'column'>, holders: ReadonlySet<string>): boolean {
  return (
    step.kind === 'populate' && step.batch?.column === column && holders.has(quoteQualified(step.schema, step.table))
  )
}

/** The quoted names of each table and all its partitions, by that of the table: read at once, as there may be thousands. */
export async function readHolders(
  client: DatabaseClient,
  tables: readonly TableName[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const holders = new Map(
    tables.map(({ schema, table }) => [quoteQualified(schema, table), new Set([quoteQualified(schema, table)])]),
  )
  const { rows } = await client.query<{ root: string; schema: string; table: string }>(
    `SELECT root.name AS root, n.nspname AS schema, c.relname AS "table"
     FROM unnest($1::text[]) AS root (name)
     CROSS JOIN LATERAL pg_partition_tree(to_regclass(root.name)) AS tree
     JOIN pg_class AS c ON c.oid = tree.relid JOIN pg_namespace AS n ON n.oid = c.relnamespace`,
    [[...holders.keys()]],
  )
  for (const { root, schema, table } of rows) holders.get(root)?.add(quoteQualified(schema, table))
  return holders
}
