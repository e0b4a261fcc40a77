import type { ExpressionSpellings } from './model-expressions'

/**
 * The database model: what the catalog of the live database says, in PostgreSQL's own words. Plain data.
 *
 * Every list is sorted by name unless its order means something (columns of a key, labels of an enum), so that two
 * readings of an unchanged database are deeply equal.
 */
export interface DatabaseModel {
  /** `current_database()`. */
  readonly name: string
  /** As `SHOW server_version` gives it, `15.18 (Debian …)` cut to `15.18`. */
  readonly serverVersion: string
  /** As `server_version_num` gives it: 150018. */
  readonly serverVersionNumber: number
  /** The schemas that were read, in the order in which they were asked for. */
  readonly schemas: readonly string[]
  /** Schemas that were asked for and do not exist. */
  readonly missingSchemas: readonly string[]
  /** The first schema of the search path that exists; where an unqualified name would be created. */
  readonly defaultSchema: string
  readonly tables: readonly Table[]
  readonly enums: readonly DatabaseEnum[]
  readonly extensions: readonly Extension[]
  readonly sequences: readonly Sequence[]
  /** Functions that return `trigger`, in the schemas read and wherever a trigger of a table read calls them. */
  readonly triggerFunctions: readonly TriggerFunction[]
  /** Parts that the role could not see, or that went away while they were read, each a sentence. */
  readonly unseen: readonly string[]
  /** Absent where nobody asked; see `ExpressionSpeller`. */
  readonly spellings?: ExpressionSpellings
}

export interface Table {
  readonly schema: string
  readonly name: string
  readonly kind: 'table' | 'partitioned table' | 'partition' | 'view' | 'materialized view' | 'foreign table'
  /** In the order of the table. */
  readonly columns: readonly Column[]
  readonly primaryKey: Key | null
  /** Unique constraints; the unique indexes behind them stand in `indexes` with `constraint` set. */
  readonly uniqueConstraints: readonly Key[]
  readonly exclusionConstraints: readonly { readonly name: string; readonly definition: string }[]
  /** All indexes, that of the primary key included. */
  readonly indexes: readonly Index[]
  readonly foreignKeys: readonly ForeignKey[]
  readonly checks: readonly CheckConstraint[]
  /** Without PostgreSQL's internal ones. */
  readonly triggers: readonly Trigger[]
  readonly rowSecurity: boolean
  /** `pg_class.reltuples`; null where the table was never analysed. */
  readonly estimatedRows: number | null
  /**
   * Of the table, its TOAST and its indexes in bytes, as of the last VACUUM or ANALYZE; null where there was none.
   * `pg_total_relation_size` is not asked: it opens every file and waits for locks.
   */
  readonly totalBytes: number | null
  /** May the connected role ALTER it: is it the owner, a member of the owner, or superuser. */
  readonly canAlter: boolean
  /** Set where the connected role is a superuser and the owner is not: then the owner's code runs with a superuser's privileges. */
  readonly ownerIsNoSuperuser?: true
  /** Set where row-level security applies to the connected role, so that it may hide rows from it. */
  readonly hidesRows?: true
  /** Tables that it inherits from, or that inherit from it, by INHERITS; absent where there are none. */
  readonly relatives?: readonly { readonly schema: string; readonly name: string; readonly isChild?: true }[]
  /** Of a table whose columns are those of a composite type (CREATE TABLE … OF); absent for all others. */
  readonly isTyped?: true
  /** The extension that brought it (PostGIS its `spatial_ref_sys`); absent for all others. */
  readonly extension?: string
  /** Of a partitioned table that is no partition itself: all of its tree, parents before their children; absent for others. */
  readonly partitions?: readonly Partition[]
}

/** It may stand in a schema that is not read. */
export interface Partition {
  readonly schema: string
  readonly name: string
  readonly kind: 'table' | 'partitioned table' | 'foreign table'
  readonly parent: { readonly schema: string; readonly name: string }
  /** As in `Table`. */
  readonly estimatedRows: number | null
  readonly hidesRows?: true
  /** Names of those that an UPDATE of its rows runs and that do not know a fill, its own and its parents'; absent for none. */
  readonly updateTriggers?: readonly string[]
}

export interface Column {
  readonly name: string
  /** `format_type(atttypid, atttypmod)`: `character varying(20)`, `timestamp(3) without time zone`, `"Role"`, `integer[]`. */
  readonly type: string
  /** The bare type in `pg_type`, of the element for an array: `varchar`, `timestamp`, `Role`; with its schema. */
  readonly typeName: string
  readonly typeSchema: string
  readonly isArray: boolean
  /** The element type's kind: `e` enum, `b` base, `d` domain, `c` composite, `r` range … (`pg_type.typtype`). */
  readonly typeKind: string
  /** Of a column whose type is a domain: what the domain stands on in the end; absent for all others. */
  readonly base?: BaseType
  /** False for a domain that is NOT NULL, too. */
  readonly nullable: boolean
  /** `pg_get_expr` of the default; null for none and for generated columns. */
  readonly default: string | null
  readonly identity: 'always' | 'by default' | null
  /** The expression of a generated column. */
  readonly generated: string | null
  /** The sequence that the column owns (serial or identity). */
  readonly ownedSequence: { readonly schema: string; readonly name: string } | null
}

/** In the same words as a column's own type. */
export interface BaseType extends Pick<Column, 'type' | 'typeName' | 'typeSchema' | 'isArray' | 'typeKind'> {
  /** Does another domain stand between? */
  readonly isNested?: boolean
}

export interface Key {
  readonly name: string
  readonly columns: readonly string[]
}

export interface Index {
  readonly name: string
  readonly columns: readonly IndexColumn[]
  readonly includedColumns: readonly string[]
  readonly unique: boolean
  readonly primary: boolean
  readonly nullsNotDistinct: boolean
  /** `btree`, `hash`, `gin`, `gist`, `spgist`, `brin`, or an extension's. */
  readonly method: string
  /** The WHERE of a partial index, as `pg_get_expr` spells it. */
  readonly predicate: string | null
  /** False for what a broken CREATE INDEX CONCURRENTLY left behind (`pg_index.indisvalid`). */
  readonly valid: boolean
  /** The constraint that it serves, if any. */
  readonly constraint: string | null
}

export interface IndexColumn {
  /** Null for an expression. */
  readonly column: string | null
  readonly expression: string | null
  readonly descending: boolean
  readonly nullsFirst: boolean
  /** The operator class's name, and whether it is its type's default for the method. */
  readonly operatorClass: string
  readonly isDefaultOperatorClass: boolean
}

export type ReferentialAction = 'NO ACTION' | 'RESTRICT' | 'CASCADE' | 'SET NULL' | 'SET DEFAULT'

export interface ForeignKey {
  readonly name: string
  readonly columns: readonly string[]
  readonly referencedSchema: string
  readonly referencedTable: string
  readonly referencedColumns: readonly string[]
  readonly onDelete: ReferentialAction
  readonly onUpdate: ReferentialAction
  readonly deferrable: boolean
  readonly validated: boolean
  /** Since version 18 a constraint may be there for people and planners alone; absent for those that hold. */
  readonly isEnforced?: false
}

export interface CheckConstraint {
  readonly name: string
  /** `pg_get_constraintdef`. */
  readonly definition: string
  readonly validated: boolean
  /** As in `ForeignKey`. */
  readonly isEnforced?: false
}

export interface Trigger {
  readonly name: string
  readonly functionSchema: string
  readonly functionName: string
  readonly timing: 'BEFORE' | 'AFTER' | 'INSTEAD OF'
  /** In the order INSERT, UPDATE, DELETE, TRUNCATE. */
  readonly events: readonly ('INSERT' | 'UPDATE' | 'DELETE' | 'TRUNCATE')[]
  readonly level: 'ROW' | 'STATEMENT'
  /** `pg_trigger.tgenabled`: `O` origin (the usual), `D` disabled, `R` replica, `A` always. */
  readonly state: 'O' | 'D' | 'R' | 'A'
  /** `pg_get_triggerdef`. */
  readonly definition: string
  /** Of a partition: the copy of a trigger of its parent; absent for all others. */
  readonly isInherited?: true
  /** Does its function ask whether it is a fill of ours that writes, as our own do? By its text, since anybody may take its name. */
  readonly isQuietInFill?: true
  /** What UPDATEs showed, where its text leaves it open; absent where nobody tried. See `tryTriggers`. */
  readonly tried?: TriedTrigger
}

/** What a trigger did to one column when other columns of a few rows were changed, one by one. */
export interface TriedTrigger {
  readonly column: string
  /** `sets`: on each UPDATE; `other`: on none; `unknown`: on some. */
  readonly effect: 'sets' | 'other' | 'unknown'
  /** Was it the time in UTC, in a session of another time zone, wherever it set the column? */
  readonly isClockInUtc: boolean
  /** Columns whose change did not set it, where that of others did. */
  readonly without: readonly string[]
}

export interface TriggerFunction {
  readonly schema: string
  readonly name: string
  readonly language: string
  /** `pg_proc.prosrc`. */
  readonly source: string
  readonly comment: string | null
  /** `schema.table.trigger` of each trigger that calls it, wherever it stands, sorted. */
  readonly usedBy: readonly string[]
}

export interface DatabaseEnum {
  readonly schema: string
  readonly name: string
  /** In the order of the enum. */
  readonly values: readonly string[]
}

export interface Extension {
  readonly name: string
  readonly version: string
  readonly schema: string
}

export interface Sequence {
  readonly schema: string
  readonly name: string
  readonly ownedBy: { readonly schema: string; readonly table: string; readonly column: string } | null
}
