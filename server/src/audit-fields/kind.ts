import type * as Zod from 'zod'
import type { UserKeyType } from './user-key-type'

/**
 * What an audit field is. One file per kind describes it, `kinds.ts` registers it, and every other room reads it from
 * there. This shape is a moment: a timestamp column.
 */
export interface TimestampKind<Settings extends TimestampPolicy = TimestampPolicy> extends CommonKind<Settings> {
  readonly shape: 'timestamp'
  /** Prisma's attribute that identifies the field regardless of its name; null if there is none. */
  readonly mark: string | null
  /** The attribute of a new field in the schema: `@updatedAt`. */
  readonly attributes: string
  /** The permanent default of the column, as Prisma writes it; null for none. */
  readonly columnDefault: string | null
  /**
   * The value of existing rows: the time of the migration, in a NOT NULL column; or the policy's choice, in a nullable
   * column.
   */
  readonly oldRows: 'the time of the migration' | 'as the policy says'
  /** The name of the trigger that writes the column at each change, by table; null for a field without one. */
  readonly triggerName: ((table: string) => string) | null
  /** Names for a new field in the schema, in order of preference. */
  readonly newNames: readonly string[]
}

/** A reference to the user model: a column with the type of its key. */
export interface UserKind<Settings extends UserPolicy = UserPolicy> extends CommonKind<Settings> {
  readonly shape: 'user'
  /** The relation names that identify the field, even if its scalar field is missing while someone types. */
  readonly relationNames: readonly string[]
  /** Whether the relation always has a name, or only if Prisma could not distinguish it otherwise. */
  readonly alwaysNamesRelation: boolean
  /** Whether the user model has the field too. */
  readonly isForUsers: boolean
  /** What application code shows for it: the user, or only the key. */
  readonly shownAs: 'user' | 'key'
  /** When it is filled with the current user. Omitted if it is not. */
  readonly actor?: 'each change' | 'new rows' | 'new rows, by choice'
  newNames(model: ModelNames, hasRelation: boolean): ReferenceNames
}

interface CommonKind<Settings> {
  /** Its name in the policy, and in the schema if that name is free. */
  readonly name: string
  readonly code: string
  /** What it says about a row: `when a row last changed`. */
  readonly meaning: string
  readonly defaults: Settings
  /** The policy's settings for it. zod is a parameter, because it is loaded only with the first policy. */
  readonly validation: (z: typeof Zod) => Zod.ZodType<Settings>
  /** The names that identify the scalar field, in the schema or as a column. */
  readonly schemaNames: readonly string[]
  /** Columns that replace the policy's if the database has one. */
  readonly databaseNames: readonly string[]
  /**
   * Other common names for such a field, in lower case and without underscores: a person is asked whether one of these
   * is it, and adds it to the policy. A name that is also a model's counts only if that is the user model.
   */
  readonly commonNames: readonly string[]
  /**
   * Names for the same information in application code, whose types may use other names than the model; null if they do
   * not.
   */
  readonly namesInCode: RegExp | null
  /** Whether the hint of a project without a policy includes it. */
  readonly isSuggested: boolean
}

/** The policy's settings for a moment, in one form for all kinds. */
export interface TimestampPolicy {
  /** The column's name in the database. */
  readonly column: string
  /** Other names of fields or columns that count as it. */
  readonly aliases: readonly string[]
  readonly index: boolean
  /**
   * Whether a trigger maintains the column. If an existing trigger maintains it incorrectly or cannot be analyzed,
   * `replace` disables it and creates ours, `keep` leaves it unchanged, and `true` refuses with an explanation.
   */
  readonly trigger?: boolean | 'replace' | 'keep'
  /** True makes the column NOT NULL once it is filled. */
  readonly required?: boolean
  /**
   * The time for existing rows: that of the migration, their own `createdAt`, a scalar expression over the row, or
   * none, so that they keep NULL.
   */
  readonly populate?: 'now' | 'createdAt' | 'none' | { readonly sql: string }
}

/** The policy's settings for a reference to the user, in one form for all kinds. */
export interface UserPolicy {
  readonly column: string
  readonly aliases: readonly string[]
  readonly index: boolean
  /** False keeps a plain column: no relation in the schema, so no foreign key. */
  readonly relation: boolean
  /** The column's type if the users are in another service, so that no user model defines it; otherwise null. */
  readonly type: UserKeyType | null
  readonly onDelete: OnDelete
  /** True makes the column NOT NULL once it is filled. */
  readonly required?: boolean
  readonly populate?: Populate
}

export type OnDelete = 'SetNull' | 'Restrict' | 'NoAction' | 'Cascade' | 'SetDefault'

/** How existing rows get their value. `sql` is a scalar SQL expression over the row, or a subquery. */
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

/** The names for one reference to the user, each list in order of preference. */
export interface ReferenceNames {
  readonly scalars: readonly string[]
  readonly relations: readonly string[]
  /** On the user's side. */
  readonly lists: readonly string[]
  readonly relationNames: readonly string[]
}
