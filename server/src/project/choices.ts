import path from 'node:path'
import { DEFAULT_SETTINGS, type Settings } from '../../../protocol/src/settings'
import type { SaidEnvironment } from '../database/environments'

/** The user's choices for a project, from settings or terminal options. */
export interface ProjectChoices {
  /** Where backups are written. Absolute; null: `backups` in the project. */
  readonly backupFolder: string | null
  /** A `pg_dump` to use before all others, or null. */
  readonly pgDumpPath: string | null
  /** Whether a migration writes its SQL into the project and records it in Prisma's history. */
  readonly writesMigrations: boolean
  /** An empty database to rehearse migrations in, or null for an embedded PostgreSQL. */
  readonly scratchUrl: string | null
  /** Whether the guided run rehearses the migration first. */
  readonly rehearsesFirst: boolean
  /** The environment of the database by a terminal option; null if none was given. */
  readonly environment: SaidEnvironment | null
}

export function choicesOfSettings(settings: Settings, root: string): Omit<ProjectChoices, 'environment'> {
  const { backupDirectory, pgDumpPath, migrationFiles, scratchDatabaseUrl, rehearse } = settings
  return {
    backupFolder: backupDirectory === '' ? null : path.resolve(root, backupDirectory),
    pgDumpPath: pgDumpPath === '' ? null : pgDumpPath,
    writesMigrations: migrationFiles,
    scratchUrl: scratchDatabaseUrl === '' ? null : scratchDatabaseUrl,
    rehearsesFirst: rehearse,
  }
}

export const DEFAULT_CHOICES: ProjectChoices = { ...choicesOfSettings(DEFAULT_SETTINGS, ''), environment: null }
