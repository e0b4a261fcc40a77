import type { AuditError } from '../errors'
import { BUILT_IN_VERSION, isNewerThanBuiltIn } from './built-in/version'
import { noPgDump, serverNewerThanBuiltIn } from './native/errors'
import { choosePgDump } from './native/choose-pg-dump'
import type { FoundPrograms, PgDump } from './native/find-pg-dumps'

/** The largest database for the built-in pg_dump, in bytes of `pg_database_size`: it keeps the dump in memory. */
export const BUILT_IN_LIMIT = 16 * 1024 * 1024

export type BackupTool =
  | { readonly kind: 'native'; readonly program: PgDump }
  | { readonly kind: 'built-in' }
  | { readonly kind: 'export' }
  | { readonly kind: 'none'; readonly error: AuditError }

/**
 * Chooses the tool for the backup: the best installed pg_dump; otherwise the built-in one, for a small database on a
 * server that is not newer; otherwise our own export, with the structure from the built-in one. No pg_dump reads a
 * server of a newer major version.
 */
export function chooseBackupTool(given: {
  readonly found: FoundPrograms
  readonly server: { readonly serverVersion: string; readonly serverMajor: number; readonly bytes: number }
  /** The user's setting, which has no fallback. */
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
