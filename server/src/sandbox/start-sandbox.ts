import { withClient } from '../database/connect'
import { startEmbeddedServer, type EmbeddedServer } from '../embedded/start-embedded-server'
import { expectedDatabase } from '../expected/expected-database'
import { otherProviderOf } from '../schema/lookup'
import { phrase, type Phrase } from '../text/phrase'
import { createStructure, type StructureOptions } from './create-structure'
import { sandboxNotPostgres } from './errors'
import { impliedExtensions } from './implied-extensions'
import { fillTables, type FilledTable } from './fill-tables'

export interface Sandbox {
  readonly url: string
  readonly server: EmbeddedServer
  readonly tables: readonly FilledTable[]
  /** What the sandbox lacks from the schema, and why. */
  readonly left: readonly string[]
}

export interface SandboxOptions extends StructureOptions {
  readonly signal: AbortSignal
  readonly onProgress: (message: Phrase) => void
}

/**
 * Starts an embedded PostgreSQL in memory with the schema's tables and generated rows. Leaves nothing behind if that
 * fails.
 *
 * Throws `sandbox-refused`, `sandbox-not-postgresql`, and what the embedded server throws.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { schema, defaultSchema, signal, onProgress } = options
  const other = otherProviderOf(schema)
  if (other !== null) throw sandboxNotPostgres(other)
  onProgress(phrase`Starting the embedded PostgreSQL`)
  const expected = expectedDatabase(schema)
  const extensions = [...expected.extensions.map(({ name }) => name), ...impliedExtensions(expected)]
  const server = await startEmbeddedServer({ extensions, signal })
  try {
    // Without the user's PG… variables, which are for other servers.
    const connection = { environment: {}, signal }
    const { tables, left } = await withClient(server.url, connection, async (client) => {
      onProgress(phrase`Creating the tables`)
      const structure = await createStructure(client, options)
      onProgress(phrase`Generating rows`)
      return { tables: await fillTables(client, structure.database), left: structure.left }
    })
    const url = new URL(server.url)
    if (defaultSchema !== 'public') url.searchParams.set('schema', defaultSchema)
    return { url: url.href, server, tables, left }
  } catch (error) {
    await server.stop()
    throw error
  }
}
