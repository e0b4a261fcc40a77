import type { BackupWay } from './backup-way'
import { BUILT_IN_WAY } from './built-in/built-in-way'
import { EXPORT_WAY } from './export/export-way'
import { chooseBackupTool, type BackupTool } from './choose-backup-tool'
import { imageNotPulled } from './native/errors'
import { findContainer, pullImage } from './native/find-container'
import { findPgDumps, type PgDump } from './native/find-pg-dumps'
import { nativeWay } from './native/native-way'
import type { Survey } from './survey'
import type { EnvironmentVariables } from '../platform/environment-variables'

/** Looks for the programs of this machine, and takes the best way for the server. Throws where there is none, with the ways out. */
export async function chooseWay(given: {
  readonly survey: Survey
  readonly pgDumpPath?: string | null
  readonly environment: EnvironmentVariables
  readonly signal?: AbortSignal
  readonly programFolders?: readonly string[]
  readonly mayPull?: AskToPull
  /** Connections that dump at a time; only pg_dump itself has more than one. */
  readonly jobs?: number
}): Promise<BackupWay> {
  const { pgDumpPath = null, jobs = 1 } = given
  const found = await findPgDumps({
    pgDumpPath,
    environment: given.environment,
    signal: given.signal,
    folders: given.programFolders,
  })
  const tool = chooseBackupTool({ found, server: given.survey, pgDumpPath })
  if (tool.kind === 'native') return nativeWay(tool.program, jobs)
  if (pgDumpPath === null && !given.survey.isEmbedded) {
    const inContainer = await programInContainer(given, tool.kind)
    if (inContainer !== null) return nativeWay(inContainer, jobs)
  }
  if (tool.kind === 'none') throw tool.error
  // PGlite's connections share one session, which COPY would keep to itself.
  return tool.kind === 'export' && !given.survey.isEmbedded ? EXPORT_WAY : BUILT_IN_WAY
}

/** May an image be downloaded? `instead`: what is used otherwise; null: nothing can be. */
export type AskToPull = (offer: {
  readonly image: string
  readonly engine: string
  readonly instead: string | null
}) => Promise<boolean>

/** An image that is here is used; one is downloaded only for what the built-in pg_dump cannot do, and only when a person agrees. */
async function programInContainer(
  { survey, environment, signal, mayPull }: Parameters<typeof chooseWay>[0],
  otherwise: BackupTool['kind'],
): Promise<PgDump | null> {
  const { present, missing } = await findContainer(survey.serverMajor, { environment, signal })
  if (present !== null || missing === null || otherwise === 'built-in' || mayPull === undefined) return present
  const instead = otherwise === 'export' ? EXPORT_WAY.tool : null
  if (!(await mayPull({ image: missing.image, engine: missing.engine, instead }))) return null
  const pulled = await pullImage(missing, signal)
  if (typeof pulled === 'string') throw imageNotPulled(missing, pulled)
  return pulled
}
