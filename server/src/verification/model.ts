import type { Phrase } from '../text/phrase'

/** One query with its expected result. Plain data: the planner creates it, `runChecks` runs it. */
export interface Check {
  /** What it verifies, for a person: `User has the column updatedAt`. */
  readonly title: string
  /**
   * A SELECT (or, for a live test, statements that end in one) that anyone can run again in psql, without the last
   * semicolon. It returns one row with the column `found`, never NULL. A value that starts with `SKIPPED_PREFIX` means
   * that there was nothing to test, and why.
   */
  readonly sql: string
  /** The expected value of `found`, as text. */
  readonly expected: string
  /** `transaction`: runs inside a transaction that is rolled back, because it writes. */
  readonly mode: 'read' | 'transaction'
  /** The table that it writes to; omitted if it only reads. */
  readonly writes?: { readonly schema: string; readonly table: string }
  /**
   * The same with the journal of the run that it verifies, which knows more than the catalog; omitted if it does not.
   */
  readonly sqlWithJournal?: string
  /** The audit field that it verifies; omitted if it is not about one of a model. */
  readonly subject?: CheckSubject
}

export interface CheckSubject {
  /** Stable between verifications: `User.updatedAt/trigger`, `User/columns`. */
  readonly id: string
  readonly model: string
  /** The audit field; null if it is about all fields of the model. */
  readonly field: string | null
}

export const SKIPPED_PREFIX = 'skipped: '

export interface CheckResult {
  readonly check: Check
  readonly outcome: 'pass' | 'fail' | 'skipped'
  /** The value as text; the error message if the query failed; the reason if it was skipped. */
  readonly found: string
  /** The same for an editor's language; omitted if it is an answer to the check's query. */
  readonly words?: Phrase
}

export interface VerificationReport {
  readonly database: string
  readonly results: readonly CheckResult[]
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** The number of skipped checks that prove nothing because the role lacks a privilege. */
  readonly notProven?: number
}

/** A trigger whose text does not show whether it sets the column on every UPDATE. By the unquoted names. */
export interface UndecidedTrigger {
  readonly schema: string
  readonly table: string
  readonly trigger: string
  readonly column: string
}
