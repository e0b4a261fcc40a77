import { phrase } from '../../text/phrase'
import { childEnvironment } from '../../embedded/child-environment'
import { isAborted } from '../aborted'
import type { InventoryEntry, ReadRequest } from '../backup-way'
import { archiveUnreadable, backupCancelled } from '../errors'
import { parseDumpEntry } from '../sql/dump-entry'
import { copiedTable } from '../sql/copied-columns'
import { ScriptReader, type ScriptHandler } from '../sql/script-reader'
import { copiesMoreThanRows } from './errors'
import type { PgDump } from './find-pg-dumps'
import { whyFailed } from './run-program'
import { runTool } from './run-tool'

/** Handles an archive while pg_restore writes it as SQL. */
export interface ArchiveHandler {
  /** The comment before each object. */
  entry?(entry: InventoryEntry): void
  /** A line of SQL, including comments, but not the statement of a COPY whose rows are handled. */
  line?(line: string): Promise<void> | void
  /** Omitted if the part has no rows. */
  readonly copy?: {
    /** `statement`: `COPY public."User" (id) FROM stdin`. */
    begin(statement: string): Promise<void> | void
    /** Chunks, which may end within a line. */
    rows(piece: Buffer): Promise<void> | void
    end(): Promise<void> | void
  }
}

/**
 * Has pg_restore write an archive, or a part of it, as SQL, in constant memory. Read rows without the structure, where
 * the body of a function may look like a COPY.
 *
 * @param part pg_restore's options that select the part
 * @throws AuditError `backup-unreadable`
 */
export async function readArchiveScript(
  { program, path, environment, signal }: ReadRequest & { readonly program: PgDump },
  part: readonly string[],
  handler: ArchiveHandler,
): Promise<void> {
  const script = new ArchiveScript(path, handler)
  const reader = new ScriptReader(path, script)
  const run = await runTool(program, 'pg_restore', [...part, '--file=-', { file: path }], {
    environment: { ...childEnvironment(environment), LC_ALL: 'C' },
    signal,
    onOutput: (piece) => reader.take(piece),
  })
  if (isAborted(signal)) throw backupCancelled()
  const endsInRows = await reader.end()
  if (run.exitCode !== 0) throw archiveUnreadable(path, whyFailed(run))
  if (endsInRows || !script.isComplete)
    throw archiveUnreadable(path, phrase`pg_restore stopped before the end of the dump.`)
}

class ArchiveScript implements ScriptHandler {
  /** Whether it ends with pg_dump's final comment. */
  isComplete = false
  private isBeforeObjects = true
  /** A COPY counts only after the comment of a table's rows, because a value may contain anything. */
  private expectsRows = false
  /** The lines of a COPY whose names contain line breaks. */
  private copy = ''

  constructor(
    private readonly path: string,
    private readonly handler: ArchiveHandler,
  ) {}

  async line(line: string): Promise<boolean> {
    if (this.copy !== '') return await this.copyLine(line)
    const entry = parseDumpEntry(line)
    if (entry !== null) {
      this.handler.entry?.(entry)
      this.expectsRows = entry.type === 'TABLE DATA' && this.handler.copy !== undefined
      this.isBeforeObjects = false
      this.isComplete = false
    } else if (line === '-- PostgreSQL database dump complete') this.isComplete = true
    else if (this.expectsRows && line.startsWith('COPY ')) return await this.copyLine(line)
    // An INSERT, in whose values a line may look like a COPY.
    else if (line !== '' && !line.startsWith('--')) this.expectsRows = false
    // psql commands around the whole script.
    const isCommand = (this.isBeforeObjects || this.isComplete) && /^\\(?:un)?restrict /.test(line)
    if (!isCommand) await this.handler.line?.(line)
    return false
  }

  rows(piece: Buffer): Promise<void> | void {
    return this.handler.copy?.rows(piece)
  }

  endRows(): Promise<void> | void {
    return this.handler.copy?.end()
  }

  private async copyLine(line: string): Promise<boolean> {
    const statement = `${this.copy}${line}`
    const isOver = statement.endsWith(' FROM stdin;') && statement.split('"').length % 2 === 1
    if (isOver ? copiedTable(statement.slice(0, -1)) === null : statement.length > LONGEST_COPY)
      throw copiesMoreThanRows(this.path)
    this.copy = isOver ? '' : `${statement}\n`
    if (!isOver) return false
    this.expectsRows = false
    await this.handler.copy?.begin(statement.slice(0, -1))
    return true
  }
}

/** Characters. A COPY names up to 1,600 columns. */
const LONGEST_COPY = 500_000
