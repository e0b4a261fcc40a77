import type { Range } from '../model'

/** A change to one file. The edits that one function gives for a file do not overlap, and all count from the same text. */
export interface TextEdit {
  /** As the schema model names it. */
  readonly file: string
  readonly range: Range
  readonly newText: string
}
