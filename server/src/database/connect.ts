import { toDatabaseError } from './database-errors'
import { type ConnectOptions, type DatabaseClient, type OpenClient, openClient } from './open-client'

export type { ConnectOptions, DatabaseClient }

/**
 * The way to the database: opens a connection, hands it to the callback, and always ends it. What goes wrong with the
 * connection or the server comes out as an AuditError with a code; other errors come out as they are. Inside the
 * callback errors are still those of `pg`, with SQLSTATE in `code`.
 */
export async function withClient<Result>(
  url: string,
  options: ConnectOptions,
  callback: (client: DatabaseClient) => Promise<Result>,
): Promise<Result> {
  const opened = await openClient(url, options)
  try {
    return await useClient(opened, url, options.signal, () => callback(opened.client))
  } finally {
    await opened.close()
  }
}

/** Runs the callback; a signal that fires cancels the statement on the server and, failing that, cuts the line. */
export async function useClient<Result>(
  opened: OpenClient,
  url: string,
  signal: AbortSignal | undefined,
  callback: () => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted()
  let cut: NodeJS.Timeout | undefined
  let cancelled: Promise<void> | undefined
  const abort = () => {
    // A server that does not hear the cancel request must not keep us.
    cut = setTimeout(() => {
      opened.destroy()
    }, CANCEL_TAKES_AT_MOST)
    cancelled = opened.cancel()
  }
  signal?.addEventListener('abort', abort, { once: true })
  try {
    return await callback()
  } catch (error) {
    signal?.throwIfAborted()
    throw toDatabaseError(error, url)
  } finally {
    // A request that is still under way would fall on the next statement of this connection.
    await cancelled
    clearTimeout(cut)
    signal?.removeEventListener('abort', abort)
  }
}

/** Milliseconds. */
const CANCEL_TAKES_AT_MOST = 3000
