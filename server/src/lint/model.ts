import type { Severity } from '../audit/finding'
import type { DatabaseModel } from '../database/model'
import type { LintCode } from './codes'
import type { Script } from './script'
import type { Span } from './span'

/** One thing about a statement that a careful database administrator would not run as it is written. Plain data. */
export interface LintFinding {
  readonly code: LintCode
  readonly severity: Severity
  /** What the statement does, and with which lock. One or two sentences. */
  readonly message: string
  /** The safe way; empty where there is none. */
  readonly advice: string
  /** Where in the script. */
  readonly span: Span
  /** The statement it is about: where a comment that silences it belongs. */
  readonly statement: Span
  /** The safe rewrite, only where it is exact. */
  readonly fix: LintFix | null
}

export interface LintFix {
  /** `Build it CONCURRENTLY`. */
  readonly title: string
  /** They do not overlap, and all count from the same text. */
  readonly edits: readonly LintEdit[]
}

export interface LintEdit extends Span {
  readonly newText: string
}

/** What is known beside the script itself. All of it is optional: without a database the checks are still of use. */
export interface LintOptions {
  /**
   * Who runs the script. Prisma sends a whole `migration.sql` at once, which PostgreSQL runs as one transaction unless
   * it is a single statement; psql runs each statement by itself.
   */
  readonly runner: 'prisma' | 'psql'
  /** What is run before it, in that order: what it proves and makes is known. */
  readonly before: readonly Script[]
  /** The catalog's latest snapshot. */
  readonly database: DatabaseModel | null
  /** Do the sizes of its tables tell of the database that the script is meant for? A developer's own do not. */
  readonly trustSizes: boolean
  /** Columns that the policy wants a trigger to keep. */
  readonly maintainedColumns: readonly MaintainedColumn[]
}

/** Names as in the database; `schema` is null where the Prisma schema names none. */
export interface MaintainedColumn {
  readonly schema: string | null
  readonly table: string
  readonly column: string
}

export const NOTHING_KNOWN: LintOptions = {
  runner: 'prisma',
  before: [],
  database: null,
  trustSizes: false,
  maintainedColumns: [],
}
