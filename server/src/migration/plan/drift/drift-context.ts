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
  readonly refuse: (model: string, code: RefusalCode, reason: string, blocking: boolean) => void
}
