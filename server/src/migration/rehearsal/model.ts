import type { CheckResult } from '../../verification/model'
import type { EnvironmentVariables } from '../../platform/environment-variables'
import type { Phrase } from '../../text/phrase'

/**
 * What a rehearsal ran, found and could not prove. Plain data: created by `rehearseMigration`, shown by
 * `renderRehearsal`.
 */
export interface RehearsalReport {
  readonly outcome: 'passed' | 'failed'
  readonly place: RehearsalPlace
  /** `15.18`: the version of the real database. */
  readonly databaseVersion: string
  readonly structure: {
    /** The number of loaded statements of the dump. */
    readonly loaded: number
    readonly notLoaded: readonly NotLoaded[]
  }
  /** Generated rows per table, so that steps that fill and validate have something to do. */
  readonly rows: readonly GeneratedRows[]
  readonly steps: readonly RehearsedStep[]
  /** Up, down, up again, down again, in this order; without those after a failure. */
  readonly passes: readonly RehearsedPass[]
  /** The plan's own checks after the first up; empty if it failed. */
  readonly checks: readonly CheckResult[]
  /** The structure after the first down compared with the original; null if it was not reached. */
  readonly wayBack: StructureComparison | null
  /** What failed; empty if the rehearsal passed. */
  readonly failures: readonly RehearsalFailure[]
  /** What the rehearsal does not prove, one sentence each. */
  readonly notProven: readonly Phrase[]
  readonly milliseconds: RehearsalTimes
}

export interface RehearsalPlace {
  /** `embedded`: PGlite in a child process. `scratch`: a database that the user provided. */
  readonly kind: 'embedded' | 'scratch'
  /** `an embedded PostgreSQL`, or the scratch database and its host. */
  readonly label: Phrase
  /** `18.3`. */
  readonly serverVersion: string
}

/** The database in which a migration is rehearsed. */
export interface Place extends RehearsalPlace {
  readonly url: string
  /** For connections. The embedded server's omits the PG… variables, which are for the user's servers. */
  readonly environment: EnvironmentVariables
}

/** A statement of the structure that the server rejected. */
export interface NotLoaded {
  /** `EXTENSION postgis`, `TABLE public.Place`: as pg_dump names it. */
  readonly name: string
  /** The server's message. */
  readonly reason: string
}

export interface GeneratedRows {
  /** Quoted and qualified. */
  readonly table: string
  readonly rows: number
  /** Why it has none; null if it has some. */
  readonly reason: string | Phrase | null
}

export interface RehearsedStep {
  readonly id: string
  readonly title: string
  /**
   * `already there`: its check passed before it ran, so it was not run, as in a real run. `skipped`: not rehearsed, for
   * the reason in `notProven`. `not reached`: a failure came before it.
   */
  readonly outcome: 'passed' | 'failed' | 'already there' | 'skipped' | 'not reached'
  /** What the plan declares. */
  readonly claimed: { readonly mode: string; readonly tables: readonly string[]; readonly rewrites: boolean }
  readonly up: readonly RehearsedStatement[]
  readonly down: readonly RehearsedStatement[]
}

export interface RehearsedStatement {
  readonly sql: string
  /** Those that it added, on relations that existed before the plan; null if they could not be observed. */
  readonly locks: readonly ObservedLock[] | null
  /** Quoted, qualified names of rewritten tables and indexes. */
  readonly rewrites: readonly string[]
}

export interface ObservedLock {
  /** Quoted and qualified; a lock on an index counts as one on its table. */
  readonly table: string
  /** The strongest lock, as PostgreSQL names it: `ACCESS EXCLUSIVE`. */
  readonly mode: string
}

export type PassName = 'up' | 'down' | 'up again' | 'down again'

export interface RehearsedPass {
  readonly name: PassName
  readonly outcome: 'passed' | 'failed'
  readonly milliseconds: number
}

export interface StructureComparison {
  /** Null if the structure is unchanged. */
  readonly difference: StructureDifference | null
}

/** The first object that differs between two dumps. */
export interface StructureDifference {
  /** As pg_dump names it: `TABLE public.User`. */
  readonly object: string | Phrase
  /** The first line that differs; empty if there is no such object. */
  readonly before: string
  readonly after: string
}

export interface RehearsalFailure {
  readonly kind: 'statement' | 'verification' | 'lock' | 'rewrite' | 'structure' | 'check'
  readonly pass: PassName
  /** Null if it does not belong to a single step. */
  readonly stepId: string | null
  /** A sentence, or what the server said. */
  readonly message: string | Phrase
  /** The statement that failed, or null. */
  readonly sql: string | null
}

/** Milliseconds. */
export interface RehearsalTimes {
  /** Until the database was ready: starting the embedded server, or checking the scratch database. */
  readonly startUp: number
  /** Dumping the real database's structure, concurrently with the start. */
  readonly dump: number
  /** Everything after both: loading, generating rows, up, down, up, down, comparing. */
  readonly rehearsal: number
  readonly total: number
}
