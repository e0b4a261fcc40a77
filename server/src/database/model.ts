import type { ExpressionSpellings } from './model-expressions'

/**
 * The database model: the catalog of the live database, in PostgreSQL's terms. Plain data. Every list is sorted by name
 * unless its order matters (columns of a key, labels of an enum), so that two reads of an unchanged database are deeply
 * equal.
 */
export interface DatabaseModel {
  /** `current_database()`. */
  readonly name: string
  /** As printed by `SHOW server_version`, `15.18 (Debian …)` cut to `15.18`. */
  readonly serverVersion: string
  /** As `server_version_num` gives it: 150018. */
  readonly serverVersionNumber: number
  /** The schemas that were read, in the requested order. */
  readonly schemas: readonly string[]
  /** Requested schemas that do not exist. */
  readonly missingSchemas: readonly string[]
  /** The first existing schema of the search path, where an unqualified name would be created. */
  readonly defaultSchema: string
  readonly tables: readonly Table[]
  readonly enums: readonly DatabaseEnum[]
  readonly extensions: readonly Extension[]
  readonly sequences: readonly Sequence[]
  /** Functions that return `trigger`, in the schemas that were read and those that their triggers call. */
  readonly triggerFunctions: readonly TriggerFunction[]
  /** Parts that the role could not read, or that were dropped during the read, each as a sentence. */
  readonly unseen: readonly string[]
  /** Absent if it was not requested; see `ExpressionSpeller`. */
  readonly spellings?: ExpressionSpellings
}

export interface Table {
  readonly schema: string
  readonly name: string
  readonly kind: 'table' | 'partitioned table' | 'partition' | 'view' | 'materialized view' | 'foreign table'
  /** In the order of the table. */
  readonly columns: readonly Column[]
  readonly primaryKey: Key | null
  /** Unique constraints; their unique indexes are in `indexes` with `constraint` set. */
  readonly uniqueConstraints: readonly Key[]
  readonly exclusionConstraints: readonly { readonly name: string; readonly definition: string }[]
  /** All indexes, including that of the primary key. */
  readonly indexes: readonly Index[]
  readonly foreignKeys: readonly ForeignKey[]
  readonly checks: readonly CheckConstraint[]
  /** Without PostgreSQL's internal ones. */
  readonly triggers: readonly Trigger[]
  readonly rowSecurity: boolean
  /** `pg_class.reltuples`; null if the table was never analyzed. */
  readonly estimatedRows: number | null
  /**
   * Bytes of the table, its TOAST and its indexes, as of the last VACUUM or ANALYZE; null if there was none.
   * `pg_total_relation_size` is not used: it opens every file and waits for locks.
   */
  readonly totalBytes: number | null
  /** Whether the current role may ALTER it: it is the owner, a member of the owner, or a superuser. */
  readonly canAlter: boolean
  /**
   * Set if the current role is a superuser and the owner is not: then the owner's code runs with superuser privileges.
   */
  readonly ownerIsNoSuperuser?: true
  /** Set if row-level security applies to the current role, so that rows may be hidden. */
  readonly hidesRows?: true
  /** Parents or children by INHERITS; absent if there are none. */
  readonly relatives?: readonly { readonly schema: string; readonly name: string; readonly isChild?: true }[]
  /** For a typed table (CREATE TABLE … OF); absent for all others. */
  readonly isTyped?: true
  /** Set by the planner for a table that does not exist yet because an earlier step of the same plan creates it. */
  readonly isNew?: true
  /** The extension that created it (PostGIS its `spatial_ref_sys`); absent for all others. */
  readonly extension?: string
  /** For a partitioned root table: all partitions below it, parents before their children; absent for others. */
  readonly partitions?: readonly Partition[]
}

/** It may be in a schema that is not read. */
export interface Partition {
  readonly schema: string
  readonly name: string
  readonly kind: 'table' | 'partitioned table' | 'foreign table'
  readonly parent: { readonly schema: string; readonly name: string }
  /** As in `Table`. */
  readonly estimatedRows: number | null
  readonly hidesRows?: true
  /**
   * Triggers that fire for an UPDATE of its rows and do not detect a fill, its own and its parents'; absent for none.
   */
  readonly updateTriggers?: readonly string[]
}

export interface Column {
  readonly name: string
  /**
   * `format_type(atttypid, atttypmod)`: `character varying(20)`, `timestamp(3) without time zone`, `"Role"`,
   * `integer[]`.
   */
  readonly type: string
  /** The type's name in `pg_type`, for an array of its element: `varchar`, `timestamp`, `Role`; with its schema. */
  readonly typeName: string
  readonly typeSchema: string
  readonly isArray: boolean
  /** The element type's kind: `e` enum, `b` base, `d` domain, `c` composite, `r` range … (`pg_type.typtype`). */
  readonly typeKind: string
  /** For a column with a domain type: its base type; absent for all others. */
  readonly base?: BaseType
  /** Also false for a domain that is NOT NULL. */
  readonly nullable: boolean
  /** `pg_get_expr` of the default; null for none and for generated columns. */
  readonly default: string | null
  readonly identity: 'always' | 'by default' | null
  /** The expression of a generated column. */
  readonly generated: string | null
  /** The sequence that the column owns (serial or identity). */
  readonly ownedSequence: { readonly schema: string; readonly name: string } | null
}

/** In the same form as a column's own type. */
export interface BaseType extends Pick<Column, 'type' | 'typeName' | 'typeSchema' | 'isArray' | 'typeKind'> {
  /** Whether there is another domain in between. */
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
  /** The WHERE of a partial index, as printed by `pg_get_expr`. */
  readonly predicate: string | null
  /** False after an interrupted CREATE INDEX CONCURRENTLY (`pg_index.indisvalid`). */
  readonly valid: boolean
  /** Its constraint, if any. */
  readonly constraint: string | null
  /** Whether that is DEFERRABLE (`NOT pg_index.indimmediate`): no foreign key can use it. Absent for all others. */
  readonly isDeferrable?: true
}

export interface IndexColumn {
  /** Null for an expression. */
  readonly column: string | null
  readonly expression: string | null
  readonly descending: boolean
  readonly nullsFirst: boolean
  /** The operator class's name, and whether it is the type's default for the method. */
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
  /** Since version 18 a constraint may be NOT ENFORCED; absent for enforced ones. */
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
  /** On a partition: the copy of a parent's trigger; absent for all others. */
  readonly isInherited?: true
  /** Whether its function detects our fills, like our own triggers. By its text, because anyone may use its name. */
  readonly isQuietInFill?: true
  /** The results of test UPDATEs, if its text is unclear; absent if it was not tested. See `tryTriggers`. */
  readonly tried?: TriedTrigger
}

/** The effect of a trigger on one column when other columns of a few rows were changed, one by one. */
export interface TriedTrigger {
  readonly column: string
  /** `sets`: on each UPDATE; `other`: on none; `unknown`: on some. */
  readonly effect: 'sets' | 'other' | 'unknown'
  /** Whether it was the time in UTC, in a session with another time zone, whenever it set the column. */
  readonly isClockInUtc: boolean
  /** Columns whose change did not set it, while that of others did. */
  readonly without: readonly string[]
}

export interface TriggerFunction {
  readonly schema: string
  readonly name: string
  readonly language: string
  /** `pg_proc.prosrc`. */
  readonly source: string
  readonly comment: string | null
  /** `schema.table.trigger` of each trigger that calls it, in any schema, sorted. */
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
