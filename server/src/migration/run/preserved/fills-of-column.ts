import type { DatabaseClient } from '../../../database/connect'
import { quoteQualified } from '../../../database/quote'
import type { Step } from '../../model'
import type { ColumnName, TableName } from './row-key'

/** `holders` are the table and its partitions, which are filled one by one. */
export function isFillOf(step: Step, { column }: Pick<ColumnName, 'column'>, holders: ReadonlySet<string>): boolean {
  return (
    step.kind === 'populate' && step.batch?.column === column && holders.has(quoteQualified(step.schema, step.table))
  )
}

/** The quoted names of a table and all its partitions. */
export async function readHolders(client: DatabaseClient, { schema, table }: TableName): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ schema: string; table: string }>(
    `SELECT n.nspname AS schema, c.relname AS "table"
     FROM pg_partition_tree(to_regclass($1)) AS tree
     JOIN pg_class AS c ON c.oid = tree.relid JOIN pg_namespace AS n ON n.oid = c.relnamespace`,
    [quoteQualified(schema, table)],
  )
  return new Set([quoteQualified(schema, table), ...rows.map((row) => quoteQualified(row.schema, row.table))])
}
