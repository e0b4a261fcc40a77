/** What a run would leave of its SQL in the project, for people and for `plan --format json`. */
export interface PlannedHistory {
  /** `prisma`: Prisma's own history, on the disk and in the database. `plain`: scripts for psql. `none`: as the user chose. */
  readonly form: 'prisma' | 'plain' | 'none'
  /** As it is shown: relative, with slashes. */
  readonly folder: string
  /** Names of folders, in their order; the time in them is that of the run. */
  readonly migrations: readonly string[]
}
