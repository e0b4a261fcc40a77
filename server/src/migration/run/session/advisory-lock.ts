import { setTimeout as pause } from 'node:timers/promises'
import type { DatabaseClient } from '../../../database/connect'
import type { AuditError } from '../../../errors'

export interface LockRequest {
  /** A bigint, as text. */
  readonly key: string
  /** The holder that we wait for: `another migration`. */
  readonly whose: string
  readonly signal: AbortSignal | undefined
  /** Milliseconds to wait for its holder. */
  readonly waitForOther: number
  /** Called once when a holder must be waited for. */
  readonly onWait?: (holder: string) => void
  readonly refuse: (holder: string) => AuditError
}

/**
 * Takes an advisory lock for the session. It is polled: a session waiting for a lock inside the server would block
 * CREATE INDEX CONCURRENTLY. Rejects with the error that `refuse` creates for the holder.
 */
export async function takeAdvisoryLock(client: DatabaseClient, request: LockRequest): Promise<void> {
  const { key, signal } = request
  const giveUpAt = performance.now() + request.waitForOther
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted()
    const { rows } = await client.query<{ taken: boolean }>(`SELECT pg_catalog.pg_try_advisory_lock(${key}) AS taken`)
    if (rows[0]?.taken === true) return
    if (performance.now() >= giveUpAt) throw request.refuse(await describeHolder(client, key))
    if (attempt === 1) request.onWait?.(`${request.whose}: ${await describeHolder(client, key)}`)
    await pause(100 + Math.random() * 200, undefined, signal === undefined ? {} : { signal })
  }
}

export async function releaseAdvisoryLock(client: DatabaseClient, key: string): Promise<void> {
  await client.query(`SELECT pg_catalog.pg_advisory_unlock(${key})`)
}

export async function isAdvisoryLockHeld(client: DatabaseClient, key: string): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>(`
    SELECT EXISTS (
      SELECT FROM pg_catalog.pg_locks AS l
      WHERE ${isHeldLock(key)}
    ) AS held`)
  return rows[0]?.held === true
}

/** Of a row `l` of `pg_locks`. */
function isHeldLock(key: string): string {
  return `l.locktype OPERATOR(pg_catalog.=) 'advisory' AND l.granted AND l.objsubid OPERATOR(pg_catalog.=) 1
        AND l.database OPERATOR(pg_catalog.=) (SELECT d.oid FROM pg_catalog.pg_database AS d
          WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database())
        AND (l.classid::pg_catalog.int8 OPERATOR(pg_catalog.<<) 32) OPERATOR(pg_catalog.|) l.objid::pg_catalog.int8
          OPERATOR(pg_catalog.=) ${key}`
}

async function describeHolder(client: DatabaseClient, key: string): Promise<string> {
  const { rows } = await client.query<{ holder: string }>(`
    SELECT pg_catalog.format('process %s of %s, since %s', l.pid, coalesce(a.usename, 'an unknown role'),
      coalesce(pg_catalog.to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS TZ'), 'an unknown time')) AS holder
    FROM pg_catalog.pg_locks AS l LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid OPERATOR(pg_catalog.=) l.pid
    WHERE ${isHeldLock(key)}`)
  return rows[0]?.holder ?? 'a session that has just ended'
}
