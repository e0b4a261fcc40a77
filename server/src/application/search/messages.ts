import type { TextEdit } from '../../schema/edits/text-edit'
import type { ApplicationEdit, CodeModels } from '../model'

/** What the thread is asked. Plain data, all of it. */
export type SearchRequest =
  | {
      readonly id: number
      /** `removals` are the edits taken back, after a rollback. */
      readonly kind: 'edits' | 'removals'
      /** The application's folder, absolute. */
      readonly root: string
      readonly models: CodeModels
      /** By absolute path: the buffers of an editor, which win over the disk. */
      readonly openTexts: ReadonlyMap<string, string>
    }
  /** A file has a new text, or is gone (null), since the last `edits`. */
  | { readonly id: number; readonly kind: 'changed'; readonly path: string; readonly text: string | null }

export interface SearchAnswer {
  readonly edits: readonly (ApplicationEdit | TextEdit)[]
  readonly notes: readonly string[]
  /** How many source files were read, where the application has more than that; else null. */
  readonly skippedFrom: number | null
}
