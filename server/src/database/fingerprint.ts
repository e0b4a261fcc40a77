import { fillInSchemas } from './catalog/queries'
import fingerprintQuery from './queries/fingerprint.sql'

/**
 * A text that changes when something in the schemas does that `readCatalog` would see, comments and sizes excepted.
 * Cheap enough to ask every few seconds: it spells nothing out and takes no locks.
 */
export async function fingerprint(
  client: { query(text: string): Promise<unknown> },
  schemas: readonly string[],
): Promise<string> {
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
    throw error
  }
}
