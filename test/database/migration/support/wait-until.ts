import assert from 'node:assert/strict'
import pg from 'pg'

/** Asks the server until the condition, in SQL, holds; gives up after five minutes. */
export async function waitUntil(url: string, condition: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const giveUpAt = performance.now() + 300_000
    while (performance.now() < giveUpAt) {
      // The server itself waits a little between two looks.
      const { rows } = await client.query<{ holds: boolean }>(`SELECT (${condition}) AS holds, pg_sleep(0.02)`)
      if (rows[0]?.holds === true) return
    }
    assert.fail(`This did not come true: ${condition}`)
  } finally {
    await client.end()
  }
}

/** Somebody waits for a lock on the sample's leads. */
export const QUEUED = `EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = to_regclass('"Lead"'))`
