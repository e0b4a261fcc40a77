import type { MissingIn } from '../audit/finding'
import type { AuditField } from '../audit-fields/kinds'
import type { AuditFieldInDatabase } from '../audit-fields/present-fields'
import type { SchemaPart } from '../audit-fields/edits/audit-field-plan'
import type { Check } from '../verification/model'
import type { StepKind } from './step-kinds'

/** Ordered steps that remove findings. Plain data, made by `planMigration`, shown by renderers, carried out by `runPlan`. */
export interface Plan {
  readonly steps: readonly Step[]
  /** Queries that prove the whole plan took. */
  readonly checks: readonly Check[]
  /** What a person should read before the steps. */
  readonly warnings: readonly Warning[]
  /** What was asked for and is not planned, each with its reason; the plan must not run while one is `blocking`. */
  readonly refusals: readonly Refusal[]
  /** The audit fields that the schema, the database or both lack: what the edits of schema and application are made from. */
  readonly additions: readonly AuditAddition[]
  /** What rows that stand already get, told before anything is changed. Left out where nothing of the kind is planned. */
  readonly existingRows?: readonly ExistingRows[]
  /** What is good to know and no reason to think again: costs, waits. Left out where nobody has asked. */
  readonly remarks?: readonly string[]
  /** Set where the policy requires no audit field of any model, so that nothing can be missing. */
  readonly requiresNothing?: true
  /**
   * How columns that are there already are filled, by the same policy and schema: no step of this plan, but a run that broke
   * off behind the column may still have it to do. So nothing of that is taken out of the journal.
   */
  readonly fillings?: readonly Step[]
  /** Bytes of the tables' rows by their quoted names, where somebody has asked the server for them. */
  readonly tableBytes?: Readonly<Record<string, number>>
}

/** Names are quoted. */
export interface ExistingRows {
  readonly table: string
  readonly column: string
  /** Does the plan add the column? Else it fills it where it is NULL. */
  readonly isNew: boolean
  readonly estimatedRows: number | null
  /** In words; null where it is the user alone. */
  readonly value: string | null
  /** A query for the user whom they get, or get where `value` names nobody: `key text`, `label text`. Null for none. */
  readonly user: string | null
  /** How to choose something else. */
  readonly advice: string | null
}

/** Why something is not planned; stable, and listed in `docs/errors.md`. */
export type RefusalCode =
  | 'table-missing'
  | 'table-unfit'
  | 'model-unknown'
  | 'not-a-timestamp'
  | 'trigger-ambiguous'
  | 'refers-elsewhere'
  | 'polymorphic-column'
  | 'users-unknown'
  | 'user-key-unfit'
  | 'type-differs'
  | 'values-unfit'
  | 'rows-hidden'
  | 'likely-renamed'
  | 'name-taken'
  | 'type-unknown'
  | 'value-required'
  | 'reference-missing'
  | 'condition-unknown'
  | 'view-unknown'
  | 'prisma-migration-open'
  | 'prisma-history-unfit'

/** What a warning is about; stable, and listed in `docs/errors.md`. */
export type WarningCode =
  | 'existing-rows'
  | 'not-owner'
  | 'code-of-others'
  | 'insert-must-name'
  | 'no-primary-key'
  | 'triggers-fire'
  | 'column-filled'
  | 'rows-without-value'
  | 'first-user-arbitrary'
  | 'first-user-unknown'
  | 'second-field'
  | 'name-replaced'
  | 'delete-restricted'
  | 'column-constrained'
  | 'trigger-left'
  | 'function-left'
  | 'enum-value-stays'
  | 'next-run'
  | 'insert-rule'
  | 'update-rule'
  | 'published'
  | 'history-elsewhere'
  | 'migrations-missing'
  | 'migrations-pending'
  | 'migrations-changed'
  | 'read-only'
  | 'rows-copied'
  | 'event-trigger'

/** Two warnings with one code of one object are the same warning, whatever figures their texts have. */
export interface Warning {
  readonly code: WarningCode
  /** What it warns of: quoted, qualified names where it has such. */
  readonly object: string
  readonly text: string
}

export interface TableName {
  readonly schema: string
  readonly table: string
}

export interface Refusal {
  readonly code: RefusalCode
  /** Of `table-missing`: the table. A plan that creates it postpones what is refused instead. */
  readonly missingTable?: TableName
  readonly model: string
  /** What of the model is refused: a field, a column, an index …; empty for the whole. With the code it says which refusal it is. */
  readonly object: string
  readonly reason: string
  /** `5 rows`, where they are known. */
  readonly amount?: string
  readonly blocking: boolean
}

export interface AuditAddition {
  readonly model: string
  readonly field: AuditField
  readonly schema: string
  readonly table: string
  readonly column: string
  /** Where the field was missing when the plan was made. */
  readonly missingIn: MissingIn
  /** What the schema lacked of it when the plan was made: a rollback removes that from the schema, and nothing else. */
  readonly schemaLacks: readonly SchemaPart[]
  /** What the database has of it once the plan has run. */
  readonly inDatabase: AuditFieldInDatabase
}

export interface Step {
  /** Stable over runs of the same plan: `add-column:public.User.updatedAt`. */
  readonly id: string
  readonly kind: StepKind
  /** `Add "updatedAt" to "public"."User"`. */
  readonly title: string
  readonly schema: string
  readonly table: string
  /** The bare name of what the step makes: a column, constraint, index, function or trigger; null where it makes none. */
  readonly object: string | null
  /**
   * A query, each row of which is a statement to run before `up`: it clears away what a broken attempt left behind (an
   * invalid index). Null where nothing can be left.
   */
  readonly leftovers: string | null
  /** Statements, each complete without its semicolon, safe to run twice. */
  readonly up: readonly string[]
  /** What takes exactly this step back; safe to run twice; empty where nothing is left to take back. */
  readonly down: readonly string[]
  readonly verify: readonly Check[]
  readonly lock: Lock
  readonly transaction: TransactionMode
  /** Set where `transaction` is `batches` only. */
  readonly batch: Batch | null
  /** What the role must be allowed, beyond USAGE on the schema. */
  readonly privileges: readonly Privilege[]
  /** True where PostgreSQL rewrites the table. */
  readonly rewrites: boolean
  /** True where every row is read. */
  readonly scans: boolean
  /** `reltuples` of the table where the step scans or batches; null where unknown or of no matter. */
  readonly estimatedRows: number | null
  /** How long it may take and what that is worked out from: `about 2 min: 6,000,000 rows at 50,000 a second`. */
  readonly estimate?: string
  /** Of a precondition: why it refuses the plan, in words that other tables share. */
  readonly refusal?: string
  /** Set where `down` drops what people may have written values into since; it is then refused without their choice. */
  readonly holdsData?: HeldData
  /**
   * Set where the SQL holds an expression or a type as the Prisma schema or the policy has it: the schema in which its names
   * are looked up, beside PostgreSQL's own, as Prisma does. Otherwise nothing is looked up anywhere else.
   */
  readonly lookupSchema?: string
  /** Of an `add-column` step: the column's type, in SQL. */
  readonly columnType?: string
  /** Of a step that adds or attaches a foreign key: its columns, and what they refer to. */
  readonly foreignKey?: {
    readonly columns: readonly string[]
    readonly referenced: { readonly schema: string; readonly table: string; readonly columns: readonly string[] }
  }
  /** What all of the SQL above is made from: the journal keeps this, and no SQL. */
  readonly recipe: StepRecipe
  /**
   * A column that an INSERT has to name once the step is done, as the policy or the schema wants it and the plan says; for
   * all others the application may go on without it.
   */
  readonly insertMustName?: string
  /** Of a `record-history` step only: the folder that it records. In the journal, so that a resumed run can write it again. */
  readonly folder?: MigrationFolder
}

/**
 * The name of a builder and what it was given, as plain data. SQL is never read from a journal, which is but a table of a
 * database: `run/recipes` knows the builders, validates what each is given, and calls it again. A new builder is added there.
 */
export interface StepRecipe {
  readonly builder: string
  readonly parameters: object
}

export interface HeldData {
  /** `rows in "public"."Lead"`. */
  readonly what: string
  /** Answers one row: `found bigint`, how many there are. */
  readonly count: string
}

/** One migration as Prisma keeps it: a folder, and what lies in it. */
export interface MigrationFolder {
  /** `20261122134711_prisma_audit_add_columns`. */
  readonly name: string
  /** Texts by file name; `migration.sql` is the one that Prisma reads. */
  readonly files: Readonly<Record<string, string>>
}

/**
 * `own`: a transaction of its own. `none`: autocommit, as CREATE INDEX CONCURRENTLY demands. `batches`: many small ones.
 */
export type TransactionMode = 'own' | 'none' | 'batches'

export interface Lock {
  /** The strongest, in PostgreSQL's words: `ACCESS EXCLUSIVE`, `SHARE ROW EXCLUSIVE`, `SHARE UPDATE EXCLUSIVE`, `ROW EXCLUSIVE`. */
  readonly mode: string
  /** Quoted, qualified names. */
  readonly tables: readonly string[]
  /** `an instant`, `while the rows are read` … */
  readonly duration: string
}

/** `name` is quoted, and qualified for a table. `own`: is the role the table's owner or a member of it. */
export interface Privilege {
  readonly action: 'own' | 'references' | 'select' | 'insert' | 'create-in-schema'
  readonly name: string
}

/**
 * How a populate step walks the table in keyset batches, in ascending order of its key (of its blocks where it has no
 * key), a batch a transaction. `up` does the same in one DO block for psql; a runner that reports progress uses these.
 */
export interface Batch {
  /** Quoted, in key order; empty where the table has no primary key. */
  readonly keyColumns: readonly string[]
  /** The bare name of the column that is filled. */
  readonly column: string
  /** What a row is filled with, in SQL, in parentheses; null where each row has a value of its own from elsewhere. */
  readonly value: string | null
  /** Is `value` the same for all rows of a batch? Then `next` answers it, and the journal remembers it. */
  readonly isOneValue: boolean
  /** How much the first batch takes: rows, or blocks where the table has no primary key. A runner adapts it to the clock. */
  readonly size: number
  /** Answers one row, `cursor text[]`: where to begin; null where there is nothing to do. */
  readonly start: string
  /**
   * Takes `$1 text[]`, the cursor, and `$2 bigint`, how much to take; answers one row: `filled bigint`, the next
   * `cursor text[]`, null at the end, and `value text` where `isOneValue`.
   */
  readonly next: string
  /** All rows in one statement, for a small table in a transaction with other steps; left out where there is no such thing. */
  readonly whole?: string
}
