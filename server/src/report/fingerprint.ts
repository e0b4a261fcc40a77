import { createHash } from 'node:crypto'

export interface Fingerprinted {
  readonly code: string
  readonly file: string
  readonly message: string
}

/**
 * Identifies a finding over time, on any line: code, file and text. Equal ones are numbered. `seen` is the caller's map
 * for one document.
 */
export function fingerprintOf({ code, file, message }: Fingerprinted, seen: Map<string, number>): string {
  const key = JSON.stringify([code, file, message])
  const count = seen.get(key) ?? 0
  seen.set(key, count + 1)
  return createHash('sha256').update(`${key}${count}`).digest('hex').slice(0, 32)
}
