import type { SchemaModel } from '../model'
import { textDigest } from './text-digest'
import type { TextEdit } from './text-edit'

/** The edits of a schema, each with the text that it was made for: see `TextEdit`. */
export function madeForSchema({ files }: SchemaModel, edits: readonly TextEdit[]): TextEdit[] {
  const digests = new Map<string, string>()
  for (const { path, text } of files)
    if (edits.some(({ file }) => file === path)) digests.set(path, textDigest(text.toString()))
  return edits.map((edit) => {
    const madeFor = digests.get(edit.file)
    return madeFor === undefined ? edit : { ...edit, madeFor }
  })
}
