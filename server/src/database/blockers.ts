import type { DatabaseClient } from './connect'
import { phrase, phraseIn, type Phrase } from '../text/phrase'
import { inEnglish, type Translate } from '../text/translate'

/** A session that blocks another one. */
export interface Blocker {
  /** Zero: a prepared transaction, which has no process. */
  readonly pid: number
  readonly user: string
  readonly application: string
  /** Its current or last query; empty if the role may not see it. */
  readonly query: string
  /** The duration of its transaction; null if unknown. */
  readonly seconds: number | null
  /** Whether our role may terminate it. */
  readonly mayTerminate: boolean
  /** Together with the pid, identifies the session, so that a later one with the same pid is not affected. */
  readonly startedAt: string
}

/** What a step waits for. */
export interface Waiting {
  readonly title: string
  /** Quoted and qualified; none if it waits for older transactions to end, whatever they use. */
  readonly tables: readonly string[]
  /** Since the wait was first observed. */
  readonly seconds: number
  readonly blockers: readonly Blocker[]
}

/** The sessions that block this pid at this moment; empty if it does not wait. */
export async function readBlockers(client: DatabaseClient, pid: number): Promise<Blocker[]> {
  return await describeSessions(client, 'SELECT DISTINCT unnest(pg_blocking_pids($1)) AS pid', [pid])
}

/**
 * The sessions that hold locks that block even readers of tables in this database, or that queue for one, which blocks
 * readers too; and these tables. For use after a lock timeout.
 */
export async function readLockHolders(client: DatabaseClient): Promise<Pick<Waiting, 'tables' | 'blockers'>> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT DISTINCT format('"%s"."%s"', replace(n.nspname::text, '"', '""'), replace(c.relname::text, '"', '""')) AS name
     FROM (${BLOCKS_READERS}) AS b JOIN pg_class AS c ON c.oid = b.relation JOIN pg_namespace AS n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY 1`,
  )
  const blockers = await describeSessions(
    client,
    `SELECT DISTINCT coalesce(pid, 0) AS pid FROM (${BLOCKS_READERS}) AS b`,
    [],
  )
  return { tables: rows.map(({ name }) => name), blockers }
}

/** The sessions that hold any lock on an object that a user made in this database. Anybody may be in the way of a DROP. */
export async function readUsersOfObjects(client: DatabaseClient): Promise<Blocker[]> {
  return await describeSessions(
    client,
    `SELECT DISTINCT coalesce(l.pid, 0) AS pid FROM pg_locks AS l
     WHERE l.granted AND l.locktype IN ('relation', 'object') AND coalesce(l.relation, l.objid) >= 16384 AND ${OF_OTHERS}`,
    [],
  )
}

const OF_OTHERS = `l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND l.pid IS DISTINCT FROM pg_backend_pid()`

/**
 * Granted or not: readers queue behind an ALTER TABLE that itself waits for an older reader. No one else reads temporary
 * tables, nor new ones, which pg_class does not show yet. No one holds such a lock on catalog tables for long.
 */
const BLOCKS_READERS = `SELECT l.pid, l.relation FROM pg_locks AS l JOIN pg_class AS r ON r.oid = l.relation
  WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND l.relation >= 16384
    AND r.relpersistence <> 't' AND ${OF_OTHERS}`

async function describeSessions(client: DatabaseClient, pids: string, values: readonly unknown[]): Promise<Blocker[]> {
  const { rows } = await client.query<Blocker>(
    `SELECT b.pid, coalesce(a.usename::text, '') AS "user",
       coalesce(nullif(a.application_name, ''), CASE WHEN a.backend_type <> 'client backend' THEN a.backend_type END, '') AS application,
       coalesce(left(regexp_replace(a.query, '\\s+', ' ', 'g'), 120), '') AS query,
       extract(epoch FROM clock_timestamp() - a.xact_start)::int AS seconds,
       coalesce(
         (pg_has_role(a.usesysid, 'USAGE') OR pg_has_role('pg_signal_backend', 'USAGE'))
         AND (NOT r.rolsuper OR current_setting('is_superuser')::boolean), false) AS "mayTerminate",
       coalesce(a.backend_start::text, '') AS "startedAt"
     FROM (${pids}) AS b
     LEFT JOIN pg_stat_activity AS a ON a.pid = b.pid
     LEFT JOIN pg_roles AS r ON r.oid = a.usesysid
     ORDER BY a.xact_start NULLS LAST`,
    [...values],
  )
  return rows
}

/** A COMMIT that waits for a standby to confirm (`synchronous_standby_names`). */
export const STANDBY: Blocker = {
  ...{ pid: -1, user: '', application: '', query: '', seconds: null, mayTerminate: false, startedAt: '' },
}

/** Whether the session of this pid waits at COMMIT for a synchronous standby. */
export async function waitsForStandby(client: DatabaseClient, pid: number): Promise<boolean> {
  const { rows } = await client.query(
    `SELECT FROM pg_catalog.pg_stat_activity WHERE pid OPERATOR(pg_catalog.=) $1 AND wait_event OPERATOR(pg_catalog.=) 'SyncRep'`,
    [pid],
  )
  return rows.length > 0
}

/** Whether the session of this pid waits for older transactions to end, as CONCURRENTLY does, and not for a table. */
export async function waitsForTransactions(client: DatabaseClient, pid: number): Promise<boolean> {
  const { rows } = await client.query(
    `SELECT FROM pg_catalog.pg_locks WHERE pid OPERATOR(pg_catalog.=) $1 AND NOT granted
      AND locktype OPERATOR(pg_catalog.=) 'virtualxid'`,
    [pid],
  )
  return rows.length > 0
}

/** Terminates the sessions; one that has already ended is ignored, and another with the same pid is not affected. */
export async function terminateBlockers(client: DatabaseClient, blockers: readonly Blocker[]): Promise<void> {
  for (const { pid, startedAt } of blockers) {
    await client.query(
      `SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity
        WHERE pid OPERATOR(pg_catalog.=) $1 AND backend_start::pg_catalog.text OPERATOR(pg_catalog.=) $2`,
      [pid, startedAt],
    )
  }
}

/** `process 4711 of app (psql), in its transaction for 12 s: SELECT …`. */
export function describeBlocker(blocker: Blocker, t: Translate = inEnglish): string {
  return phraseIn(t, phraseOfBlocker(blocker))
}

/** The same, for an error. */
export function phraseOfBlocker({ pid, user, application, query, seconds }: Blocker): Phrase {
  if (pid === STANDBY.pid) return phrase`a synchronous standby to confirm the COMMIT (see synchronous_standby_names)`
  if (pid === 0) return phrase`a prepared transaction (see pg_prepared_xacts)`
  const of = user === '' ? phrase`the server itself` : user
  const who = phrase`process ${String(pid)} of ${of}${application === '' ? '' : ` (${application})`}`
  const since = seconds === null ? '' : phrase`, in its transaction for ${String(seconds)} s`
  return phrase`${who}${since}${query === '' ? '' : `: ${query}`}`
}
