/** A call, since the compiler believes that what was false stays false. */
export function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted ?? false
}
