import type { BackupWay } from './backup-way'
import { BUILT_IN_WAY } from './built-in/built-in-way'
import { BUILT_IN_VERSION } from './built-in/version'
import { EXPORT_WAY } from './export/export-way'
import { BUILT_IN_LIMIT, chooseBackupTool, type BackupTool } from './choose-backup-tool'
import { imageNotPulled } from './native/errors'
import { findContainer, placeOfContainer, pullImage } from './native/find-container'
import { findPgDumps, type FoundPrograms, type PgDump } from './native/find-pg-dumps'
import { nativeWay } from './native/native-way'
import type { Survey } from './survey'
import { firstOf } from '../text/bounded-list'
import { phrase, type Phrase } from '../text/phrase'
import type { EnvironmentVariables } from '../platform/environment-variables'
import { sizeWords } from '../text/size-words'

export interface ChosenWay {
  readonly way: BackupWay
  /** Which programs were found, why none of them is used, and what is instead; null if one of them is used. */
  readonly reason: Phrase | null
}

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
}): Promise<ChosenWay> {
  const { pgDumpPath = null, jobs = 1 } = given
  const found = await findPgDumps({
    pgDumpPath,
    environment: given.environment,
    signal: given.signal,
    folders: given.programFolders,
  })
  const tool = chooseBackupTool({ found, server: given.survey, pgDumpPath })
  if (tool.kind === 'native') return { way: nativeWay(tool.program, jobs), reason: null }
  const missing = missingProgram(found, given.survey)
  if (pgDumpPath === null && !given.survey.isEmbedded) {
    const inContainer = await programInContainer(given, tool.kind, missing)
    if (inContainer !== null)
      return { way: nativeWay(inContainer, jobs), reason: phrase`${missing} Used instead: ${whereIs(inContainer)}.` }
  }
  if (tool.kind === 'none') throw tool.error
  const limit = sizeWords(BUILT_IN_LIMIT)
  if (tool.kind === 'built-in')
    return {
      way: BUILT_IN_WAY,
      reason: phrase`${missing} Used instead: the built-in pg_dump ${BUILT_IN_VERSION}, for databases up to ${limit}.`,
    }
  // PGlite's connections share one session, which COPY would block.
  if (given.survey.isEmbedded)
    return { way: BUILT_IN_WAY, reason: phrase`${missing} Used instead: the built-in pg_dump ${BUILT_IN_VERSION}.` }
  return {
    way: EXPORT_WAY,
    reason: phrase`${missing} Used instead: the export by COPY, because the built-in pg_dump is for databases up to ${limit}.`,
  }
}

function missingProgram({ programs, rejected }: FoundPrograms, { serverVersion, serverMajor }: Survey): Phrase {
  const found = [
    ...programs.map(({ path, version }) => `${path} (${version})`),
    ...rejected.map(({ path, reason }) => phrase`${path} ${reason}`),
  ]
  if (found.length === 0) return phrase`No pg_dump is installed.`
  const needed = String(serverMajor)
  return phrase`PostgreSQL ${serverVersion} needs pg_dump ${needed} or newer. Found: ${firstOf(found)}.`
}

/** Whether an image may be downloaded. `instead`: what is used otherwise; null: nothing. */
export type AskToPull = (offer: {
  readonly image: string
  readonly engine: string
  readonly instead: Phrase | string | null
  /** Which programs were found, and why none of them is used. */
  readonly missing: Phrase
}) => Promise<boolean>

/** A local image is used. One is downloaded only if the built-in pg_dump cannot do the work, and only with consent. */
async function programInContainer(
  { survey, environment, signal, mayPull }: Parameters<typeof chooseWay>[0],
  otherwise: BackupTool['kind'],
  reason: Phrase,
): Promise<PgDump | null> {
  const { present, missing } = await findContainer(survey.serverMajor, { environment, signal })
  if (present !== null || missing === null || otherwise === 'built-in' || mayPull === undefined) return present
  const instead = otherwise === 'export' ? EXPORT_WAY.tool.name : null
  if (!(await mayPull({ image: missing.image, engine: missing.engine, instead, missing: reason }))) return null
  const pulled = await pullImage(missing, signal)
  if (typeof pulled === 'string' || 'template' in pulled) throw imageNotPulled(missing, pulled)
  return pulled
}

function whereIs({ path, container }: PgDump): string | Phrase {
  return container === undefined ? path : placeOfContainer(container)
}
