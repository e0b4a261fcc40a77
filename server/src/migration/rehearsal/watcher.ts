import { setTimeout as pause } from 'node:timers/promises'
import type { DatabaseClient } from '../../database/connect'
import type { ObservedLock } from './model'
import type { Observer } from './observe'

/**
 * Sees the locks of a statement that cannot be looked at from its own session, such as CREATE INDEX CONCURRENTLY: a second
 * connection holds what a writer holds, so that the statement stops to wait for it with its locks in hand.
 */
export class Watcher {
  private constructor(
    private readonly client: DatabaseClient,
    private readonly watchedProcess: number,
  ) {}

  /** @param client a connection of its own, to the place where `watched` runs the statements */
  static async start(client: DatabaseClient, watched: DatabaseClient): Promise<Watcher> {
    const { rows } = await watched.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    return new Watcher(client, rows[0]?.pid ?? 0)
  }

  /**
   * Runs the statement and answers the locks that it held or waited for when it met the writer; none where it met nobody.
   *
   * @param table that the statement is about, quoted and qualified
   */
  async watch(observer: Observer, table: string, run: () => Promise<void>): Promise<ObservedLock[]> {
    await this.client.query(`BEGIN; LOCK TABLE ${table} IN ROW EXCLUSIVE MODE`)
    const state = { hasEnded: false }
    const running = run().finally(() => (state.hasEnded = true))
    // A failure is awaited below; until then it must not count as one that nobody handles.
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
