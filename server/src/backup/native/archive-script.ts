import { childEnvironment } from '../../embedded/child-environment'
import { isAborted } from '../aborted'
import type { InventoryEntry, ReadRequest } from '../backup-way'
import { archiveUnreadable, backupCancelled } from '../errors'
import { parseDumpEntry } from '../sql/dump-entry'
import { parseQualifiedName } from '../sql/qualified-name'
import { ScriptReader, type ScriptHandler } from '../sql/script-reader'
import type { PgDump } from './find-pg-dumps'
import { runTool } from './run-tool'

/** What is done with an archive as pg_restore writes it out. */
export interface ArchiveHandler {
  /** The comment before each object. */
  entry?(entry: InventoryEntry): void
  /** A line of SQL, comments among them; not the statement of a COPY whose rows are taken. */
  line?(line: string): Promise<void> | void
  /** Left out where the part has no rows. */
  readonly copy?: {
    /** `statement`: `COPY public."User" (id) FROM stdin`. */
    begin(statement: string): Promise<void> | void
    /** Pieces, which may end within a line. */
    rows(piece: Buffer): Promise<void> | void
    end(): Promise<void> | void
  }
}

/**
 * Has pg_restore write an archive out as SQL, or a part of it, in constant memory. Rows are to be read without the structure, where a
 * function's body may look like a COPY.
 *
 * @param part pg_restore's options that choose the part
 * @throws AuditError `backup-unreadable`
 */
export async function readArchiveScript(
  { program, path, environment, signal }: ReadRequest & { readonly program: PgDump },
  part: readonly string[],
  handler: ArchiveHandler,
): Promise<void> {
  const script = new ArchiveScript(handler)
  const reader = new ScriptReader(path, script)
  const run = await runTool(program, 'pg_restore', [...part, '--file=-', { file: path }], {
    environment: { ...childEnvironment(environment), LC_ALL: 'C' },
    signal,
    onOutput: (piece) => reader.take(piece),
  })
  if (isAborted(signal)) throw backupCancelled()
  const endsInRows = await reader.end()
  if (run.exitCode !== 0) throw archiveUnreadable(path, run.output.trim())
  if (endsInRows || !script.isComplete) throw archiveUnreadable(path, 'pg_restore stopped before the end of the dump.')
}

class ArchiveScript implements ScriptHandler {
  /** Does it end where pg_dump says that it ends? */
  isComplete = false
  private isBeforeObjects = true
  /** Only behind the comment of a table's rows is a COPY one: a value may hold anything. */
  private expectsRows = false
  /** The lines of a COPY whose names have line breaks in them. */
  private copy = ''

  constructor(private readonly handler: ArchiveHandler) {}

  async line(line: string): Promise<boolean> {
    const entry = parseDumpEntry(line)
    if (entry !== null) {
      this.handler.entry?.(entry)
      this.expectsRows = entry.type === 'TABLE DATA' && this.handler.copy !== undefined
      this.isBeforeObjects = false
      this.isComplete = false
    } else if (line === '-- PostgreSQL database dump complete') this.isComplete = true
    else if (this.expectsRows && (this.copy !== '' || line.startsWith('COPY '))) return await this.copyLine(line)
    // psql's own, around all of it.
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
    this.copy = isOver || statement.length > LONGEST_COPY ? '' : `${statement}\n`
    if (!isOver || parseQualifiedName(statement, 'COPY '.length) === null) return false
    this.expectsRows = false
    await this.handler.copy?.begin(statement.slice(0, -1))
    return true
  }
}

/** Characters. A COPY names up to 1,600 columns. */
const LONGEST_COPY = 500_000
