import path from 'node:path'
import { isAborted } from './aborted'
import { claimFile, retract } from './backup-file'
import { describeProgram, WHOLE_DATABASE, type BackupScope, type BackupWay } from './backup-way'
import { chooseWay, type AskToPull, type ChosenWay } from './choose-way'
import { replaceByEncrypted, requireRecipients } from './encryption/age'
import { dumpWithContents } from './dump-with-contents'
import { backupCancelled, diskTooSmall } from './errors'
import { folderNotEncrypted } from './encryption/errors'
import { backupDoesNotRestore, backupProofFailed } from './proof/errors'
import {
  describeEstimate,
  estimateBackup,
  freeBytes,
  isParallelOffered,
  isRestoredUnasked,
  type BackupEstimate,
} from './estimate'
import { withProof, type BackupLevel, type BackupManifest, type BackupProof } from './manifest/manifest'
import { writeManifest } from './manifest/manifest-file'
import { proveBackup, recorded } from './proof/prove-backup'
import type { SmokeTest } from './proof/rehearse-restore'
import { sampleRows } from './sample-rows'
import { resolveScope, type ResolvedScope } from './scope/resolve-scope'
import { surveyDatabase, type Survey } from './survey'
import { englishOrNull, inPlainEnglish, phrase, type Phrase } from '../text/phrase'
import type { EnvironmentVariables } from '../platform/environment-variables'

export interface BackUpOptions {
  readonly url: string
  /** Created if missing. */
  readonly directory: string
  /** The user's setting: a pg_dump or its folder. Null: find one. */
  readonly pgDumpPath?: string | null
  readonly environment: EnvironmentVariables
  readonly signal?: AbortSignal
  readonly onProgress?: (message: Phrase) => void
  readonly now: Date
  /** Where to look for pg_dump in addition to PATH, with `*` for any folder; by default, where installers put it. */
  readonly programFolders?: readonly string[]
  /** By default, the best one that this machine has. */
  readonly way?: BackupWay
  /** By default, the whole database. */
  readonly scope?: BackupScope
  /** The level of proof; default: 3 if a restore takes less than a minute and there is a place for it, otherwise 2. */
  readonly level?: BackupLevel
  /** The migration that the backup is made for. */
  readonly plan?: BackupManifest['plan']
  /** Whether a database may be created on the server for level 3; default: yes. */
  readonly mayUseServer?: boolean
  /** Recipients of age: the file is encrypted for them after its proof; omitted: no encryption. */
  readonly recipients?: readonly string[]
  /**
   * Connections that dump in parallel, into a folder of files instead of one file, if pg_dump itself is used; default:
   * 1.
   */
  readonly jobs?: number
  /** Asked before a PostgreSQL image is downloaded for its pg_dump; omitted: none is downloaded. */
  readonly mayPull?: AskToPull
  /** How long to wait for a table's lock; default: 15. */
  readonly lockWaitSeconds?: number
  /** Level 4. */
  readonly smoke?: SmokeTest | undefined
}

/** A backup that is on disk and proven. Plain data. */
export interface Backup {
  readonly path: string
  readonly bytes: number
  /** Hex; also in `<path>.sha256`, in the format of sha256sum. */
  readonly sha256: string
  /** `pg_dump 15.18 (/usr/bin/pg_dump)` or `built-in pg_dump 18.3`. */
  readonly tool: string
  /** Why no installed pg_dump was used; null if one was. */
  readonly toolReason: Phrase | null
  /** How it was proven that the backup can be restored, and what remains unproven. Part of a sentence. */
  readonly proof: string
  /** `custom` and `directory` are for pg_restore; `plain` is SQL. `restoreBackup` accepts all. */
  readonly format: BackupWay['format']
  /** The level that was reached. */
  readonly level: number
  /** Also in `<path>.json`. */
  readonly manifest: BackupManifest
}

/**
 * Backs up a database: with the best pg_dump of this machine or, if none is new enough, with the built-in one if the
 * database is small. The file gets its name only after it has been read back; failure and cancellation leave nothing
 * behind.
 *
 * @throws AuditError those of connecting; `backup-not-permitted`, `backup-row-security`, `backup-table-locked`,
 * `disk-full`, `backup-folder-not-writable`, `pg-dump-missing`, `backup-unreadable`, `backup-proof-failed`,
 * `backup-needs-pg-dump`, `backup-does-not-restore` (which keeps the file), `backup-scope-empty`, `backup-cancelled`,
 * `backup-failed`
 */
export async function backUp(options: BackUpOptions): Promise<Backup> {
  try {
    if (isAborted(options.signal)) throw backupCancelled()
    const { recipients = [], jobs = 1 } = options
    if (recipients.length > 0 && jobs > 1) throw folderNotEncrypted()
    await requireRecipients(recipients)
    const survey = await surveyDatabase(options.url, options)
    const { way, reason } =
      options.way === undefined ? await chooseWay({ ...options, survey }) : { way: options.way, reason: null }
    if (reason !== null) options.onProgress?.(reason)
    const { environment, signal, scope = WHOLE_DATABASE } = options
    const connect = { environment, ...(signal === undefined ? {} : { signal }) }
    const resolved = await resolveScope(scope, survey, options.url, connect)
    const server = options.mayUseServer === false ? null : placeOf(survey, options.url)
    const isEmbedded = server === null || survey.hasUntrustedOwners
    const level = options.level ?? defaultLevel(resolved, isEmbedded)
    const restoredInto = level < 3 || resolved.kind === 'tables' ? null : isEmbedded ? 'embedded' : 'server'
    const sample = await sampleRows(options.url, resolved, connect)
    requireSpace(options, resolved, way, estimateBackup(resolved, way.format, sample, restoredInto))
    return await backUpBy({ way, reason }, { ...options, scope: resolved, level, server }, survey)
  } catch (error) {
    throw isAborted(options.signal) ? backupCancelled() : error
  }
}

async function backUpBy(
  { way, reason }: ChosenWay,
  options: BackUpOptions & {
    readonly scope: ResolvedScope
    readonly level: BackupLevel
    readonly server: ReturnType<typeof placeOf>
  },
  survey: Survey,
): Promise<Backup> {
  const { signal, onProgress, environment, scope, level, server, recipients = [] } = options
  const started = Date.now()
  const file = claimFile(
    options.directory,
    survey.database,
    options.now,
    recipients.length > 0 && way.extension !== 'dir' ? `${way.extension}.age` : way.extension,
  )
  try {
    onProgress?.(phrase`Dumping ${survey.database} with ${way.tool.name}`)
    const contents = await dumpWithContents(way, options, survey, file.partialPath)
    const durationMilliseconds = Date.now() - started
    const needs = { roles: survey.grantees, owners: survey.owners, extensions: survey.extensions }
    const proofs = await proveBackup({
      ...{ path: file.partialPath, reader: way.reader, expected: contents, scope: scope.kind, level },
      ...{ server, databaseBytes: survey.bytes, needs, environment, signal, onProgress, smoke: options.smoke },
    })
    const broken = proofs.find(({ outcome, level: of }) => outcome === 'failed' && of < 4)
    const isKept = broken?.level === 3 && inPlainEnglish(broken.detail).startsWith('it does not restore')
    if (broken !== undefined && !isKept) throw backupProofFailed(file.partialPath, broken.detail)
    if (recipients.length > 0) {
      onProgress?.(phrase`Encrypting the backup`)
      await replaceByEncrypted(file.partialPath, recipients, signal)
    }
    const published = await file.publish()
    const manifest = proofs.map(recorded).reduce<BackupManifest>(withProof, {
      ...{
        formatVersion: 3,
        file: path.basename(published.path),
        format: way.format,
        bytes: published.bytes,
        sha256: published.sha256,
      },
      ...{
        createdAt: options.now.toISOString(),
        durationMilliseconds,
        tool: describeProgram(way.tool),
        toolReason: englishOrNull(reason),
        level: 0,
        proofs: [],
        restores: [],
      },
      database: {
        ...{ name: survey.database, oid: survey.identity.databaseOid, bytes: survey.bytes },
        ...{ systemIdentifier: survey.identity.systemIdentifier, serverVersion: survey.serverVersion },
        serverMajor: survey.serverMajor,
      },
      scope: { kind: scope.kind, tables: scope.names },
      ...{
        plan: options.plan ?? null,
        encryptedTo: [...recipients],
        needs,
        contents,
      },
    })
    try {
      writeManifest(published.path, manifest)
    } catch (error) {
      retract(published.path)
      throw error
    }
    if (broken !== undefined) throw backupDoesNotRestore(published.path, broken.detail)
    return {
      ...published,
      tool: describeProgram(way.tool),
      toolReason: reason,
      proof: describeProofs(proofs.map(recorded)),
      format: way.format,
      level: manifest.level,
      manifest,
    }
  } finally {
    file.discard()
  }
}

/** Null: in an embedded server. */
function placeOf(survey: Survey, url: string): { url: string; major: number; isSuperuser: boolean } | null {
  if (survey.isEmbedded || !survey.mayCreateDatabase) return null
  return { url, major: survey.serverMajor, isSuperuser: survey.isSuperuser }
}

/** Small databases are restored automatically; selected tables never are. */
function defaultLevel(scope: ResolvedScope, isEmbedded: boolean): BackupLevel {
  return scope.kind !== 'tables' && isRestoredUnasked(scope, isEmbedded) ? 3 : 2
}

/**
 * Reports the estimated size and time, and a faster option. Throws `disk-full` if not even a quarter of the estimate
 * fits.
 */
function requireSpace(
  { directory, recipients = [], onProgress }: BackUpOptions,
  scope: ResolvedScope,
  { format }: BackupWay,
  estimate: BackupEstimate,
): void {
  const { bytes } = estimate
  const free = freeBytes(directory)
  if (free !== null && free < bytes / 4) throw diskTooSmall(directory, { free, needed: bytes })
  const isOffered = isParallelOffered(scope, format) && recipients.length === 0
  onProgress?.(describeEstimate(estimate, free, isOffered))
}

/** The results of the levels tried, including what is not proven. */
export function describeProofs(proofs: readonly BackupProof[]): string {
  return proofs
    .filter(({ level }) => level !== 2 || proofs.at(-1)?.level === 2)
    .map(({ outcome, detail }) => (outcome === 'not proven' ? `NOT proven: ${detail}` : detail))
    .join('; ')
}
