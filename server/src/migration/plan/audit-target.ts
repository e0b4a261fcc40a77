import type { AuditField, TimestampField, UserField } from '../../audit-fields/kinds'
import type { Column, Partition, ReferentialAction, Table, Trigger } from '../../database/model'
import type { RefusalCode } from '../model'
import type { Phrase } from '../../text/phrase'

/**
 * One audit field that the policy requires of one model, with everything that the database must have for it and what
 * already exists, so that the planner plans the rest and the verification checks all of it.
 */
export type AuditTarget = TimestampTarget | UserReferenceTarget

export interface TimestampTarget extends CommonTarget {
  readonly shape: 'timestamp'
  readonly field: TimestampField
  readonly type: ColumnType
  /**
   * Whether existing rows get the time of the migration, unless the policy sets another value. Otherwise they keep
   * NULL.
   */
  readonly isFilledByDefault: boolean
  /** The default in the schema, in SQL; null for none, as with `@updatedAt` alone. */
  readonly lastingDefault: string | null
  /** The column with the creation time of a row; null if there is none. */
  readonly createdAt: string | null
  /** The time for existing rows; null for that of the migration. */
  readonly populate: TimestampPopulating | null
  /** The same for an existing column; see `Plan.fillings`. */
  readonly populateOfBrokenRun: TimestampPopulating | null
  /** Null if the policy requires none. */
  readonly trigger: TriggerTarget | null
}

export interface UserReferenceTarget extends CommonTarget {
  readonly shape: 'user'
  readonly field: UserField
  /** The type of the user's key; null if the database has no user table. */
  readonly type: ColumnType | null
  /** Null if the policy wants a plain column. */
  readonly foreignKey: ForeignKeyTarget | null
  /** How existing rows get a value; null if they get none, as for `updatedBy`, which is unknown for the past. */
  readonly populate: Populating | null
  /** Set if this is for the rows of one partition: the name of the root table. */
  readonly partitionOf?: string
}

interface CommonTarget {
  readonly model: string
  readonly field: AuditField
  readonly schema: string
  readonly table: string
  readonly column: string
  /**
   * Whether the column may be NULL after the plan, according to schema and policy, otherwise to the existing column.
   */
  readonly nullable: boolean
  /** Null if the database has no such table. */
  readonly databaseTable: Table | null
  /** Null if the table has no such column. */
  readonly databaseColumn: Column | null
  /** False if the field is not in the schema yet. */
  readonly isInSchema: boolean
  /** Null if the policy requires none. */
  readonly index: IndexTarget | null
}

/** The input of steps on a single column, for audit fields and other columns of the schema. */
export interface ColumnPlace {
  readonly schema: string
  readonly table: string
  readonly column: string
  readonly nullable: boolean
  readonly type: ColumnType | null
  readonly databaseTable: Table | null
  readonly partitionOf?: string
}

/** A foreign key, for audit fields and other relations. */
export interface ForeignKeyPlace {
  readonly schema: string
  readonly table: string
  readonly columns: readonly string[]
  readonly referenced: { readonly schema: string; readonly table: string; readonly columns: readonly string[] }
  readonly name: string
  readonly onDelete: ReferentialAction
  readonly onUpdate: ReferentialAction
  /** Null if the table does not exist yet. */
  readonly databaseTable: Table | null
}

export interface ColumnType {
  /** As a person writes it: `timestamp(3)`. */
  readonly sql: string
  /** As printed by `format_type`: `timestamp(3) without time zone`. */
  readonly catalog: string
  /** As `information_schema.columns.data_type` has it; null for types that are not PostgreSQL's own. */
  readonly dataType: string | null
  /** The schema of its operators, for a base type of an extension; omitted if they are PostgreSQL's own. */
  readonly operatorSchema?: string
}

/** An index, for audit fields and others. */
export interface IndexPlace {
  readonly schema: string
  readonly table: string
  /** The indexed columns, for titles: `"ownerId" of "public"."Lead"`. */
  readonly label: string
  readonly unique: boolean
  /** The text after ON and the table: `("ownerId")`, `USING gin ("data")`. */
  readonly definition: string
  /** For an index of one column: an index of that name on another column does not count. */
  readonly column?: string
  /** Null if the table does not exist yet. */
  readonly databaseTable: Table | null
}

export interface IndexTarget {
  readonly name: string
  readonly exists: boolean
  /** For a partitioned table: the index of each partition, parents before their children. */
  readonly partitions?: readonly PartitionIndex[]
}

export interface PartitionIndex {
  readonly partition: Partition
  readonly name: string
  /** Whether it exists and can be attached. */
  readonly exists: boolean
}

/**
 * `first-user`: the user that the row references in `from`, otherwise the oldest one. `sql`: a scalar expression over
 * the row, or a subquery, from the policy.
 */
export type Populating =
  | { readonly kind: 'first-user'; readonly user: UserKey; readonly from: OwnerColumn | null }
  | { readonly kind: 'sql'; readonly sql: string }

/** A column in which a row already references its user. */
export interface OwnerColumn {
  readonly column: string
  /** In SQL, over a row of the table by its own name; NULL if it is not a user. */
  readonly value: string
  /** Whether every row has a user there. */
  readonly isCertain: boolean
  /** Other columns that may reference users. */
  readonly others: readonly string[]
}

export interface TimestampPopulating {
  /** In SQL, in parentheses. */
  readonly value: string
  /** The policy's expression; null if the value is ours. */
  readonly sql: string | null
  /** The source column; null if the policy has an expression. */
  readonly column: string | null
}

export interface ForeignKeyTarget {
  readonly user: UserKey
  readonly name: string
  readonly onDelete: ReferentialAction
  readonly onUpdate: ReferentialAction
  readonly state: 'missing' | 'not validated' | 'validated'
}

export interface TriggerTarget {
  readonly name: string
  /** The existing trigger that maintains the column, under any name. */
  readonly existing: Trigger | null
  /** Whether `existing` sets the column on INSERT too. Ours does. */
  readonly setsOnInsert: boolean
  /** Whether the policy accepts `existing` as it is, whatever time it writes. */
  readonly isMaintainedByChoice: boolean
  /** Enabled triggers that maintain the column incorrectly, and that the policy replaces with ours. */
  readonly replaces: readonly Trigger[]
}

/** The target of the references. */
export interface UserKey {
  /** The column with the creation time of a user, to find the oldest; null if there is none. */
  readonly createdAt: string | null
  /** Columns that identify a person: a name, an address. */
  readonly labels: readonly string[]
  readonly model: string
  readonly schema: string
  readonly table: string
  readonly column: string
  /** Set if the plan creates the table, so that it has no user before the run. */
  readonly isNew?: true
}

/** Why this table cannot have the field. */
export interface FieldRefusal {
  readonly code: RefusalCode
  readonly reason: Phrase
}
