import type { TextEdit } from '../../schema/edits/text-edit'

/** A change of the schema that removes a finding. */
export interface SchemaFix {
  readonly title: string
  readonly edits: readonly TextEdit[]
  /** Is there nothing else that anybody would do? */
  readonly isPreferred: boolean
}
