/** A function call, because TypeScript assumes that a value narrowed to false stays false. */
export function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted ?? false
}
