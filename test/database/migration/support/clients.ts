import pg from 'pg'

/** Connections of others than the migration, which end after each test, whatever becomes of it. */
export function useClients() {
  const opened: pg.Client[] = []
  const close = async () => {
    for (const client of opened.splice(0)) await client.end().catch(() => undefined)
  }
  const connect = async (url: string, name: string): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: url, application_name: name })
    // One that is terminated on purpose.
    client.on('error', () => undefined)
    opened.push(client)
    await client.connect()
    return client
  }
  afterEach(close)
  return {
    /** Named, as `pg_stat_activity` and our messages show it. */
    connect,
    /** A report on the sample's leads that does not come to its end. */
    reporter: async (url: string): Promise<pg.Client> => {
      const holder = await connect(url, 'the report')
      await holder.query('BEGIN')
      await holder.query('SELECT count(*) FROM "Lead"')
      return holder
    },
    close,
  }
}
