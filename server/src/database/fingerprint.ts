import { fillInSchemas } from './catalog/queries'
import { errorCode } from './database-errors'
import fingerprintQuery from './queries/fingerprint.sql'

export interface FingerprintClient {
  query(text: string): Promise<unknown>
}

/**
 * A text that changes whenever something does that `readCatalog` would report, and now and then without, since what
 * expressions name may stand in any schema. Says nothing of the server: each connection has fingerprints of its own.
 * Cheap enough to ask every few seconds: it spells nothing out and takes no locks. Null where the role may not see
 * enough of the catalog.
 */
export async function fingerprint(client: FingerprintClient, schemas: readonly string[]): Promise<string | null> {
  const statements = [
    'BEGIN READ ONLY',
    'SET LOCAL statement_timeout = 5000',
    // Compiling a query that runs once takes longer than running it.
    'SET LOCAL jit = off',
    fillInSchemas(fingerprintQuery, schemas),
    'COMMIT',
  ]
  try {
    const results = (await client.query(statements.join(';\n'))) as { readonly rows: readonly unknown[] }[]
    return JSON.stringify(results[3]?.rows[0])
  } catch (error) {
    await client.query('ROLLBACK')
    if (errorCode(error) === '42501') return null
    throw error
  }
}
