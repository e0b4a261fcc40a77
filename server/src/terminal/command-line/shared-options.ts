import { Option } from 'commander'
import { SAID_ENVIRONMENTS } from '../../database/environments'
import { backupLevel } from '../output-formats'

export function format(formats: readonly string[], fallback: string): Option {
  return new Option('--format <format>', 'how to print the result').choices(formats).default(fallback)
}

export const LANGUAGES = ['typescript', 'javascript'] as const

/** For a remote database; without it, the stored answer applies. */
export function environment(): Option {
  return new Option('--environment <environment>', 'the environment of a remote database').choices(SAID_ENVIRONMENTS)
}

export const CONFIRM_DATABASE = [
  '--confirm-database <name>',
  'the name of the database, to confirm without a terminal',
] as const

/** It works without a policy, too. */
export const DRIFT = ['--drift', 'also plan everything else that is missing in the database', false] as const
export const REPLAY = [
  '--replay',
  'compare with the migrations, replayed in an embedded PostgreSQL, instead of a database',
  false,
] as const
export const REPORT = ['--report <format=file>', 'also write the result to a file in this format (repeatable)'] as const
export const PATHS_FROM = ['--paths-from <folder>', 'show paths relative to this folder (default: --cwd)'] as const
export const LEAVE_KEPT_VALUES = [
  '--leave-kept-values',
  'do not restore values that a rollback preserved',
  false,
] as const
export const VERBOSE = ['--verbose', 'show the whole plan before asking, not only a summary', false] as const
export const SQL = ['--sql', 'show the SQL of every check, not only of failed ones', false] as const
export const LEVEL = [
  '--level <level>',
  'how far to verify it: 1 readable, 2 complete, 3 restored, 4 smoke test (default: 3 if that takes under a minute)',
  backupLevel,
] as const
export const NO_FILES = ['--no-files', "write no SQL files and no entries in Prisma's history"] as const

export const NO_APPLICATION = ['--no-application', "do not edit the application's code"] as const
