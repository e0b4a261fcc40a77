import type { ExpectedColumn, ExpectedTable } from '../../expected/model'
import type { UnfitColumn } from '../../audit/audit-column'
import type { Policy } from '../../audit-fields/policy'
import type { Column, DatabaseModel, Table } from '../../database/model'
import type { TableName, Warning } from '../model'
import type { AuditTarget, FieldRefusal } from './audit-target'
import type { ResolvedUserKey } from './resolve-user-key'
import type { TakenNames } from './taken-names'

/** The input of a resolver for one field. */
export interface FieldContext {
  readonly policy: Policy
  readonly database: DatabaseModel
  readonly expected: ExpectedTable
  /** The table's schema in the database. */
  readonly schemaName: string
  /** Null if the database has no such table. */
  readonly actual: Table | null
  /** The schema's column for the audit field; null if the schema does not have it yet. */
  readonly schemaColumn: ExpectedColumn | null
  /** Its name in the database: the schema's, otherwise that of a suitable existing column, otherwise the policy's. */
  readonly column: string
  readonly databaseColumn: Column | null
  /** Why an existing column cannot be the field; null if it can. */
  readonly unfit: UnfitColumn | null
  readonly userKey: ResolvedUserKey
  /** False with `relationMode = "prisma"`. */
  readonly usesForeignKeys: boolean
  /** So that no two indexes get the same name. */
  readonly takenNames: TakenNames
  /** Names of planned constraints of the table. */
  readonly takenConstraints: Set<string>
}

/** A target, or why there can be none. One with a refusal can be verified, but not planned. */
export type Resolution =
  | {
      readonly target: AuditTarget
      readonly warnings: readonly Warning[]
      readonly refusal?: FieldRefusal
      readonly missingTable?: undefined
    }
  | { readonly target?: undefined; readonly refusal: FieldRefusal; readonly missingTable?: TableName }
