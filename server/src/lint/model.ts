import type { Severity } from '../audit/finding'
import type { DatabaseModel } from '../database/model'
import type { LintCode } from './codes'
import type { Phrase } from '../text/phrase'
import type { Script } from './script'
import type { Span } from './span'

/** One problem of a statement that a careful database administrator would not run as written. Plain data. */
export interface LintFinding {
  readonly code: LintCode
  readonly severity: Severity
  /** What the statement does, and its lock. One or two sentences. */
  readonly message: string
  /** The safe alternative; empty if there is none. */
  readonly advice: string
  /** Message and advice as phrases, for an editor in another language. */
  readonly phrases: readonly Phrase[]
  /** The place in the script. */
  readonly span: Span
  /** The statement, above which a comment can ignore the finding. */
  readonly statement: Span
  /** The safe rewrite, only if it is exact. */
  readonly fix: LintFix | null
}

export interface LintFix {
  /** `Build it CONCURRENTLY`. */
  readonly title: Phrase
  /** They do not overlap, and all refer to the same text. */
  readonly edits: readonly LintEdit[]
}

export interface LintEdit extends Span {
  readonly newText: string
}

/** Facts besides the script. All are optional: the checks are useful without a database too. */
export interface LintOptions {
  /**
   * Who runs the script. Prisma sends `migration.sql` as one message, which PostgreSQL runs as one transaction unless
   * it is a single statement; psql runs each statement separately.
   */
  readonly runner: 'prisma' | 'psql'
  /** The scripts that run before it, in that order: what they validate and create is known. */
  readonly before: readonly Script[]
  /** The catalog's latest snapshot. */
  readonly database: DatabaseModel | null
  /** Whether its table sizes are those of the target database. Those of a developer's own database are not. */
  readonly trustSizes: boolean
  /** Columns for which the policy requires a trigger. */
  readonly maintainedColumns: readonly MaintainedColumn[]
}

/** Names as in the database; `schema` is null if the Prisma schema has none. */
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
