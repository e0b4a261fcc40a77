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
   * Changes whenever something does that `readCatalog` would report, and now and then without. It says which database of
   * which running server it is of, so an equal one is of the same catalog, whoever asks.
   */
  readonly text: string
  /** The transactions that were over by then; null on a standby, which does not know all that are under way. */
  readonly snapshot: string | null
}

/**
 * The fingerprint of the catalog. While the snapshot is the `known` one, no transaction
 * has written anything at all, and nothing else is looked at (only VACUUM updates its estimates outside of one).
 * Otherwise every row that `readCatalog` reports is looked at, though none is spelled out and no lock is taken. Null
 * where the role may not see enough.
 */
export async function fingerprint(
  client: FingerprintClient,
  schemas: readonly string[],
  known: Fingerprint | null = null,
): Promise<Fingerprint | null> {
  if (known?.snapshot) {
    // By itself, since planning the long query takes several times as long as running this one.
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
    // Compiling a query that runs once takes longer than running it.
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

/** For a transaction that reads the catalog, too: what they answer goes to `fingerprintFrom`, column by column. */
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
