/**
 * Does work that ends with its signal, after so many milliseconds at the latest. Not by `AbortSignal.any` and `AbortSignal.timeout`: Node 20
 * collects those as garbage while they are waited for, and an answer that trickles on would never end.
 */
export async function within<Result>(
  milliseconds: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted()
  const controller = new AbortController()
  const stop = () => controller.abort(signal.reason)
  const timer = setTimeout(() => {
    controller.abort(new DOMException('It took too long.', 'TimeoutError'))
  }, milliseconds)
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await work(controller.signal)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}
