import { type Phrase } from '../text/phrase'
import type { MissingIn } from '../audit/finding'
import type { AuditField } from '../audit-fields/kinds'
import type { AuditFieldInDatabase } from '../audit-fields/present-fields'
import type { SchemaPart } from '../audit-fields/edits/audit-field-plan'
import type { Check } from '../verification/model'
import type { StepBuilder, StepKind } from './step-kinds'

/** Ordered steps that fix findings. Plain data: created by `planMigration`, shown by renderers, run by `runPlan`. */
export interface Plan {
  readonly steps: readonly Step[]
  /** Queries that prove that the whole plan was applied. */
  readonly checks: readonly Check[]
  /** What a person should read before the plan runs. */
  readonly warnings: readonly Warning[]
  /** What was requested and is not planned, each with its reason; the plan must not run if one is `blocking`. */
  readonly refusals: readonly Refusal[]
  /** The audit fields that the schema, the database or both lack: the input for the edits of schema and application. */
  readonly additions: readonly AuditAddition[]
  /** The values that existing rows get, shown before anything is changed; omitted if there are none. */
  readonly existingRows?: readonly ExistingRows[]
  /** Costs and waits that are good to know but do not need a decision; omitted if they were not queried. */
  readonly remarks?: readonly Phrase[]
  /** Set if the policy requires no audit field, so that none can be missing. */
  readonly requiresNothing?: true
  /**
   * How existing columns are filled, by the same policy and schema. These are no steps of this plan, but an interrupted
   * run that added the column may still need them; they are never read from the journal.
   */
  readonly fillings?: readonly Step[]
  /** Bytes of the tables' rows, by quoted name, if they were queried. */
  readonly tableBytes?: Readonly<Record<string, number>>
}

/** Names are quoted. */
export interface ExistingRows {
  readonly table: string
  readonly column: string
  /** Whether the plan adds the column; otherwise it fills the NULLs of an existing one. */
  readonly isNew: boolean
  readonly estimatedRows: number | null
  /** SQL, or in words; null if it is always the user. */
  readonly value: string | Phrase | null
  /**
   * A query for the user (`key text`, `label text`) that the rows get, or that rows without `value` get. Null for none.
   */
  readonly user: string | null
  /** How to choose another value. */
  readonly advice: Phrase | null
}

/** The reason why something is not planned; stable, and listed in `docs/errors.md`. */
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

/** The subject of a warning; stable, and listed in `docs/errors.md`. */
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
  | 'insert-rule'
  | 'update-rule'
  | 'published'
  | 'history-elsewhere'
  | 'migrations-path-unknown'
  | 'migrations-missing'
  | 'migrations-pending'
  | 'migrations-changed'
  | 'read-only'
  | 'rows-copied'
  | 'event-trigger'
  | 'column-privileges'
  | 'row-too-long'
  | 'function-breaks'

/** Two warnings with the same code and object are the same warning, even if their numbers differ. */
export interface Warning {
  readonly code: WarningCode
  /** The object, by quoted, qualified name if it has one. */
  readonly object: string
  readonly text: Phrase
}

/** A table by its unquoted names. */
export interface TableName {
  readonly schema: string
  readonly table: string
}

export interface Refusal {
  readonly code: RefusalCode
  /** The table, for `table-missing`. */
  readonly missingTable?: TableName
  readonly model: string
  /**
   * What is refused in the model: a field, a column, an index …; empty for the whole model. Together with the code it
   * identifies the refusal.
   */
  readonly object: string
  readonly reason: Phrase
  /** `5 rows`, if known. */
  readonly amount?: Phrase
  readonly blocking: boolean
}

export interface AuditAddition {
  readonly model: string
  readonly field: AuditField
  readonly schema: string
  readonly table: string
  readonly column: string
  /** Where the field was missing when the plan was created. */
  readonly missingIn: MissingIn
  /** What the schema lacked of it when the plan was created: a rollback removes exactly this from the schema. */
  readonly schemaLacks: readonly SchemaPart[]
  /** What the database has of it after the plan. */
  readonly inDatabase: AuditFieldInDatabase
}

export interface Step {
  /** Stable across runs of the same plan: `add-column:public.User.updatedAt`. */
  readonly id: string
  readonly kind: StepKind
  /** `Add "updatedAt" to "public"."User"`. */
  readonly title: string
  readonly schema: string
  readonly table: string
  /** The unquoted name of what the step creates: a column, constraint, index, function or trigger; null for none. */
  readonly object: string | null
  /**
   * A query whose rows are statements to run before `up`: they remove leftovers of a failed attempt (an invalid index).
   * Null if there can be none.
   */
  readonly leftovers: string | null
  /** Statements, each complete without its semicolon, that can be run twice. */
  readonly up: readonly string[]
  /** Statements that undo exactly this step and can be run twice; empty if there is nothing to undo. */
  readonly down: readonly string[]
  readonly verify: readonly Check[]
  readonly lock: Lock
  readonly transaction: TransactionMode
  /** Only if `transaction` is `batches`. */
  readonly batch: Batch | null
  /** Required privileges, in addition to USAGE on the schema. */
  readonly privileges: readonly Privilege[]
  /** Whether PostgreSQL rewrites the table. */
  readonly rewrites: boolean
  /** Whether every row is read. */
  readonly scans: boolean
  /** `reltuples` of the table if the step scans it or works in batches; null if unknown or irrelevant. */
  readonly estimatedRows: number | null
  readonly estimate?: Estimate
  /** For a precondition: why it refuses the plan, in words that apply to several tables. */
  readonly refusal?: string
  /** Set if `down` drops values that people may have written since; it is then refused unless they agree. */
  readonly holdsData?: HeldData
  /**
   * Set if the SQL contains an expression or a type from the Prisma schema or the policy: the PostgreSQL schema in
   * which its names are looked up, as Prisma does. Without it, only PostgreSQL's own names are found.
   */
  readonly lookupSchema?: string
  /** The type of the column in SQL, for an `add-column` step. */
  readonly columnType?: string
  /** Set if the step adds the column and its default in one statement. */
  readonly addsDefault?: true
  /** The columns of a foreign key and what they reference, for a step that adds or attaches one. */
  readonly foreignKey?: {
    readonly columns: readonly string[]
    readonly referenced: { readonly schema: string; readonly table: string; readonly columns: readonly string[] }
  }
  /** What the SQL above is generated from: the journal stores this, and no SQL. */
  readonly recipe: StepRecipe
  /**
   * A column that every INSERT must set after the step, because the policy or the schema requires it and the plan says
   * so. Without it, the application's INSERTs must keep working.
   */
  readonly insertMustName?: string
  /** The id of a later step that removes what this one makes; omitted if it stays. */
  readonly lastsUntil?: string
  /**
   * The folder that a `record-history` step records; stored in the journal, so that a resumed run can write it again.
   */
  readonly folder?: MigrationFolder
}

/**
 * The name of a builder and its parameters, as plain data. A journal is only a table of a database, so SQL is never
 * read from it: `run/recipes` validates the parameters and calls the builder again.
 */
export interface StepRecipe {
  readonly builder: StepBuilder
  readonly parameters: object
}

export interface HeldData {
  /** `rows in "public"."Lead"`. */
  readonly what: Phrase
  /** Returns one row, `found bigint`: their number. */
  readonly count: string
}

/** One migration of Prisma: a folder and its files. */
export interface MigrationFolder {
  /** `20261122134711_prisma_audit_add_columns`. */
  readonly name: string
  /** Texts by file name; Prisma reads `migration.sql`. */
  readonly files: Readonly<Record<string, string>>
}

/**
 * `own`: its own transaction. `none`: autocommit, as CREATE INDEX CONCURRENTLY requires. `batches`: many small ones.
 */
export type TransactionMode = 'own' | 'none' | 'batches'

export interface Lock {
  /**
   * The strongest lock, as PostgreSQL names it: `ACCESS EXCLUSIVE`, `SHARE ROW EXCLUSIVE`, `SHARE UPDATE EXCLUSIVE`,
   * `ROW EXCLUSIVE`.
   */
  readonly mode: string
  /** Quoted, qualified names. */
  readonly tables: readonly string[]
  readonly duration: LockDuration
  /** A second lock: `ACCESS EXCLUSIVE on the indexes`. */
  readonly besides?: Phrase
}

/** `row-batches`: only locks on rows, in batches. */
export type LockDuration = 'brief' | 'reading' | 'building' | 'batches' | 'row-batches'

/** The expected duration, `about 2 min`, and how it was estimated: `6,000,000 rows at 50,000 rows/s`. */
export interface Estimate {
  readonly time: Phrase
  readonly basis?: Phrase
}

/** `name` is quoted, and qualified for a table. `own`: whether the role owns the table or is a member of its owner. */
export interface Privilege {
  readonly action: 'own' | 'references' | 'select' | 'insert' | 'create-in-schema'
  readonly name: string
}

/**
 * How a step fills the table in keyset batches, in ascending order of its primary key (without one, of its blocks), one
 * batch per transaction. `up` does the same in one DO block for psql; a runner that reports progress uses these.
 */
export interface Batch {
  /** Quoted, in key order; empty if the table has no primary key. */
  readonly keyColumns: readonly string[]
  /** The unquoted name of the filled column. */
  readonly column: string
  /** The value in SQL, in parentheses; null if each row gets its own value from elsewhere. */
  readonly value: string | null
  /** Whether `value` is the same for all rows of a batch. Then `next` returns it, and the journal records it. */
  readonly isOneValue: boolean
  /**
   * The size of the first batch: rows, or blocks if the table has no primary key. A runner adapts it to the time taken.
   */
  readonly size: number
  /** Returns one row, `cursor text[]`: where to begin; null if there is nothing to do. */
  readonly start: string
  /**
   * Takes `$1 text[]`, the cursor, and `$2 bigint`, the size; returns one row: `filled bigint`, the next `cursor
   * text[]` (null at the end), and `value text` if `isOneValue`.
   */
  readonly next: string
  /**
   * All rows in one statement, for a small table in a transaction with other steps; omitted if that is not possible.
   */
  readonly whole?: string
}
