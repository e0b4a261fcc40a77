import type { TextEdit } from '../../schema/edits/text-edit'

/** A schema edit that resolves a finding. */
export interface SchemaFix extends OfferedFix {
  readonly edits: readonly TextEdit[]
}

export interface OfferedFix {
  readonly title: string
  /** Whether it is the only sensible fix. */
  readonly isPreferred: boolean
}

/**
 * A fix whose edits are computed when it is chosen, because they need the whole schema. Empty if it cannot be written.
 */
export interface LateFix extends OfferedFix {
  makeEdits(): readonly TextEdit[]
}
