/**
 * Runs work under a signal that aborts with any of the given ones, when the work calls `stop`, and after so many
 * milliseconds at the latest (null: no limit), then with a `TimeoutError`. Does not use `AbortSignal.any` and
 * `AbortSignal.timeout`: Node 20 references their sources weakly, and may collect them as garbage while they are
 * awaited.
 */
export async function within<Result>(
  milliseconds: number | null,
  signals: readonly (AbortSignal | undefined)[],
  work: (signal: AbortSignal, stop: () => void) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController()
  const stop = () => {
    controller.abort(signals.find((signal) => signal?.aborted === true)?.reason)
  }
  const expire = () => {
    controller.abort(new DOMException('It took too long.', 'TimeoutError'))
  }
  const timer = milliseconds === null ? undefined : setTimeout(expire, milliseconds)
  for (const signal of signals) signal?.addEventListener('abort', stop, { once: true })
  if (signals.some((signal) => signal?.aborted === true)) stop()
  try {
    return await work(controller.signal, stop)
  } finally {
    clearTimeout(timer)
    for (const signal of signals) signal?.removeEventListener('abort', stop)
  }
}
