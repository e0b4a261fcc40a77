import { randomBytes } from 'node:crypto'
import { withClient, type DatabaseClient } from '../../database/connect'
import { quoteIdentifier, quoteLiteral } from '../../database/quote'
import { createLikeCurrent, urlOfDatabase } from '../create-database'
import { dropDatabase } from '../drop-database'
import { scratchUnavailable } from './errors'
import type { EnvironmentVariables } from '../../platform/environment-variables'

/** An empty database on the same server as the original. */
export interface ScratchDatabase {
  readonly url: string
  readonly name: string
  drop(): Promise<void>
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
  const name = `prisma_audit_scratch_${Math.floor(Date.now() / 1000)}_${randomBytes(4).toString('hex')}`
  const scratchUrl = urlOfDatabase(url, name)
  if (scratchUrl === null) throw scratchUnavailable('The connection URL cannot be changed to another database.')
  await withClient(url, connect, async (client) => {
    await dropLeftovers(client, url, environment)
    await createLikeCurrent(client, name)
    await client.query(`COMMENT ON DATABASE ${quoteIdentifier(name)} IS ${quoteLiteral(COMMENT)}`)
  }).catch((error: unknown) => {
    signal?.throwIfAborted()
    throw scratchUnavailable(error instanceof Error ? error.message : String(error))
  })
  return {
    url: scratchUrl,
    name,
    // Always, even after the signal was aborted: it must not be left behind.
    drop: () =>
      withClient(url, { environment }, async (client) => {
        await dropDatabase(client, { name, url: scratchUrl, environment })
      }),
  }
}

const COMMENT = 'prisma-audit: a backup is being restored here to test it; safe to drop'

/** Databases with our name and comment, of this role, at least six hours old, without sessions. */
async function dropLeftovers(client: DatabaseClient, url: string, environment: EnvironmentVariables): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT d.datname::pg_catalog.text AS name
     FROM pg_catalog.pg_database AS d
     JOIN pg_catalog.pg_roles AS r ON r.oid OPERATOR(pg_catalog.=) d.datdba
     WHERE r.rolname OPERATOR(pg_catalog.=) current_user
       AND d.datname OPERATOR(pg_catalog.~) '^prisma_audit_scratch_[0-9]{10}_[0-9a-f]{8}$'
       AND pg_catalog.split_part(d.datname::pg_catalog.text, '_', 4)::pg_catalog.int8
         OPERATOR(pg_catalog.<) (pg_catalog.date_part('epoch', pg_catalog.now()) OPERATOR(pg_catalog.-) 21600)
       AND pg_catalog.shobj_description(d.oid, 'pg_database') OPERATOR(pg_catalog.=) $1
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity AS a WHERE a.datid OPERATOR(pg_catalog.=) d.oid)`,
    [COMMENT],
  )
  for (const { name } of rows) {
    const urlOfName = urlOfDatabase(url, name)
    if (urlOfName !== null) await dropDatabase(client, { name, url: urlOfName, environment })
  }
}
