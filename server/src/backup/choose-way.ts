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

/**
 * Finds the programs of this machine and chooses the best way for the server. If there is none, throws an error with
 * the solutions.
 */
export async function chooseWay(given: {
  readonly survey: Survey
  readonly pgDumpPath?: string | null
  readonly environment: EnvironmentVariables
  readonly signal?: AbortSignal
  readonly programFolders?: readonly string[]
  readonly mayPull?: AskToPull
  /** Connections that dump in parallel; only pg_dump itself uses more than one. */
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
  // PGlite's connections share one session, which COPY would block.
  return tool.kind === 'export' && !given.survey.isEmbedded ? EXPORT_WAY : BUILT_IN_WAY
}

/** Whether an image may be downloaded. `instead`: what is used otherwise; null: nothing. */
export type AskToPull = (offer: {
  readonly image: string
  readonly engine: string
  readonly instead: string | null
}) => Promise<boolean>

/** A local image is used. One is downloaded only if the built-in pg_dump cannot do the work, and only with consent. */
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
