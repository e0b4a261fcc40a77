import type { TextEdit } from '../../schema/edits/text-edit'

/** A change of the schema that removes a finding. */
export interface SchemaFix extends OfferedFix {
  readonly edits: readonly TextEdit[]
}

export interface OfferedFix {
  readonly title: string
  /** Is there nothing else that anybody would do? */
  readonly isPreferred: boolean
}

/** One whose edits are worked out when it is chosen, since they take the whole schema. Empty where it cannot be written. */
export interface LateFix extends OfferedFix {
  makeEdits(): readonly TextEdit[]
}
