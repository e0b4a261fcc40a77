import { quoteLiteral, quoteQualified } from '../../../database/quote'
import type { ColumnName } from './row-key'

/**
 * A query for what ADD COLUMN … DEFAULT gave to the rows that stood, as text: `pg_attribute.attmissingval`, of the table
 * and of each of its partitions. It is no value that anybody wrote. Without rows where nothing was given, or the table
 * was rewritten since.
 */
export function addedValues({ schema, table, column }: ColumnName): string {
  const name = `${quoteLiteral(quoteQualified(schema, table))}::regclass`
  return (
    'SELECT DISTINCT (attmissingval::text::text[])[1] AS value FROM pg_attribute ' +
    `WHERE atthasmissing AND attname = ${quoteLiteral(column)} ` +
    `AND attrelid IN (SELECT ${name}::oid UNION SELECT relid::oid FROM pg_partition_tree(${name}))`
  )
}
