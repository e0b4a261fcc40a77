import pg from 'pg'
import { LEAD_ROWS } from './lead-database'

/** What an application does meanwhile: writers and readers, one statement after the other, each on a connection. */
export interface Traffic {
  /** Milliseconds that the slowest statement took, of all that had begun. */
  readonly longestStall: number
  readonly statements: number
}

const WRITERS = 3
const READERS = 3

/** Milliseconds between two statements of a client: traffic, and not a load test. */
const PAUSE = 5

/** Runs the work with traffic beside it, from before its beginning until the last statement has come back. */
export async function duringTraffic(url: string, work: () => Promise<unknown>): Promise<Traffic> {
  const clients = await Promise.all(Array.from({ length: WRITERS + READERS }, () => connect(url)))
  let isOver = false
  const traffic = clients.map(async (client, index) => {
    const durations: number[] = []
    while (!isOver) {
      const id = 1 + Math.floor(Math.random() * LEAD_ROWS)
      const start = performance.now()
      await client.query(index < WRITERS ? WRITE : READ, [id])
      durations.push(performance.now() - start)
      await new Promise((resolve) => setTimeout(resolve, PAUSE))
    }
    return durations
  })
  try {
    await work()
  } finally {
    isOver = true
  }
  const durations = (await Promise.all(traffic)).flat()
  await Promise.all(clients.map((client) => client.end()))
  return { longestStall: durations.reduce((most, one) => Math.max(most, one), 0), statements: durations.length }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return client
}

const WRITE = `UPDATE "Lead" SET status = 'seen' WHERE id = $1`
const READ = `SELECT l.name, (SELECT name FROM "User" WHERE id = 1 + l.id % 1000) FROM "Lead" AS l WHERE l.id = $1`
