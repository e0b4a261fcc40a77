import type { QueryResultRow } from 'pg'
import type { DatabaseClient } from '../../database/connect'

/** The rows of a query by a cursor, because a database may have millions of large objects. */
export async function* inPages<Row extends QueryResultRow>(
  client: DatabaseClient,
  query: string,
  rowsPerPage: number,
): AsyncGenerator<Row[]> {
  await client.query(`DECLARE prisma_audit_page NO SCROLL CURSOR FOR ${query}`)
  for (;;) {
    const { rows } = await client.query<Row>(`FETCH ${rowsPerPage} FROM prisma_audit_page`)
    if (rows.length === 0) break
    yield rows
  }
  await client.query('CLOSE prisma_audit_page')
}
