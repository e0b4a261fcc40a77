import fs from 'node:fs'
import { AuditError } from '../errors'
import { isAborted } from './aborted'
import { sizeOfBackup } from './backup-file'
import { likelyDatabaseBytes } from './estimate'
import { reasonInOneLine } from './errors'
import { restoreCancelled } from './restore/errors'
import { withProof, type BackupLevel, type BackupManifest, type BackupProof } from './manifest/manifest'
import { readManifest, writeManifest } from './manifest/manifest-file'
import { openReader, requireBackupFile } from './open-reader'
import { proveBackup, recorded } from './proof/prove-backup'
import type { SmokeTest } from './proof/rehearse-restore'
import { verifyChecksum } from './verify-checksum'
import { surveyServer } from './survey'
import { inPlainEnglish, phrase, type Phrase } from '../text/phrase'
import type { EnvironmentVariables } from '../platform/environment-variables'

export interface VerifyBackupOptions {
  readonly path: string
  readonly level: BackupLevel
  /**
   * A server that allows a scratch database for the restore of a backup whose manifest records its contents; null: an
   * embedded one, as for all others.
   */
  readonly url: string | null
  readonly pgDumpPath?: string | null
  readonly environment: EnvironmentVariables
  readonly signal?: AbortSignal
  readonly onProgress?: (message: Phrase) => void
  readonly programFolders?: readonly string[]
  readonly smoke?: SmokeTest | undefined
}

export interface VerifiedBackup {
  readonly path: string
  /** Null for a backup without one; then its proofs are not saved either. */
  readonly manifest: BackupManifest | null
  readonly checksum: 'verified' | 'absent' | 'differs'
  /** The proofs tried now. */
  readonly proofs: readonly BackupProof[]
  /** The level reached now; 0: none. */
  readonly level: number
}

/**
 * Proves a backup on disk, and writes the outcome into its manifest. A damaged one loses its levels.
 *
 * @throws AuditError `backup-missing`, `file-refused`, `manifest-invalid`, `checksum-unreadable`, `pg-restore-missing`,
 * those of connecting
 */
export async function verifyBackup(options: VerifyBackupOptions): Promise<VerifiedBackup> {
  const { path, level, url, environment, signal, onProgress } = options
  requireBackupFile(path)
  const manifest = readManifest(path)
  const keep = (proofs: readonly BackupProof[]): BackupManifest | null => {
    if (manifest === null) return null
    const next = proofs.reduce(withProof, manifest)
    writeManifest(path, next)
    return next
  }
  const expected = manifest?.contents ?? null
  // Without its contents it is not restored on a server.
  const isForServer = level >= 3 && expected !== null
  const server = url === null || !isForServer ? null : await surveyServer(url, { environment, signal })
  const place = server?.mayCreateDatabase === true && url !== null ? { ...server, url } : null
  const needs = manifest?.needs ?? { roles: [], owners: [], extensions: [] }
  let checksum: VerifiedBackup['checksum'] | null = null
  try {
    onProgress?.(phrase`Checking the backup`)
    checksum = await verifyChecksum(path)
    const reader = await openReader(path, { ...options, serverMajor: place?.major ?? 0 })
    const scope = manifest?.scope.kind ?? 'database'
    const tried = await proveBackup({
      ...{ path, reader, expected, scope, level, server: place, needs, environment },
      databaseBytes: manifest?.database.bytes ?? likelyDatabaseBytes(sizeOfBackup(path), reader.format),
      ...{ signal, onProgress, smoke: options.smoke },
    })
    const proofs = tried.map(recorded)
    const reached = proofs.filter(({ outcome }) => outcome === 'passed').at(-1)?.level ?? 0
    return { path, manifest: keep(proofs), checksum, proofs, level: reached }
  } catch (error) {
    if (isAborted(signal)) throw restoreCancelled()
    if (!(error instanceof AuditError) || !DAMAGED.has(error.code) || !fs.existsSync(path)) throw error
    // Nothing indicates that it ever was a backup of ours, so its own next step is the right one.
    if (manifest === null && error.code === 'backup-unknown-format') throw error
    const failed: BackupProof = {
      ...{ level: 1, outcome: 'failed', at: new Date().toISOString(), milliseconds: 0 },
      detail: `${error.message} ${inPlainEnglish(reasonInOneLine(error))}`,
    }
    // The checksums are compared before the file's format is detected.
    checksum ??= error.code === 'backup-changed' ? 'differs' : 'verified'
    return { path, manifest: keep([failed]), checksum, proofs: [failed], level: 0 }
  }
}

/** Errors that mean that the file is not the original backup. */
const DAMAGED: ReadonlySet<string> = new Set(['backup-unreadable', 'backup-changed', 'backup-unknown-format'])
