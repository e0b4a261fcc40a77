import { phrase } from '../../text/phrase'
import { withClient } from '../../database/connect'
import { quoteIdentifier } from '../../database/quote'
import { startEmbeddedServer } from '../../embedded/start-embedded-server'
import type { Place } from './model'
import { withScratchDatabase } from './scratch-database'
import type { RealDatabase } from './survey'
import type { EnvironmentVariables } from '../../platform/environment-variables'

export interface PlaceOptions {
  /** Null: an embedded PostgreSQL. */
  readonly scratchUrl: string | null
  readonly real: RealDatabase
  readonly environment: EnvironmentVariables
  readonly signal: AbortSignal
}

/** Provides a database for the callback, and removes everything from it afterwards. */
export async function withPlace<Result>(
  options: PlaceOptions,
  callback: (place: Place) => Promise<Result>,
): Promise<Result> {
  const { scratchUrl, ...rest } = options
  return scratchUrl === null
    ? await withEmbeddedServer(options, callback)
    : await withScratchDatabase({ url: scratchUrl, ...rest }, callback)
}

async function withEmbeddedServer<Result>(
  { real, environment: usersEnvironment, signal }: PlaceOptions,
  callback: (place: Place) => Promise<Result>,
): Promise<Result> {
  const server = await startEmbeddedServer({
    extensions: real.extensions.map(({ name }) => name),
    isShortLived: true,
    signal,
  })
  try {
    signal.throwIfAborted()
    const environment = Object.fromEntries(Object.entries(usersEnvironment).filter(([name]) => !name.startsWith('PG')))
    const serverVersion = await withClient(server.url, { environment, signal }, async (client) => {
      for (const role of real.roles) await client.query(`CREATE ROLE ${quoteIdentifier(role)}`)
      const { rows } = await client.query<{ version: string }>(`SELECT current_setting('server_version') AS version`)
      return rows[0]?.version ?? ''
    })
    return await callback({
      kind: 'embedded',
      label: phrase`an embedded PostgreSQL`,
      serverVersion,
      url: server.url,
      environment,
    })
  } finally {
    await server.stop()
  }
}
