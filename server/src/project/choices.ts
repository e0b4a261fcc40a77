import path from 'node:path'
import type { SaidEnvironment } from '../database/environments'
import type { ProjectSettings } from './model'

/** What the user has chosen for a project, by settings or by options of the terminal. */
export interface ProjectChoices {
  /** Where backups are written. Absolute; null: `backups` in the project. */
  readonly backupFolder: string | null
  /** A `pg_dump` to use before all others, or null. */
  readonly pgDumpPath: string | null
  /** Does a migration leave its SQL in the project, and record it in Prisma's history? */
  readonly writesMigrations: boolean
  /** An empty database to rehearse migrations in, or null for an embedded PostgreSQL. */
  readonly scratchUrl: string | null
  /** Does the guided run rehearse the migration first? */
  readonly rehearsesFirst: boolean
  /** What the database is, by an option of the terminal; null where none says it. */
  readonly environment: SaidEnvironment | null
}

export const DEFAULT_CHOICES: ProjectChoices = {
  backupFolder: null,
  pgDumpPath: null,
  writesMigrations: true,
  scratchUrl: null,
  rehearsesFirst: false,
  environment: null,
}

export function choicesOfSettings(settings: ProjectSettings, root: string): Omit<ProjectChoices, 'environment'> {
  const { backupDirectory, pgDumpPath, migrationFiles, scratchDatabaseUrl, rehearse } = settings
  return {
    backupFolder: backupDirectory === '' ? null : path.resolve(root, backupDirectory),
    pgDumpPath: pgDumpPath === '' ? null : pgDumpPath,
    writesMigrations: migrationFiles,
    scratchUrl: scratchDatabaseUrl === '' ? null : scratchDatabaseUrl,
    rehearsesFirst: rehearse,
  }
}
