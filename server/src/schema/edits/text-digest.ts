import { createHash } from 'node:crypto'

/** Equal for equal texts: what an edit carries of the text that it was made for. Protects against nobody. */
export function textDigest(text: string): string {
  return createHash('sha1').update(text).digest('base64')
}
