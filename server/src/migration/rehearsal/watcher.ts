import { setTimeout as pause } from 'node:timers/promises'
import type { DatabaseClient } from '../../database/connect'
import type { ObservedLock } from './model'
import type { Observer } from './observe'

/**
 * Observes the locks of a statement whose own session cannot report them, such as CREATE INDEX CONCURRENTLY: a second
 * connection holds a writer's lock, so the statement waits for it while holding its own locks.
 */
export class Watcher {
  private constructor(
    private readonly client: DatabaseClient,
    private readonly watchedProcess: number,
  ) {}

  /** @param client a separate connection to the database where `watched` runs the statements */
  static async start(client: DatabaseClient, watched: DatabaseClient): Promise<Watcher> {
    const { rows } = await watched.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    return new Watcher(client, rows[0]?.pid ?? 0)
  }

  /**
   * Runs the statement and returns the locks that it held or waited for when it met the writer; none if it did not.
   *
   * @param table the statement's table, quoted and qualified
   */
  async watch(observer: Observer, table: string, run: () => Promise<void>): Promise<ObservedLock[]> {
    await this.client.query(`BEGIN; LOCK TABLE ${table} IN ROW EXCLUSIVE MODE`)
    const state = { hasEnded: false }
    const running = run().finally(() => (state.hasEnded = true))
    // A failure is awaited below; until then it must not count as unhandled.
    running.catch(() => undefined)
    let locks: ObservedLock[] = []
    try {
      for (;;) {
        const { rows } = await this.client.query<LockRow>(LOCKS, [this.watchedProcess])
        if (rows.some((row) => !row.granted)) {
          locks = observer.locksOf(rows.filter(isOnRelation))
          break
        }
        if (state.hasEnded) break
        await pause(LOOK_EVERY)
      }
    } finally {
      await this.client.query('ROLLBACK').catch(() => undefined)
    }
    await running
    return locks
  }
}

/** Milliseconds. */
const LOOK_EVERY = 5

interface LockRow {
  readonly oid: string | null
  readonly mode: string
  readonly granted: boolean
}

function isOnRelation(row: LockRow): row is LockRow & { readonly oid: string } {
  return row.oid !== null
}

const LOCKS = `SELECT relation::text AS oid, mode, granted FROM pg_locks WHERE pid = $1`
