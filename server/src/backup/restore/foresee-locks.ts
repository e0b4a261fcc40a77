import type { DatabaseClient } from '../../database/connect'
import type { ObjectKind } from '../contents/model'
import type { BackupManifest } from '../manifest/manifest'
import foreseenLocks from './foreseen-locks.sql'

export interface ForeseenLocks {
  /** At least: what the database has and what the manifest records, as far as each certainly takes a lock. */
  readonly needed: number
  /** What the settings promise. */
  readonly promised: number
  /** `fails`: more than a server with these settings has ever room for. */
  readonly outlook: 'fits' | 'may fail' | 'fails'
}

/**
 * The locks of the transaction that replaces a database: it drops all objects and creates those of the backup, and
 * PostgreSQL keeps a lock on each until the end.
 */
export async function foreseeLocks(client: DatabaseClient, manifest: BackupManifest | null): Promise<ForeseenLocks> {
  const { rows } = await client.query<{ objects: number; large_objects: number; promised: number }>(foreseenLocks)
  const { objects = 0, large_objects: present = 0, promised = Number.POSITIVE_INFINITY } = rows[0] ?? {}
  const contents = manifest?.contents ?? null
  const created = (contents?.objects ?? []).filter(({ kind }) => RELATIONS.has(kind)).length
  // One of the same number is locked once.
  const needed = objects + created + Math.max(present, contents?.largeObjects?.count ?? 0)
  if (needed <= promised) return { needed, promised, outlook: 'fits' }
  return { needed, promised, outlook: needed <= MOST_USED * promised + SPARE ? 'may fail' : 'fails' }
}

/** Servers of 15 and 18 with 10 to 500 connections held 1.5 to 2.2 times what the settings promise, the small ones most. */
const MOST_USED = 2
const SPARE = 1000

const RELATIONS: ReadonlySet<ObjectKind> = new Set(['table', 'view', 'materialized view', 'sequence', 'index'])
