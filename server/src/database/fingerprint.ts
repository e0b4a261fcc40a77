import { fillInSchemas } from './catalog/queries'
import { errorCode } from './database-errors'
import { SET_LOCAL_SEARCH_PATH } from './search-path'
import fingerprintQuery from './queries/fingerprint.sql'
import momentQuery from './queries/moment.sql'

export interface FingerprintClient {
  query(text: string): Promise<unknown>
}

export interface Fingerprint {
  /**
   * Changes whenever a result of `readCatalog` changes, and occasionally without. It identifies the database of a
   * running server, so an equal one is of the same catalog.
   */
  readonly text: string
  /** The transactions that had ended by then; null on a standby, which does not know all running ones. */
  readonly snapshot: string | null
}

/**
 * The fingerprint of the catalog. While the snapshot is the `known` one, no transaction has written anything, and
 * nothing else is queried (only VACUUM updates its estimates outside a transaction). Otherwise it covers every row that
 * `readCatalog` reports, without printing expressions or taking locks. Null if the role may not read enough.
 */
export async function fingerprint(
  client: FingerprintClient,
  schemas: readonly string[],
  known: Fingerprint | null = null,
): Promise<Fingerprint | null> {
  if (known?.snapshot) {
    // A separate query, because planning the long one takes several times as long as running this one.
    const now = (await client.query(momentQuery)) as Answer<Moment>
    if (now.rows[0]?.snapshot === known.snapshot) return known
  }
  return await lookAtAll(client, schemas)
}

async function lookAtAll(client: FingerprintClient, schemas: readonly string[]): Promise<Fingerprint | null> {
  const statements = [
    'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
    SET_LOCAL_SEARCH_PATH,
    'SET LOCAL statement_timeout = 5000',
    // JIT compilation of a query takes longer than running it once.
    'SET LOCAL jit = off',
    ...fingerprintStatements(schemas),
    'COMMIT',
  ]
  try {
    const results = (await client.query(statements.join(';\n'))) as Answer<Moment & Catalog>[]
    const [moment, catalog] = results.slice(4, 6).map(({ rows }) => rows[0])
    if (moment === undefined || catalog === undefined) return null
    return fingerprintFrom(moment.place, moment.snapshot, catalog.fingerprint)
  } catch (error) {
    await client.query('ROLLBACK')
    if (errorCode(error) === '42501') return null
    throw error
  }
}

/** Also for a transaction that reads the catalog: their results go to `fingerprintFrom`, column by column. */
export function fingerprintStatements(schemas: readonly string[]): [moment: string, catalog: string] {
  return [momentQuery, fillInSchemas(fingerprintQuery, schemas)]
}

export function fingerprintFrom(place: string, snapshot: string | null, catalog: string): Fingerprint {
  return { text: `${place} ${catalog}`, snapshot }
}

interface Answer<Columns> {
  readonly rows: readonly Columns[]
}

interface Moment {
  readonly snapshot: string | null
  readonly place: string
}

interface Catalog {
  readonly fingerprint: string
}
