import type { AuditField, TimestampField, UserField } from '../../audit-fields/kinds'
import type { Column, Partition, ReferentialAction, Table, Trigger } from '../../database/model'
import type { RefusalCode } from '../model'

/**
 * One audit field that the policy requires of one model, with everything the database must have for it. What of that is
 * there already stands beside it, so that the planner plans the rest and the verification checks all of it.
 */
export type AuditTarget = TimestampTarget | UserReferenceTarget

export interface TimestampTarget extends CommonTarget {
  readonly shape: 'timestamp'
  readonly field: TimestampField
  readonly type: ColumnType
  /** Do the rows that stand already get the time of the migration, where the policy gives them no other? Else they keep NULL. */
  readonly isFilledByDefault: boolean
  /** The expression of the default that the schema asks for, in SQL; null for none, as with `@updatedAt` alone. */
  readonly lastingDefault: string | null
  /** The column that says since when a row is there; null where there is none. */
  readonly createdAt: string | null
  /** Which time rows that stand already get; null for that of the migration. */
  readonly populate: TimestampPopulating | null
  /** The same for a column that is there already; see `Plan.fillings`. */
  readonly populateOfBrokenRun: TimestampPopulating | null
  /** Null where the policy asks for none. */
  readonly trigger: TriggerTarget | null
}

export interface UserReferenceTarget extends CommonTarget {
  readonly shape: 'user'
  readonly field: UserField
  /** That of the user's key; null where the database has no user table. */
  readonly type: ColumnType | null
  /** Null where the policy wants a plain column. */
  readonly foreignKey: ForeignKeyTarget | null
  /** How rows that stand already get a value; null where they get none, as with `updatedBy`, which nobody knows of the past. */
  readonly populate: Populating | null
  /** Set where this stands for the rows of one partition: the name of the table at the root. */
  readonly partitionOf?: string
}

interface CommonTarget {
  readonly model: string
  readonly field: AuditField
  readonly schema: string
  readonly table: string
  readonly column: string
  /** May the column be NULL once the plan has run? As schema and policy say; else as the column has it already. */
  readonly nullable: boolean
  /** Null where the database has no such table. */
  readonly databaseTable: Table | null
  /** Null where the table has no such column. */
  readonly databaseColumn: Column | null
  /** False where the schema has yet to get the field. */
  readonly isInSchema: boolean
  /** Null where the policy asks for none. */
  readonly index: IndexTarget | null
}

/** What the steps on a single column look at, be it an audit field or another that the schema has. */
export interface ColumnPlace {
  readonly schema: string
  readonly table: string
  readonly column: string
  readonly nullable: boolean
  readonly type: ColumnType | null
  readonly databaseTable: Table | null
  readonly partitionOf?: string
}

/** A foreign key, wherever it comes from. */
export interface ForeignKeyPlace {
  readonly schema: string
  readonly table: string
  readonly columns: readonly string[]
  readonly referenced: { readonly schema: string; readonly table: string; readonly columns: readonly string[] }
  readonly name: string
  readonly onDelete: ReferentialAction
  readonly onUpdate: ReferentialAction
  /** Null where the table is yet to be made. */
  readonly databaseTable: Table | null
}

export interface ColumnType {
  /** As a person writes it: `timestamp(3)`. */
  readonly sql: string
  /** As `format_type` spells it: `timestamp(3) without time zone`. */
  readonly catalog: string
  /** As `information_schema.columns.data_type` has it; null for types that are not PostgreSQL's own. */
  readonly dataType: string | null
  /** Where its operators are, of a base type that an extension made; absent where they are PostgreSQL's own. */
  readonly operatorSchema?: string
}

/** An index, wherever it comes from. */
export interface IndexPlace {
  readonly schema: string
  readonly table: string
  /** What is indexed, for titles: `"ownerId" of "public"."Lead"`. */
  readonly label: string
  readonly unique: boolean
  /** What follows ON and the table: `("ownerId")`, `USING gin ("data")`. */
  readonly definition: string
  /** Where it is an index of one column alone: an index of that name on another one does not serve. */
  readonly column?: string
  /** Null where the table is yet to be made. */
  readonly databaseTable: Table | null
}

export interface IndexTarget {
  readonly name: string
  readonly exists: boolean
  /** Of a partitioned table: the index of each partition, parents before their children. */
  readonly partitions?: readonly PartitionIndex[]
}

export interface PartitionIndex {
  readonly partition: Partition
  readonly name: string
  /** Is it there, ready to be attached? */
  readonly exists: boolean
}

/** `first-user`: the user whom the row names in `from`, else the oldest one. `sql`: a scalar expression over the row, or a sub-select, by the policy. */
export type Populating =
  | { readonly kind: 'first-user'; readonly user: UserKey; readonly from: OwnerColumn | null }
  | { readonly kind: 'sql'; readonly sql: string }

/** A column by which a row names its user already. */
export interface OwnerColumn {
  readonly column: string
  /** In SQL, over a row of the table under its own name; NULL where it names no user. */
  readonly value: string
  /** Does every row name a user? */
  readonly isCertain: boolean
  /** Other columns by which rows may name a user. */
  readonly others: readonly string[]
}

export interface TimestampPopulating {
  /** In SQL, in parentheses. */
  readonly value: string
  /** The policy's expression; null where the value is ours. */
  readonly sql: string | null
  /** The column that it is taken from; null where the policy has an expression. */
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
  /** What keeps the column already, under whatever name. */
  readonly existing: Trigger | null
  /** Does `existing` set the column on INSERT as well? Ours does. */
  readonly setsOnInsert: boolean
  /** Is `existing` left as it is by the policy's choice, whatever time it writes? */
  readonly isMaintainedByChoice: boolean
  /** Enabled triggers that keep the column wrongly, and that the policy lets ours replace. */
  readonly replaces: readonly Trigger[]
}

/** What the references point to. */
export interface UserKey {
  /** The column that says since when a user is there, by which the oldest is found; null where there is none. */
  readonly createdAt: string | null
  /** Columns that a person is known by: a name, an address. */
  readonly labels: readonly string[]
  readonly model: string
  readonly schema: string
  readonly table: string
  readonly column: string
}

/** Why there can be no such field in this table. */
export interface FieldRefusal {
  readonly code: RefusalCode
  readonly reason: string
}
