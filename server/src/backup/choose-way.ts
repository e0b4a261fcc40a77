import type { BackupWay } from './backup-way'
import { BUILT_IN_WAY } from './built-in/built-in-way'
import { EXPORT_WAY } from './export/export-way'
import { chooseBackupTool } from './choose-backup-tool'
import { findPgDumps } from './native/find-pg-dumps'
import { nativeWay } from './native/native-way'
import type { Environment } from './environment'
import type { Survey } from './survey'

/** Looks for the programs of this machine, and takes the best way for the server. Throws where there is none, with the ways out. */
export async function chooseWay(given: {
  readonly survey: Survey
  readonly pgDumpPath?: string | null
  readonly environment: Environment
  readonly signal?: AbortSignal
  readonly programFolders?: readonly string[]
}): Promise<BackupWay> {
  const pgDumpPath = given.pgDumpPath ?? null
  const found = await findPgDumps({
    pgDumpPath,
    environment: given.environment,
    signal: given.signal,
    folders: given.programFolders,
  })
  const tool = chooseBackupTool({ found, server: given.survey, pgDumpPath })
  if (tool.kind === 'none') throw tool.error
  if (tool.kind === 'native') return nativeWay(tool.program)
  // PGlite's connections share one session, which COPY would keep to itself.
  return tool.kind === 'export' && !given.survey.isEmbedded ? EXPORT_WAY : BUILT_IN_WAY
}
