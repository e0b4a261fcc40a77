import { quoteLiteral, quoteQualified } from '../../../database/quote'
import type { ColumnName } from './row-key'

/**
 * A query for the value that ADD COLUMN … DEFAULT added to existing rows, as text: `pg_attribute.attmissingval` of the
 * table and each of its partitions. The application did not write it. No rows if there is none, or if the table was
 * rewritten since.
 */
export function addedValues({ schema, table, column }: ColumnName): string {
  const name = `${quoteLiteral(quoteQualified(schema, table))}::regclass`
  return (
    'SELECT DISTINCT (attmissingval::text::text[])[1] AS value FROM pg_attribute ' +
    `WHERE atthasmissing AND attname = ${quoteLiteral(column)} ` +
    `AND attrelid IN (SELECT ${name}::oid UNION SELECT relid::oid FROM pg_partition_tree(${name}))`
  )
}
