import type { BackupWay } from './backup-way'
import { BUILT_IN_WAY } from './built-in/built-in-way'
import { chooseBackupTool } from './choose-backup-tool'
import { findPgDumps } from './native/find-pg-dumps'
import { nativeWay } from './native/native-way'
import type { BackUpOptions } from './back-up'
import type { Survey } from './survey'

/** Looks for the programs of this machine, and takes the best way for the server. Throws where there is none, with the ways out. */
export async function chooseWay(
  given: Pick<BackUpOptions, 'pgDumpPath' | 'environment' | 'signal' | 'programFolders'> & { readonly survey: Survey },
): Promise<BackupWay> {
  const pgDumpPath = given.pgDumpPath ?? null
  const found = await findPgDumps({
    pgDumpPath,
    environment: given.environment,
    signal: given.signal,
    folders: given.programFolders,
  })
  const tool = chooseBackupTool({ found, server: given.survey, pgDumpPath })
  if (tool.kind === 'none') throw tool.error
  return tool.kind === 'native' ? nativeWay(tool.program) : BUILT_IN_WAY
}
