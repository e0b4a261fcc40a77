import type { Step } from './model'

/** The SQL that a run would write into the project, for display. */
export interface PlannedHistory {
  /**
   * `prisma`: Prisma's own history, on disk and in the database. `plain`: scripts for psql. `none`: by the user's
   * choice.
   */
  readonly form: 'prisma' | 'plain' | 'none'
  /** For display: relative, with slashes. */
  readonly folder: string
  /** Names of folders, in order; the run replaces the time in them with its own. */
  readonly migrations: readonly string[]
  /** Those of the run: of the plan and, in Prisma's history, of the records. */
  readonly steps: readonly Step[]
}
