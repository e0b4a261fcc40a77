import type { TextEdit } from '../../schema/edits/text-edit'
import type { ApplicationEdit, CodeModels } from '../model'

/** A request to the thread. Plain data. */
export type SearchRequest =
  | {
      readonly id: number
      /** `removals` revert the edits, after a rollback. */
      readonly kind: 'edits' | 'removals'
      /** The application's folder, absolute. */
      readonly root: string
      /** The project's schema, absolute: folders of other projects are left out. */
      readonly schemaPath: string
      readonly models: CodeModels
      /** By absolute path: the buffers of an editor, which take precedence over the disk. */
      readonly openTexts: ReadonlyMap<string, string>
    }
  /** A file has a new text, or was deleted (null), since the last `edits`. */
  | { readonly id: number; readonly kind: 'changed'; readonly path: string; readonly text: string | null }

export interface SearchAnswer {
  readonly edits: readonly (ApplicationEdit | TextEdit)[]
  readonly notes: readonly string[]
  /** The number of source files that were read if the application has more; otherwise null. */
  readonly skippedFrom: number | null
}
