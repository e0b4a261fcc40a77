import type { Survey } from './survey'
import type { Phrase } from '../text/phrase'
import type { EnvironmentVariables } from '../platform/environment-variables'

/** What of a database is backed up. */
export interface BackupScope {
  readonly kind: 'database' | 'tables' | 'structure'
  /** Of `tables`: unquoted names. */
  readonly tables: readonly { readonly schema: string; readonly table: string }[]
}

export const WHOLE_DATABASE: BackupScope = { kind: 'database', tables: [] }

/** One way to make a backup: pg_dump, the built-in one, or our own export. */
export interface BackupWay {
  readonly format: BackupFormat
  /** `pg_dump 15.18 (/usr/bin/pg_dump)`. */
  readonly tool: string
  readonly extension: 'dump' | 'dir' | 'sql' | 'sql.gz'
  /**
   * Writes the backup into a file, or a folder (`dir`), that exists and is empty.
   *
   * @throws AuditError those of connecting and of `toDumpError`; the file may then be half-written
   */
  dump(request: DumpRequest): Promise<void>
  /** For the file that this way writes. */
  readonly reader: BackupReader
}

/** `directory` is a folder of files, which pg_dump writes with several connections. */
export type BackupFormat = 'custom' | 'directory' | 'plain' | 'export'

export interface DumpRequest {
  readonly url: string
  readonly survey: Survey
  readonly outputPath: string
  readonly scope: BackupScope
  /** Of `pg_export_snapshot`; null where connections share one session (PGlite). */
  readonly snapshot: string | null
  /** How long a table's lock is waited for. */
  readonly lockWaitSeconds: number
  readonly environment: EnvironmentVariables
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((message: Phrase) => void) | undefined
}

/** Reads and restores backups of one format. */
export interface BackupReader {
  readonly format: BackupFormat
  /** `pg_restore 15.18 (/usr/bin/pg_restore)` or `built-in`. */
  readonly tool: string
  /**
   * Reads the whole file, as a restore would.
   *
   * @throws AuditError `backup-unreadable`
   */
  read(request: ReadRequest): Promise<Inventory>
  /**
   * Loads the backup into an empty database, in one transaction where that can be had.
   *
   * @throws AuditError `restore-failed` at the first error
   */
  restore(request: RestoreRequest): Promise<RestoreNotes>
  /**
   * Hands on the rows of one table, and nothing else of the backup; false where the table is not in it.
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
  /** Pieces of COPY's text format, which may end within a line. */
  rows(piece: Buffer): Promise<void>
}

export interface ReadRequest {
  readonly path: string
  readonly environment: EnvironmentVariables
  readonly signal?: AbortSignal | undefined
}

/** What a backup says that it holds. */
export interface Inventory {
  readonly entries: readonly InventoryEntry[]
  /** Rows of each table, by schema and name as `quoteQualified` spells them. */
  readonly rows: ReadonlyMap<string, number>
}

/** As pg_dump names objects, with line breaks made spaces. */
export interface InventoryEntry {
  /** `TABLE`, `FK CONSTRAINT`. */
  readonly type: string
  readonly schema: string
  /** `User`; `User User_pkey` for what belongs to a table. */
  readonly name: string
  /** Empty where nobody owns it. */
  readonly owner: string
}

export interface RestoreRequest extends ReadRequest {
  readonly url: string
  readonly serverMajor: number
  /** All or nothing, in one transaction; false for a database that is dropped where it fails, since locks of one are bounded. */
  readonly atomic: boolean
  /** Drop all that is in the database first, in the same transaction. */
  readonly force: boolean
  /** Restore without owners and privileges, where the role may not give them. */
  readonly withoutOwners: boolean
  /** Of a copy that is dropped again: a subscription holds a database, and whoever drops it takes the slot of the publisher along. */
  readonly withoutSubscriptions?: boolean
  /**
   * Set for an embedded server, which may lack what the database has: rows come as INSERTs, statement for statement without a
   * transaction, and this is told what is refused; the rest goes on.
   */
  readonly onRefused?: ((refused: RefusedStatement) => void) | undefined
}

/** A statement that an embedded server refused. */
export interface RefusedStatement {
  /** With pg_dump's comment before it, which names the object. */
  readonly statement: string
  readonly reason: string
}

/** What a restore said that is no error. */
export interface RestoreNotes {
  readonly warnings: readonly string[]
}
