import type { Range } from '../model'

/**
 * A change of one file. The edits that one function returns for a file do not overlap, and all refer to the same text.
 */
export interface TextEdit {
  /** The path as in the schema model. */
  readonly file: string
  readonly range: Range
  readonly newText: string
  /**
   * The `textDigest` of the text that the edit was made for: nothing is written if the file has another text by then.
   * Quick fixes have none: the editor applies them to the version of the document that it asked for.
   */
  readonly madeFor?: string
}
