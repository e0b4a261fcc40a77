import { createHash } from 'node:crypto'

export interface Fingerprinted {
  readonly code: string
  readonly file: string
  readonly message: string
}

/** The same finding tomorrow, on whatever line: code, file and words. Equal ones are counted. `seen` is the caller's for one document. */
export function fingerprintOf({ code, file, message }: Fingerprinted, seen: Map<string, number>): string {
  const key = JSON.stringify([code, file, message])
  const count = seen.get(key) ?? 0
  seen.set(key, count + 1)
  return createHash('sha256').update(`${key}${count}`).digest('hex').slice(0, 32)
}
