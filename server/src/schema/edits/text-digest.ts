import { createHash } from 'node:crypto'

/** Identifies the text that an edit was made for. Not a protection against an attacker. */
export function textDigest(text: string): string {
  return createHash('sha1').update(text).digest('base64')
}
