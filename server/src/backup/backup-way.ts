import type { Survey } from './survey'
import { inPlainEnglish, type Phrase } from '../text/phrase'
import type { EnvironmentVariables } from '../platform/environment-variables'

/** The part of a database that is backed up. */
export interface BackupScope {
  readonly kind: 'database' | 'tables' | 'structure'
  /** Of `tables`: unquoted names. */
  readonly tables: readonly { readonly schema: string; readonly table: string }[]
}

export const WHOLE_DATABASE: BackupScope = { kind: 'database', tables: [] }

/** What makes or reads a backup. */
export interface BackupProgram {
  /** `pg_dump 15.18`. */
  readonly name: Phrase | string
  /** The file or image that it is from; null if it is built in. */
  readonly path: string | null
}

/** As manifests have it: `pg_dump 15.18 (/usr/bin/pg_dump)`. */
export function describeProgram({ name, path }: BackupProgram): string {
  const words = typeof name === 'string' ? name : inPlainEnglish(name)
  return path === null ? words : `${words} (${path})`
}

/** A way to make a backup: pg_dump, the built-in one, or our own export. */
export interface BackupWay {
  readonly format: BackupFormat
  readonly tool: BackupProgram
  readonly extension: 'dump' | 'dir' | 'sql' | 'sql.gz'
  /**
   * Writes the backup into an existing, empty file or folder (`dir`).
   *
   * @throws AuditError those of connecting and of `toDumpError`; the file may then be incomplete
   */
  dump(request: DumpRequest): Promise<void>
  /** Of the file that this way writes. */
  readonly reader: BackupReader
}

/** `directory` is a folder of files, which pg_dump writes with several connections. */
export type BackupFormat = 'custom' | 'directory' | 'plain' | 'export'

export interface DumpRequest {
  readonly url: string
  readonly survey: Survey
  readonly outputPath: string
  readonly scope: BackupScope
  /** From `pg_export_snapshot`; null if connections share one session (PGlite). */
  readonly snapshot: string | null
  /** How long to wait for a table's lock. */
  readonly lockWaitSeconds: number
  readonly environment: EnvironmentVariables
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((message: Phrase) => void) | undefined
}

/** Reads and restores backups of one format. */
export interface BackupReader {
  readonly format: BackupFormat
  readonly tool: BackupProgram
  /**
   * Reads the whole file, as a restore would.
   *
   * @throws AuditError `backup-unreadable`
   */
  read(request: ReadRequest): Promise<Inventory>
  /**
   * Loads the backup into an empty database, in one transaction if possible. Rejects with the first error, as it comes:
   * `toRestoreError` converts it.
   */
  restore(request: RestoreRequest): Promise<RestoreNotes>
  /**
   * Passes on the rows of one table, and nothing else of the backup; false if the backup does not contain the table.
   *
   * @throws AuditError `backup-unreadable`
   */
  readRows(request: RowsRequest, sink: RowSink): Promise<boolean>
}

/** Unquoted names. */
export interface RowsRequest extends ReadRequest {
  readonly schema: string
  readonly table: string
}

export interface RowSink {
  /** Called once, before the rows. Without generated columns. */
  begin(columns: readonly string[]): Promise<void>
  /** Chunks of COPY's text format, which may end within a line. */
  rows(piece: Buffer): Promise<void>
}

export interface ReadRequest {
  readonly path: string
  readonly environment: EnvironmentVariables
  readonly signal?: AbortSignal | undefined
}

/** What a backup says it contains. */
export interface Inventory {
  /** From `ListedEntries`. */
  readonly entries: readonly InventoryEntry[]
  /** Rows of each table, by schema and name as in `quoteQualified`. */
  readonly rows: ReadonlyMap<string, number>
}

/** Named as in pg_dump, with line breaks replaced by spaces. */
export interface InventoryEntry {
  /** `TABLE`, `FK CONSTRAINT`. */
  readonly type: string
  readonly schema: string
  /** `User`; `User User_pkey` for an object of a table. */
  readonly name: string
  /** Empty if it has no owner. */
  readonly owner: string
  /** Empty: the database's. */
  readonly tablespace: string
}

export interface RestoreRequest extends ReadRequest {
  readonly url: string
  readonly serverMajor: number
  /**
   * All or nothing, in one transaction. False for a database that is dropped on failure, because the locks of a
   * transaction are limited.
   */
  readonly atomic: boolean
  /** Drop everything in the database first, in the same transaction. */
  readonly force: boolean
  /** How long each of these drops waits for a lock; default: 15. */
  readonly lockWaitSeconds?: number
  /** Restore without owners and privileges, if the role may not assign them. */
  readonly withoutOwners: boolean
  /** Put everything into the default tablespace, if the server lacks one of the backup. */
  readonly withoutTablespaces?: boolean
  /**
   * Of a copy that is dropped again: a subscription holds a database, and whoever drops it takes the slot of the
   * publisher along.
   */
  readonly withoutSubscriptions?: boolean
  /**
   * Set for an embedded server, which may lack features of the database: rows are inserted with INSERT, statements run
   * without a transaction, and each rejected statement is reported here while the rest continues.
   */
  readonly onRefused?: ((refused: RefusedStatement) => void) | undefined
}

/** A statement that an embedded server rejected. */
export interface RefusedStatement {
  /** With pg_dump's comment before it, which names the object. */
  readonly statement: string
  readonly reason: string
}

/** Messages of a restore that are not errors. */
export interface RestoreNotes {
  readonly warnings: readonly string[]
}
