import type { UserKeyType } from './user-key-type'

/** Which models must have which audit fields: the trusted form of `prisma-audit.json`, every default filled in. */
export interface Policy {
  /** The model of the users that `updatedBy` and `ownerId` refer to. */
  readonly userModel: string
  readonly rules: readonly PolicyRule[]
  readonly fields: {
    readonly updatedAt: UpdatedAtPolicy
    readonly updatedBy: UserReferencePolicy
    readonly ownerId: OwnerPolicy
  }
}

export type AuditField = 'updatedAt' | 'updatedBy' | 'ownerId'

export interface PolicyRule {
  /** Names and globs of models; `!` excludes. */
  readonly models: readonly string[]
  readonly require: readonly AuditField[]
}

export interface UpdatedAtPolicy {
  /** The column's name in the database; in the schema the field is `updatedAt`. */
  readonly column: string
  /**
   * Does a trigger keep the column? Where a trigger of somebody else's keeps it wrongly or in a way that cannot be proven,
   * `replace` makes ours and disables that one, `keep` leaves it as it is; `true` refuses and says so.
   */
  readonly trigger: boolean | 'replace' | 'keep'
  readonly index: boolean
}

export type OnDelete = 'SetNull' | 'Restrict' | 'NoAction' | 'Cascade' | 'SetDefault'

export interface UserReferencePolicy {
  readonly column: string
  readonly index: boolean
  /** False keeps a plain column: no relation in the schema, so no foreign key. */
  readonly relation: boolean
  /** The column's type where another service keeps the users, so that no user model says it; null otherwise. */
  readonly type: UserKeyType | null
  readonly onDelete: OnDelete
}

export interface OwnerPolicy extends UserReferencePolicy {
  /** True makes the column NOT NULL once it is populated. */
  readonly required: boolean
  readonly populate: Populate
}

/** How rows that stand already get their owner. `sql` is a scalar SQL expression over the row, or a sub-select. */
export type Populate = 'first-user' | 'none' | { readonly sql: string }

/** What a project without a word about it gets; also what `{}` parses to. */
export const DEFAULT_POLICY: Policy = {
  userModel: 'User',
  rules: [],
  fields: {
    updatedAt: { column: 'updatedAt', trigger: true, index: true },
    updatedBy: { column: 'updatedBy', index: true, relation: true, type: null, onDelete: 'SetNull' },
    ownerId: {
      column: 'ownerId',
      index: true,
      relation: true,
      type: null,
      required: false,
      populate: 'first-user',
      onDelete: 'SetNull',
    },
  },
}
