import { textDigest } from '../schema/edits/text-digest'
import type { TextEdit } from '../schema/edits/text-edit'
import { fileChanged } from './errors'

/**
 * Throws `file-changed` if a file no longer has the text that its edits were made for. `textOf` returns the text
 * that the edits would change, or null if there is none.
 */
export function requireUnchanged(edits: readonly TextEdit[], textOf: (file: string) => string | null): void {
  const checked = new Set<string>()
  for (const { file, madeFor } of edits) {
    if (madeFor === undefined || checked.has(file)) continue
    checked.add(file)
    const text = textOf(file)
    if (text === null || textDigest(text) !== madeFor) throw fileChanged(file)
  }
}
