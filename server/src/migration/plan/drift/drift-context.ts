import type { DatabaseModel } from '../../../database/model'
import type { RefusalCode } from '../../model'
import type { TakenNames } from '../taken-names'

/** A column that a plan of its own takes care of, or that a comment silences. */
export interface CoveredColumn {
  readonly schema: string
  readonly table: string
  readonly column: string
}

/** What planning one kind of missing object may look at. */
export interface DriftContext {
  readonly database: DatabaseModel
  readonly takenNames: TakenNames
  readonly covered: readonly CoveredColumn[]
  /** `object`: a column, an index, a key …; with the code it says which refusal it is. */
  readonly refuse: (model: string, code: RefusalCode, object: string, reason: string, blocking: boolean) => void
}
