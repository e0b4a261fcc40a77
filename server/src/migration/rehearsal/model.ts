import type { CheckResult } from '../../verification/model'
import type { EnvironmentVariables } from '../../platform/environment-variables'

/** What a rehearsal did, found and could not prove. Plain data, made by `rehearseMigration`, shown by `renderRehearsal`. */
export interface RehearsalReport {
  readonly outcome: 'passed' | 'failed'
  readonly place: RehearsalPlace
  /** `15.18`: of the real database. */
  readonly databaseVersion: string
  readonly structure: {
    /** Statements of the dump that the place took. */
    readonly loaded: number
    readonly notLoaded: readonly NotLoaded[]
  }
  /** The rows that were made up, table by table, so that the steps that fill and validate have work to do. */
  readonly rows: readonly GeneratedRows[]
  readonly steps: readonly RehearsedStep[]
  /** Up, down, up again, down again, in that order; those that came after a failure are missing. */
  readonly passes: readonly RehearsedPass[]
  /** The plan's own checks after the first way up; empty where it broke off. */
  readonly checks: readonly CheckResult[]
  /** The structure after the first way down against the one before; null where it was not reached. */
  readonly wayBack: StructureComparison | null
  /** What went wrong; empty where the rehearsal passed. */
  readonly failures: readonly RehearsalFailure[]
  /** What the rehearsal does not prove, each a sentence. */
  readonly notProven: readonly string[]
  readonly milliseconds: RehearsalTimes
}

export interface RehearsalPlace {
  /** `embedded`: PGlite in a process of its own. `scratch`: the database that the user gave for it. */
  readonly kind: 'embedded' | 'scratch'
  /** `an embedded PostgreSQL`, or the scratch database and its host. */
  readonly label: string
  /** `18.3`. */
  readonly serverVersion: string
}

/** Where a migration is rehearsed. */
export interface Place extends RehearsalPlace {
  readonly url: string
  /** For connecting. Of the embedded server it lacks the PG… variables, which mean the user's servers. */
  readonly environment: EnvironmentVariables
}

/** A statement of the structure that the place refused. */
export interface NotLoaded {
  /** `EXTENSION postgis`, `TABLE public.Place`: as pg_dump names it. */
  readonly name: string
  /** The place's own words. */
  readonly reason: string
}

export interface GeneratedRows {
  /** Quoted and qualified. */
  readonly table: string
  readonly rows: number
  /** Why there are none; null where there are. */
  readonly reason: string | null
}

export interface RehearsedStep {
  readonly id: string
  readonly title: string
  /**
   * `already there`: its proof held before it ran, so it was not run, as in a real run. `skipped`: not rehearsed, for the
   * reason that `notProven` gives. `not reached`: a failure came before it.
   */
  readonly outcome: 'passed' | 'failed' | 'already there' | 'skipped' | 'not reached'
  /** What the plan says that it does. */
  readonly claimed: { readonly mode: string; readonly tables: readonly string[]; readonly rewrites: boolean }
  readonly up: readonly RehearsedStatement[]
  readonly down: readonly RehearsedStatement[]
}

export interface RehearsedStatement {
  readonly sql: string
  /** Those that it added, on relations that were there before the plan; null where they could not be looked at. */
  readonly locks: readonly ObservedLock[] | null
  /** Quoted, qualified names of tables and indexes that were rewritten. */
  readonly rewrites: readonly string[]
}

export interface ObservedLock {
  /** Quoted and qualified; the lock on an index counts as one on its table. */
  readonly table: string
  /** In PostgreSQL's words: `ACCESS EXCLUSIVE`. The strongest that was held. */
  readonly mode: string
}

export type PassName = 'up' | 'down' | 'up again' | 'down again'

export interface RehearsedPass {
  readonly name: PassName
  readonly outcome: 'passed' | 'failed'
  readonly milliseconds: number
}

export interface StructureComparison {
  /** Null where the structure is what it was. */
  readonly difference: StructureDifference | null
}

/** The first object that is not the same in two dumps. */
export interface StructureDifference {
  /** As pg_dump names it: `TABLE public.User`. */
  readonly object: string
  /** The first line in which it differs; empty where there is no such object. */
  readonly before: string
  readonly after: string
}

export interface RehearsalFailure {
  readonly kind: 'statement' | 'verification' | 'lock' | 'rewrite' | 'structure' | 'check'
  readonly pass: PassName
  /** Null where it is no single step's. */
  readonly stepId: string | null
  /** A sentence for a person. */
  readonly message: string
  /** The statement that did it, or null. */
  readonly sql: string | null
}

/** Milliseconds. */
export interface RehearsalTimes {
  /** Until the place was there: starting the embedded server, or looking at the scratch database. */
  readonly startUp: number
  /** Dumping the real database's structure; it runs beside the start-up. */
  readonly dump: number
  /** Everything after both: load, make rows, up, down, up, down, compare. */
  readonly rehearsal: number
  readonly total: number
}
