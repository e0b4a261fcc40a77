import { fillInSchemas } from './catalog/queries'
import { errorCode } from './database-errors'
import fingerprintQuery from './queries/fingerprint.sql'
import { quoteLiteral } from './quote'

export interface FingerprintClient {
  query(text: string): Promise<unknown>
}

export interface Fingerprint {
  /** Changes whenever something does that `readCatalog` would report, and now and then without. */
  readonly text: string
  /** The transactions that were over by then; null on a standby, which does not know all that are under way. */
  readonly snapshot: string | null
}

/**
 * The fingerprint of the catalog. While the snapshot is the `known` one, no transaction
 * has written anything at all, and nothing else is looked at (only VACUUM updates its estimates outside of one).
 * Otherwise every row that `readCatalog` reports is looked at, though none is spelled out and no lock is taken. Says
 * nothing of the server: each connection has fingerprints of its own. Null where the role may not see enough.
 */
export async function fingerprint(
  client: FingerprintClient,
  schemas: readonly string[],
  known: Fingerprint | null = null,
): Promise<Fingerprint | null> {
  const query = fillInSchemas(fingerprintQuery, schemas).replace(':snapshot', () => quoteLiteral(known?.snapshot ?? ''))
  const statements = [
    'BEGIN READ ONLY',
    'SET LOCAL statement_timeout = 5000',
    // Compiling a query that runs once takes longer than running it.
    'SET LOCAL jit = off',
    query,
    'COMMIT',
  ]
  try {
    const results = (await client.query(statements.join(';\n'))) as { readonly rows: readonly Answer[] }[]
    const answer = results[3]?.rows[0]
    if (answer === undefined) return null
    const { snapshot, fingerprint: text } = answer
    return { text: text ?? known?.text ?? '', snapshot }
  } catch (error) {
    await client.query('ROLLBACK')
    if (errorCode(error) === '42501') return null
    throw error
  }
}

interface Answer {
  readonly snapshot: string | null
  /** Null where the snapshot is the known one. */
  readonly fingerprint: string | null
}
