import type * as Zod from 'zod'
import type { UserKeyType } from './user-key-type'

/**
 * What an audit field is. One file a kind describes it, `kinds.ts` registers it, and every other room reads it from there.
 * This one is a moment: a column of the time.
 */
export interface TimestampKind<Settings extends TimestampPolicy = TimestampPolicy> extends CommonKind<Settings> {
  readonly shape: 'timestamp'
  /** Prisma's attribute by which a field is this one under whatever name; null where there is none. */
  readonly mark: string | null
  /** What a new field gets in the schema: `@updatedAt`. */
  readonly attributes: string
  /** The expression that stays as the column's default, as Prisma writes it; null for none. */
  readonly columnDefault: string | null
  /**
   * What rows that stand already get: the time of the migration, in a NOT NULL column; or what the policy says, in a column
   * that may be NULL.
   */
  readonly oldRows: 'the time of the migration' | 'as the policy says'
  /** The name of the trigger that writes the column at each change, by its table; null for a field without one. */
  readonly triggerName: ((table: string) => string) | null
  /** Names for a new field in the schema, best first, the others for when that one is taken. */
  readonly newNames: readonly string[]
}

/** A reference to the user model: a column of its key's type. */
export interface UserKind<Settings extends UserPolicy = UserPolicy> extends CommonKind<Settings> {
  readonly shape: 'user'
  /** The names of a relation that says the field goes without saying, which may lack its scalar while somebody types. */
  readonly relationNames: readonly string[]
  /** Has the relation a name of its own always, or only where Prisma could not tell it from another? */
  readonly alwaysNamesRelation: boolean
  /** Does a user have it, too? */
  readonly isForUsers: boolean
  /** What the code of an application shows of it: the user, or only the key. */
  readonly shownAs: 'user' | 'key'
  /** Is it filled with the user who acts, and when? Left out where acting does not say it. */
  readonly actor?: 'each change' | 'new rows' | 'new rows, by choice'
  newNames(model: ModelNames, hasRelation: boolean): ReferenceNames
}

interface CommonKind<Settings> {
  /** In the policy, and in the schema where that name is free. */
  readonly name: string
  readonly code: string
  /** What it says of a row: `when a row last changed`. */
  readonly meaning: string
  readonly defaults: Settings
  /** The policy's settings for it. zod comes as a parameter, since it is loaded only with the first policy. */
  readonly validation: (z: typeof Zod) => Zod.ZodType<Settings>
  /** The names under which the scalar field goes without saying, in the schema or as a column. */
  readonly schemaNames: readonly string[]
  /** Columns that serve in place of the policy's where the database has one. */
  readonly databaseNames: readonly string[]
  /**
   * Other common names for such a field, in lower case and without underscores: a person is asked whether one of these is it,
   * and names it in the policy. A name that is that of a model is it only where that is the user model.
   */
  readonly commonNames: readonly string[]
  /** Names for what it says in the code of an application, whose types may call it otherwise than the model; null if they do not. */
  readonly namesInCode: RegExp | null
  /** Is it one that a project without a policy is told of? */
  readonly isSuggested: boolean
}

/** What the policy says of a moment, in one form for all kinds. */
export interface TimestampPolicy {
  /** The column's name in the database. */
  readonly column: string
  /** Fields or columns that are it under another name. */
  readonly aliases: readonly string[]
  readonly index: boolean
  /**
   * Does a trigger keep the column? Where a trigger of somebody else's keeps it wrongly or in a way that cannot be proven,
   * `replace` makes ours and disables that one, `keep` leaves it as it is; `true` refuses and says so.
   */
  readonly trigger?: boolean | 'replace' | 'keep'
  /** True makes the column NOT NULL once it is populated. */
  readonly required?: boolean
  /**
   * Which time rows that stand already get: that of the migration, their own `createdAt`, a scalar expression over the row, or
   * none, so that they keep NULL.
   */
  readonly populate?: 'now' | 'createdAt' | 'none' | { readonly sql: string }
}

/** What the policy says of a reference to the user, in one form for all kinds. */
export interface UserPolicy {
  readonly column: string
  readonly aliases: readonly string[]
  readonly index: boolean
  /** False keeps a plain column: no relation in the schema, so no foreign key. */
  readonly relation: boolean
  /** The column's type where another service keeps the users, so that no user model says it; null otherwise. */
  readonly type: UserKeyType | null
  readonly onDelete: OnDelete
  /** True makes the column NOT NULL once it is populated. */
  readonly required?: boolean
  readonly populate?: Populate
}

export type OnDelete = 'SetNull' | 'Restrict' | 'NoAction' | 'Cascade' | 'SetDefault'

/** How rows that stand already get their value. `sql` is a scalar SQL expression over the row, or a sub-select. */
export type Populate = 'first-user' | 'none' | { readonly sql: string }

/** A model's name and its plurals. */
export interface ModelNames {
  /** `Lead` */
  readonly model: string
  /** `leads` */
  readonly lowerPlural: string
  /** `Leads` */
  readonly upperPlural: string
}

/** The names for one reference to the user, each list best first, the others for when that one is taken. */
export interface ReferenceNames {
  readonly scalars: readonly string[]
  readonly relations: readonly string[]
  /** On the user's side. */
  readonly lists: readonly string[]
  readonly relationNames: readonly string[]
}
