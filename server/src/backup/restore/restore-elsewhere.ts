import { randomBytes } from 'node:crypto'
import { withClient, type DatabaseClient } from '../../database/connect'
import { describeUrl } from '../../database/describe-url'
import { isTransactionPooled } from '../../database/transaction-pooler'
import { quoteIdentifier } from '../../database/quote'
import { AuditError } from '../../errors'
import type { Phrase } from '../../text/phrase'
import { poolerKeepsSettings } from '../errors'
import { urlOfDatabase } from '../create-database'
import { databaseNameTaken, newDatabaseImpossible } from './errors'
import type { BackupManifest } from '../manifest/manifest'
import { readManifest, writeManifest } from '../manifest/manifest-file'
import { describeMissing, findMissingNeeds } from '../needs'
import { createScratchDatabase } from '../scratch-database'
import { loadBackup, restoreError, type Restored, type RestoreOptions } from './restore-backup'

export interface RestoredElsewhere extends Restored {
  /** The new database. */
  readonly database: string
  /** SQL that replaces the old database with it; shown, never run. */
  readonly swap: readonly string[]
}

/**
 * Restores into a new database on the server of the URL. It gets its name when it is complete, so that nobody takes a
 * part for it; on failure it is dropped, and by the next restore if this process is killed.
 *
 * @throws AuditError those of `restoreBackup` (`transaction-pooler` before it is created); `restore-target-exists`, `restore-database-impossible`
 */
export async function restoreIntoNewDatabase(
  options: Omit<RestoreOptions, 'force'> & { readonly database: string },
): Promise<RestoredElsewhere> {
  const { url, database, environment, signal } = options
  const newUrl = urlOfDatabase(url, database)
  if (newUrl === null)
    throw newDatabaseImpossible(database, 'The connection URL cannot be changed to another database.')
  await withClient(url, { environment, ...(signal === undefined ? {} : { signal }) }, async (client) => {
    if (await isTransactionPooled(client, url, environment)) throw poolerKeepsSettings(describeUrl(url).named)
    await requireFreeName(client, database)
  })
  const scratch = await createScratchDatabase(url, { environment, signal }).catch((error: unknown) => {
    signal?.throwIfAborted()
    throw newDatabaseImpossible(database, error instanceof AuditError ? error.cause : error)
  })
  try {
    const restored = await loadBackup({ ...options, url: scratch.url, atomic: false })
    await scratch.rename(database).catch(async (error: unknown) => {
      await withClient(url, { environment }, (client) => requireFreeName(client, database))
      throw newDatabaseImpossible(database, error)
    })
    return { ...restored, database, swap: swapOf(describeUrl(url).database, database) }
  } catch (error) {
    await scratch.drop().catch(() => undefined)
    throw restoreError(error, options, newUrl)
  }
}

async function requireFreeName(client: DatabaseClient, database: string): Promise<void> {
  const { rowCount } = await client.query(
    'SELECT FROM pg_catalog.pg_database AS d WHERE d.datname::pg_catalog.text OPERATOR(pg_catalog.=) $1',
    [database],
  )
  if (rowCount !== 0) throw databaseNameTaken(database)
}

/** `app_restored_20260131t120000`, with the database's name truncated to fit. */
export function nameOfRestored(database: string, now: Date): string {
  const suffix = `_restored_${now
    .toISOString()
    .replace(/[-:]|\.\d+Z/g, '')
    .toLowerCase()}`
  let name = database
  while (Buffer.byteLength(name + suffix) > 63) name = Array.from(name).slice(0, -1).join('')
  return name + suffix
}

/** What a backup needs and a server lacks, in words; null if nothing is missing or if the needs are unknown. */
export async function missingForRestore(
  manifest: BackupManifest | null,
  { url, environment, signal }: Pick<RestoreOptions, 'url' | 'environment' | 'signal'>,
): Promise<Phrase | null> {
  if (manifest === null) return null
  const connect = { environment, ...(signal === undefined ? {} : { signal }) }
  return describeMissing(await withClient(url, connect, (client) => findMissingNeeds(client, manifest.needs)))
}

/** Records in the manifest that and where it was restored: we never delete such a backup. */
export function noteRestore(file: string, database: string, now: Date): BackupManifest | null {
  const manifest = readManifest(file)
  if (manifest === null) return null
  const restores = [...manifest.restores.slice(-900), { at: now.toISOString(), database }]
  writeManifest(file, { ...manifest, restores })
  return { ...manifest, restores }
}

function swapOf(old: string, restored: string): string[] {
  const kept = `${Array.from(old).slice(0, 40).join('')}_old_${randomBytes(3).toString('hex')}`
  return [
    `ALTER DATABASE ${quoteIdentifier(old)} RENAME TO ${quoteIdentifier(kept)};`,
    `ALTER DATABASE ${quoteIdentifier(restored)} RENAME TO ${quoteIdentifier(old)};`,
  ]
}
