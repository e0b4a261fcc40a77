import tableBytes from './table-bytes.sql'

/** Replaces `:table_bytes` in the query by the size of the table `c`, so that all estimates use the same one. */
export function withTableBytes(query: string): string {
  return query.replaceAll(':table_bytes', () => tableBytes)
}
