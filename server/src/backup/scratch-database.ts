import { randomBytes } from 'node:crypto'
import { withClient, type DatabaseClient } from '../database/connect'
import { openClient, type OpenClient } from '../database/open-client'
import { setUpReservedSession } from '../database/pooled-search-path'
import { WITHOUT_TIMEOUTS } from '../database/session-settings'
import { quoteIdentifier, quoteLiteral } from '../database/quote'
import { createLikeCurrent, urlOfDatabase } from './create-database'
import { dropDatabase } from './drop-database'
import { scratchUnavailable } from './proof/errors'
import type { EnvironmentVariables } from '../platform/environment-variables'
import { phrase, type Phrase } from '../text/phrase'

/** An empty database on the same server as the original. */
export interface ScratchDatabase {
  readonly url: string
  readonly name: string
  /** What drops it if `drop` fails. Part of a sentence. */
  readonly laterDroppedBy: Phrase
  drop(): Promise<void>
  /** Turns it into a regular database of that name. No one may be connected to it. */
  rename(name: string): Promise<void>
}

/**
 * Creates a database of our own on the server of the URL, with the same encoding and collation. First drops any that a
 * killed process left behind.
 *
 * @throws AuditError `scratch-database-unavailable`
 */
export async function createScratchDatabase(
  url: string,
  options: { readonly environment: EnvironmentVariables; readonly signal?: AbortSignal | undefined },
): Promise<ScratchDatabase> {
  const { environment, signal } = options
  const connect = { environment, ...(signal === undefined ? {} : { signal }) }
  const { keeper, name, scratchUrl } = await withClient(url, connect, async (client) => {
    await setUpReservedSession(client)
    await dropLeftovers(client, url, environment)
    const maker = (await sessionOf(client)) ?? randomBytes(4).toString('hex')
    const name = `prisma_audit_scratch_${Math.floor(Date.now() / 1000)}_${maker}`
    const scratchUrl = urlOfDatabase(url, name)
    if (scratchUrl === null) throw new Error('The connection URL cannot be changed to another database.')
    await createLikeCurrent(client, name)
    const commentWith = (comment: string) =>
      client.query(`COMMENT ON DATABASE ${quoteIdentifier(name)} IS ${quoteLiteral(comment)}`)
    try {
      const keeper = await openKeeper(scratchUrl, environment)
      await commentWith(keeper === null ? COMMENT : KEPT_COMMENT)
      return { keeper, name, scratchUrl }
    } catch (error) {
      const drop = async (from: DatabaseClient) => {
        await setUpReservedSession(from)
        await dropDatabase(from, { name, url: scratchUrl, environment })
      }
      // There may be no connection left but this one; an abort has closed this one.
      await drop(client)
        .catch(() => withClient(url, { environment }, drop))
        .catch(() => undefined)
      throw error
    }
  }).catch((error: unknown) => {
    signal?.throwIfAborted()
    throw scratchUnavailable(error)
  })
  return {
    url: scratchUrl,
    name,
    laterDroppedBy:
      keeper === null
        ? phrase`a backup with level 3 drops it once it is six hours old`
        : phrase`the next backup with level 3 drops it`,
    // Always, even after the signal was aborted: it must not be left behind.
    drop: async () => {
      // Before anything that may fail: with its lock, no backup would drop it as long as this process lives.
      await keeper?.close()
      await withClient(url, { environment }, async (client) => {
        await setUpReservedSession(client)
        await dropDatabase(client, { name, url: scratchUrl, environment })
      })
    },
    rename: (newName) =>
      withClient(url, { environment }, async (client) => {
        // In one transaction, whose locks another process that would drop it waits for; a kill leaves it as it was.
        await client.query('BEGIN')
        await client.query(`COMMENT ON DATABASE ${quoteIdentifier(name)} IS NULL`)
        await keeper?.close()
        await endPooledSessions(client, name)
        await client.query(`ALTER DATABASE ${quoteIdentifier(name)} RENAME TO ${quoteIdentifier(newName)}`)
        await client.query('COMMIT')
      }),
  }
}

const COMMENT = 'prisma-audit: a backup is being restored here; safe to drop'

const KEPT_COMMENT =
  'prisma-audit: a backup is being restored here; safe to drop unless a session holds an advisory lock in it'

/**
 * Ten digits for the session that creates a database: killed in between, it leaves one without a comment, since
 * PostgreSQL completes CREATE DATABASE anyway. Null behind a pooler, whose sessions are shared.
 */
async function sessionOf(client: DatabaseClient): Promise<string | null> {
  const { rows } = await client.query<{ pid: number; session: string }>(
    `SELECT a.pid, ${SESSION} AS session FROM pg_catalog.pg_stat_activity AS a WHERE a.pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid()`,
  )
  const [own] = rows
  return own !== undefined && 'processID' in client && client.processID === own.pid ? own.session : null
}

const SESSION = `pg_catalog.left(pg_catalog.md5(pg_catalog.concat_ws('/', a.pid, pg_catalog.date_part('epoch', a.backend_start))), 10)`

/**
 * A session that holds a lock in the database as long as this process lives, to distinguish it from one that was left
 * behind. Null behind a pooler, whose sessions are shared.
 */
async function openKeeper(url: string, environment: EnvironmentVariables): Promise<OpenClient | null> {
  const keeper = await openClient(url, { environment })
  // Then it holds no lock, and the restore loses its sessions too.
  keeper.onLost(() => undefined)
  const { client } = keeper
  if ((await sessionOf(client)) === null) {
    await keeper.close()
    return null
  }
  await client.query(WITHOUT_TIMEOUTS)
  await client.query(`SELECT pg_catalog.pg_advisory_lock_shared(0)`)
  return keeper
}

/** A pooler keeps the sessions that the restore had, and PostgreSQL renames no database that has any. */
async function endPooledSessions(client: DatabaseClient, name: string): Promise<void> {
  if ((await sessionOf(client)) !== null) return
  await client.query(
    `SELECT pg_catalog.pg_terminate_backend(a.pid) FROM pg_catalog.pg_stat_activity AS a
     WHERE a.datname::pg_catalog.text OPERATOR(pg_catalog.=) $1 AND a.usename OPERATOR(pg_catalog.=) SESSION_USER
       AND a.state OPERATOR(pg_catalog.=) 'idle'`,
    [name],
  )
}

/**
 * Databases with our name and comment, of this role, whose process has ended; behind a pooler, those older than six
 * hours. Without a comment, those whose session ended between creating them and commenting on them.
 */
async function dropLeftovers(client: DatabaseClient, url: string, environment: EnvironmentVariables): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT d.datname::pg_catalog.text AS name
     FROM pg_catalog.pg_database AS d
     JOIN pg_catalog.pg_roles AS r ON r.oid OPERATOR(pg_catalog.=) d.datdba
     WHERE r.rolname OPERATOR(pg_catalog.=) current_user
       AND d.datname OPERATOR(pg_catalog.~) '^prisma_audit_scratch_[0-9]{10}_[0-9a-f]{8}(?:[0-9a-f]{2})?$'
       AND CASE pg_catalog.shobj_description(d.oid, 'pg_database')
         WHEN $2 THEN NOT EXISTS (
           SELECT FROM pg_catalog.pg_locks AS l
           WHERE l.database OPERATOR(pg_catalog.=) d.oid AND l.locktype OPERATOR(pg_catalog.=) 'advisory'
         )
         WHEN $1 THEN pg_catalog.split_part(d.datname::pg_catalog.text, '_', 4)::pg_catalog.int8
             OPERATOR(pg_catalog.<) (pg_catalog.date_part('epoch', pg_catalog.now()) OPERATOR(pg_catalog.-) 21600)
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity AS a WHERE a.datid OPERATOR(pg_catalog.=) d.oid)
         ELSE pg_catalog.shobj_description(d.oid, 'pg_database') IS NULL
           AND pg_catalog.length(pg_catalog.split_part(d.datname::pg_catalog.text, '_', 5)) OPERATOR(pg_catalog.=) 10
           AND NOT EXISTS (
             SELECT FROM pg_catalog.pg_stat_activity AS a
             WHERE a.datid OPERATOR(pg_catalog.=) d.oid
               OR ${SESSION} OPERATOR(pg_catalog.=) pg_catalog.split_part(d.datname::pg_catalog.text, '_', 5)
           )
       END`,
    [COMMENT, KEPT_COMMENT],
  )
  for (const { name } of rows) {
    const urlOfName = urlOfDatabase(url, name)
    if (urlOfName !== null) await dropDatabase(client, { name, url: urlOfName, environment })
  }
}
