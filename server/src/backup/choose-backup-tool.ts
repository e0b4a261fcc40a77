import type { AuditError } from '../errors'
import { BUILT_IN_VERSION, isNewerThanBuiltIn } from './built-in/version'
import { noPgDump, serverNewerThanBuiltIn } from './native/errors'
import { choosePgDump } from './native/choose-pg-dump'
import type { FoundPrograms, PgDump } from './native/find-pg-dumps'

/** The largest database that the built-in pg_dump takes on, as `pg_database_size` counts, in bytes: it keeps the dump in memory. */
export const BUILT_IN_LIMIT = 16 * 1024 * 1024

export type BackupTool =
  | { readonly kind: 'native'; readonly program: PgDump }
  | { readonly kind: 'built-in' }
  | { readonly kind: 'export' }
  | { readonly kind: 'none'; readonly error: AuditError }

/**
 * What backs the database up: the best pg_dump that is installed, else the built-in one for a small database of a server that is no
 * newer than itself, else our own export, whose structure the built-in one writes. No pg_dump reads a server of a newer
 * major version.
 */
export function chooseBackupTool(given: {
  readonly found: FoundPrograms
  readonly server: { readonly serverVersion: string; readonly serverMajor: number; readonly bytes: number }
  /** The user's setting, which nothing else stands in for. */
  readonly pgDumpPath: string | null
}): BackupTool {
  const { found, server, pgDumpPath } = given
  const { chosen, rejected } = choosePgDump(found, server.serverMajor)
  if (chosen !== null) return { kind: 'native', program: chosen }
  const isTooNew = isNewerThanBuiltIn(server.serverMajor)
  if (pgDumpPath === null && !isTooNew) return { kind: server.bytes <= BUILT_IN_LIMIT ? 'built-in' : 'export' }
  const { lookedIn } = found
  const error =
    pgDumpPath === null && isTooNew
      ? serverNewerThanBuiltIn({ ...server, builtInVersion: BUILT_IN_VERSION, rejected, lookedIn })
      : noPgDump({ survey: server, rejected, lookedIn, limit: BUILT_IN_LIMIT })
  return { kind: 'none', error }
}
