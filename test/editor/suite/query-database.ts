import pg from 'pg'

/** Asks the sample's database on a connection of the test's own. */
export async function queryDatabase(sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: process.env.PRISMA_AUDIT_TEST_DATABASE_URL })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}
