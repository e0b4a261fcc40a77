import { toDatabaseError } from './database-errors'
import { type ConnectOptions, type DatabaseClient, type OpenClient, openClient } from './open-client'

export type { ConnectOptions, DatabaseClient }

/**
 * Opens a connection, passes it to the callback, and always ends it. Errors of the connection or the server become
 * AuditErrors with a code; other errors are not changed. Inside the callback, errors are those of `pg`, with SQLSTATE
 * in `code`.
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

/**
 * Runs the callback; an aborted signal cancels the statement on the server and, if that fails, closes the connection.
 */
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
    // Does not wait for a server that ignores the cancel request.
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
    // A request in transit would cancel the next statement of this connection.
    await cancelled
    clearTimeout(cut)
    signal?.removeEventListener('abort', abort)
  }
}

/** Milliseconds. */
const CANCEL_TAKES_AT_MOST = 3000
