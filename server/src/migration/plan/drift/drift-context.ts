import type { DatabaseModel } from '../../../database/model'
import type { RefusalCode } from '../../model'
import type { AuditTarget } from '../audit-target'
import type { TakenNames } from '../taken-names'

/** What planning one kind of missing object may look at. */
export interface DriftContext {
  readonly database: DatabaseModel
  readonly takenNames: TakenNames
  readonly covered: readonly AuditTarget[]
  readonly refuse: (model: string, code: RefusalCode, reason: string, blocking: boolean) => void
}
