/** One query with its expected result. Plain data: the planner writes it, `runChecks` runs it. */
export interface Check {
  /** What is proven, in the words of a person: `User has the column updatedAt`. */
  readonly title: string
  /**
   * A SELECT (or, for a live proof, statements that end in one) that anyone can run again in psql, without the last
   * semicolon. It answers one row with the column `found`, never NULL. A value that begins with `SKIPPED_PREFIX` says
   * that there was nothing to prove it on, and why.
   */
  readonly sql: string
  /** What `found` must be, as text. */
  readonly expected: string
  /** `transaction`: run inside a transaction that is rolled back, since it writes to prove something. */
  readonly mode: 'read' | 'transaction'
  /** What of the schema it proves; left out where that is no audit field of a model. */
  readonly subject?: CheckSubject
}

export interface CheckSubject {
  /** Stays the same from one verification to the next: `User.updatedAt/trigger`, `User/columns`. */
  readonly id: string
  readonly model: string
  /** The audit field; null where it is about all of the model's. */
  readonly field: string | null
}

export const SKIPPED_PREFIX = 'skipped: '

export interface CheckResult {
  readonly check: Check
  readonly outcome: 'pass' | 'fail' | 'skipped'
  /** What was found, as text; the error's sentence where the query failed; the reason where it was skipped. */
  readonly found: string
}

export interface VerificationReport {
  readonly database: string
  readonly results: readonly CheckResult[]
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** Of those that were skipped: how many prove nothing because the role may not read what they ask. */
  readonly notProven?: number
}
