import type { DatabaseModel } from '../../../database/model'
import type { RefusalCode } from '../../model'
import type { TakenNames } from '../taken-names'
import type { Phrase } from '../../../text/phrase'

/** A column that the audit field plan covers, or that a comment ignores. */
export interface CoveredColumn {
  readonly schema: string
  readonly table: string
  readonly column: string
}

/** The input for planning one kind of missing object. */
export interface DriftContext {
  readonly database: DatabaseModel
  readonly takenNames: TakenNames
  readonly covered: readonly CoveredColumn[]
  /** `object`: a column, an index, a key …; together with the code it identifies the refusal. */
  readonly refuse: (model: string, code: RefusalCode, object: string, reason: Phrase, blocking: boolean) => void
}
