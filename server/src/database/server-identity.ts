import type pg from 'pg'
import { errorCode, otherServerAnswers } from './database-errors'
import { describeUrl } from './describe-url'
import { phrase, type Phrase } from '../text/phrase'

/** Identifies the database and the server that answer. The same URL may lead to another one a moment later. */
export interface ServerIdentity {
  /** Created by initdb, and the same in copies of the data folder; null if the role may not read it. */
  readonly systemIdentifier: string | null
  /** Changes if the database is dropped and restored, or another is renamed to its name. */
  readonly databaseOid: string
  /** The address of the server; null for a Unix socket. */
  readonly address: string | null
  readonly port: number | null
}

export async function readServerIdentity(client: pg.Client): Promise<ServerIdentity> {
  try {
    return await read(client, '(SELECT s.system_identifier::pg_catalog.text FROM pg_catalog.pg_control_system() AS s)')
  } catch (error) {
    // Some providers do not allow reading it.
    if (errorCode(error) !== '42501') throw error
    return await read(client, 'NULL::pg_catalog.text')
  }
}

/** Throws `other-server` if the connection does not lead to the expected server and database. */
export async function requireSameServer(client: pg.Client, expected: ServerIdentity, url: string): Promise<void> {
  const differences = differencesOf(expected, await readServerIdentity(client))
  if (differences.length > 0) throw otherServerAnswers(describeUrl(url), differences)
}

/** In words; empty if both are the same database of the same server. */
export function differencesOf(expected: ServerIdentity, found: ServerIdentity): Phrase[] {
  const differences: Phrase[] = []
  const [before, now] = [expected.systemIdentifier, found.systemIdentifier]
  if (before !== null && now !== null && before !== now) {
    differences.push(phrase`The server's system identifier was ${before} and is now ${now}.`)
  }
  if (expected.databaseOid !== found.databaseOid) {
    differences.push(phrase`The database's OID was ${expected.databaseOid} and is now ${found.databaseOid}.`)
  }
  if (!isSamePlace(expected, found)) {
    differences.push(phrase`The server's address was ${placeOf(expected)} and is now ${placeOf(found)}.`)
  }
  return differences
}

/** One server listens on IPv4 and IPv6, and either may be tried first. */
function isSamePlace(expected: ServerIdentity, found: ServerIdentity): boolean {
  if (expected.port !== found.port) return false
  if (expected.address === null || found.address === null) return expected.address === found.address
  return expected.address.includes(':') !== found.address.includes(':') || expected.address === found.address
}

function placeOf({ address, port }: ServerIdentity): string | Phrase {
  if (address === null) return phrase`a Unix socket`
  return `${address.includes(':') ? `[${address}]` : address}:${String(port)}`
}

async function read(client: pg.Client, systemIdentifier: string): Promise<ServerIdentity> {
  const { rows } = await client.query<ServerIdentity>(`
    SELECT ${systemIdentifier} AS "systemIdentifier", d.oid::pg_catalog.text AS "databaseOid",
      pg_catalog.host(pg_catalog.inet_server_addr()) AS address, pg_catalog.inet_server_port() AS port
    FROM pg_catalog.pg_database AS d WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()`)
  const [row] = rows
  if (row === undefined) throw new Error('The server does not list its own database.')
  return row
}
