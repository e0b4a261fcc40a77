import { withClient } from '../../database/connect'
import { childEnvironment } from '../../embedded/child-environment'
import { AuditError, messageLine } from '../../errors'
import { isAborted } from '../aborted'
import type { BackupReader, BackupScope, RefusedStatement } from '../backup-way'
import { describeTables, largeObjectsPhrase } from '../contents/describe-tables'
import type { DatabaseContents } from '../contents/model'
import { readContents } from '../contents/read-contents'
import { reasonInOneLine } from '../errors'
import { warningsOfTablespaces } from '../needs'
import { differencesOfContents, notCompared } from './compare-contents'
import { judgePartialLoad } from './judge-partial-load'
import { toRestoreError } from '../restore-errors'
import { openPlace, type Place, type PlaceRequest } from './restore-place'
import { within } from '../../signals'
import { firstOf } from '../../text/bounded-list'
import { inPlainEnglish, phrase, type Phrase } from '../../text/phrase'

export interface RestoreRehearsal extends PlaceRequest {
  readonly path: string
  readonly reader: BackupReader
  readonly scope: BackupScope['kind']
  /** The application's own test of the restored database: level 4. */
  readonly smoke?: SmokeTest | undefined
  /** For code of roles with fewer privileges, or of anyone. Default: ten minutes. */
  readonly longestMilliseconds?: number
}

export type SmokeTest = (url: string) => Promise<SmokeOutcome>

export interface SmokeOutcome {
  readonly outcome: 'passed' | 'failed' | 'not proven'
  /** A part of a sentence. */
  readonly detail: Phrase
}

export interface RehearsedRestore {
  /** `not proven`: the place could not load it, which says nothing about the backup. */
  readonly outcome: 'passed' | 'failed' | 'not proven'
  /** A part of a sentence. */
  readonly detail: Phrase
  /** Null if there is none, or if it was not reached. */
  readonly smoke: SmokeOutcome | null
}

/**
 * Restores a backup into an empty place, compares everything with the database's contents, and deletes it again. A
 * server that ends our sessions, or restarts meanwhile, does not cost the backup.
 */
export async function rehearseRestore(rehearsal: RestoreRehearsal): Promise<RehearsedRestore> {
  const place = await openPlace(rehearsal)
  if (!('close' in place)) return { outcome: 'not proven', detail: place, smoke: null }
  const outcome = await restoreInto(place, rehearsal).catch(async (error: unknown) => {
    await place.close().catch(() => undefined)
    throw error
  })
  const left = await place.close().then(
    () => '',
    (error: unknown) => phrase`; ${place.ifLeft}: ${reasonOf(error)}`,
  )
  return { ...outcome, detail: phrase`${outcome.detail}${left}` }
}

async function restoreInto(place: Place, rehearsal: RestoreRehearsal): Promise<RehearsedRestore> {
  try {
    if (place.because === null) return await restoreAndCompare(rehearsal, place)
    return await restoreWithinTime(rehearsal, place)
  } catch (error) {
    const reason = reasonOf(toRestoreError(error, place.url))
    if (isAborted(rehearsal.signal) || !LIES_IN_THE_PLACE.test(inPlainEnglish(reason))) throw error
    const detail = phrase`the restored backup could not be compared: ${reason}`
    return { outcome: 'not proven', detail, smoke: null }
  }
}

/** Code of others may never end, and must not keep a migration from its backup. */
async function restoreWithinTime(rehearsal: RestoreRehearsal, place: Place): Promise<RehearsedRestore> {
  const { longestMilliseconds = LONGEST, signal: ours } = rehearsal
  return await within(longestMilliseconds, [ours], async (signal) => {
    // A statement of the embedded server cannot be cancelled.
    signal.addEventListener('abort', () => void place.close(), { once: true })
    try {
      return await restoreAndCompare({ ...rehearsal, signal }, place)
    } catch (error) {
      if (!isAborted(signal) || isAborted(ours)) throw error
      const minutes = Math.ceil(longestMilliseconds / 60_000)
      const limit = minutes === 1 ? phrase`1 minute` : phrase`${minutes} minutes`
      const detail = phrase`the restore into ${place.words} took longer than ${limit}`
      return { outcome: 'not proven', detail, smoke: null }
    }
  })
}

const LONGEST = 600_000

async function restoreAndCompare(rehearsal: RestoreRehearsal, place: Place): Promise<RehearsedRestore> {
  const { path, reader, expected, signal, onProgress } = rehearsal
  // Our own environment's connection variables do not apply to the embedded server.
  const environment = place.isEmbedded ? childEnvironment(rehearsal.environment) : rehearsal.environment
  onProgress?.(phrase`Restoring the backup into ${place.words}`)
  let warnings: readonly (string | Phrase)[]
  const refused: RefusedStatement[] = []
  try {
    const { url, major: serverMajor, withoutOwners, missingTablespaces } = place
    const notes = await reader.restore({
      path,
      url,
      serverMajor,
      withoutOwners,
      withoutTablespaces: missingTablespaces.length > 0,
      withoutSubscriptions: true,
      atomic: false,
      force: false,
      environment,
      signal,
      onRefused: place.isEmbedded ? (statement) => void refused.push(statement) : undefined,
    })
    warnings = [...warningsOfTablespaces(missingTablespaces), ...notes.warnings]
  } catch (error) {
    if (isAborted(signal)) throw error
    const reason = reasonOf(toRestoreError(error, place.url))
    const outcome = place.isEmbedded || LIES_IN_THE_PLACE.test(inPlainEnglish(reason)) ? 'not proven' : 'failed'
    const detail = phrase`it does not restore into ${place.words}: ${reason}`
    return { outcome, detail, smoke: null }
  }
  const options = { environment, ...(signal === undefined ? {} : { signal }) }
  const found = await withClient(place.url, options, (client) =>
    readContents(client, (name, done, count) => onProgress?.(phrase`Comparing ${name} (${done + 1} of ${count})`)),
  )
  if (refused.length > 0) {
    const judged = judgePartialLoad({ expected: expected?.tables ?? null, loaded: found.tables, refused })
    return { ...judged, smoke: null }
  }
  const given = { scope: rehearsal.scope, withoutOwners: place.withoutOwners }
  const differences = expected === null ? [] : differencesOfContents(expected, found, given)
  if (differences.length > 0) return { outcome: 'failed', detail: phrase`${firstOf(differences, '; ')}`, smoke: null }
  const first = firstOf(warnings, '; ')
  const said =
    warnings.length < 2
      ? warnings.length === 0
        ? ''
        : phrase`; 1 warning: ${first}`
      : phrase`; ${warnings.length} warnings: ${first}`
  const smoke = await testRestored(rehearsal, place)
  const leftOut = expected === null ? null : notCompared(expected, found, given)
  const passedOver = leftOut === null ? '' : phrase`; not compared: ${leftOut}`
  const because = place.because === null ? '' : phrase`, because ${place.because}`
  const restored = describe(found, expected, rehearsal.scope)
  const detail = phrase`restored into ${place.words}${because}: ${restored}${passedOver}${said}`
  // It restores, but equality is not proven yet.
  return { outcome: expected === null ? 'not proven' : 'passed', detail, smoke }
}

async function testRestored(
  { smoke, scope }: RestoreRehearsal,
  { url, isEmbedded }: Place,
): Promise<SmokeOutcome | null> {
  if (smoke === undefined) return null
  if (scope !== 'database')
    return { outcome: 'not proven', detail: phrase`an application cannot work with a backup that has no rows` }
  // All connections of an embedded server share one session.
  if (isEmbedded)
    return { outcome: 'not proven', detail: phrase`the smoke test needs a scratch database on the server` }
  return await smoke(url)
}

function describe(found: DatabaseContents, expected: DatabaseContents | null, scope: BackupScope['kind']): Phrase {
  const held = expected ?? found
  const constraints = held.objects.filter(({ kind }) => kind === 'constraint').length
  const counted = constraints === 1 ? phrase`1 constraint` : phrase`${constraints} constraints`
  const objects = scope === 'structure' ? 0 : (held.largeObjects?.count ?? 0)
  const contents =
    objects === 0
      ? phrase`${describeTables(held, scope)} and ${counted}`
      : phrase`${describeTables(held, scope)}, ${counted} and ${largeObjectsPhrase(objects)}`
  return expected === null
    ? phrase`${contents}; the original contents were not recorded`
    : phrase`${contents}, equal to the database when it was backed up`
}

function reasonOf(error: unknown): Phrase {
  return error instanceof AuditError ? reasonInOneLine(error) : phrase`${messageLine(error)}`
}

/** Features that a place lacks or forbids say nothing about the backup. */
const LIES_IN_THE_PLACE =
  /permission denied|must be (?:owner|superuser|a member|able to)|extension "[^"]*" is not available|extension control file|superuser|No space left|out of shared memory|could not extend file|lock timeout|terminating connection|(?:role|subscription) "[^"]*" does not exist|Connection terminated|server closed|already exists in|too many (?:connections|clients)|connection slots|timeout expired|Connection refused|ECONNREFUSED|ECONNRESET|starting up|shutting down|recovery mode|deadlock detected/i
