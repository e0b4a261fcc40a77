import { phrase } from '../../text/phrase'
import fs from 'node:fs'
import { createGunzip } from 'node:zlib'
import { archiveUnreadable } from '../errors'
import { backupUnknownFormat, foreignGzip } from '../foreign-files'
import { ScriptReader, type ScriptHandler } from '../sql/script-reader'
import { FIRST_LINE, parseCopyPart, type CopyPart } from './export-format'

/** Handles the parts of an export, in order. */
export interface ExportHandler {
  sql(text: string): Promise<void> | void
  beginRows(part: CopyPart): Promise<void> | void
  /** Chunks of COPY's text format, which may end within a line. */
  rows(piece: Buffer): Promise<void> | void
  endRows(): Promise<void> | void
}

/**
 * Reads an export in chunks. The structure is passed on as one string per part, rows in chunks, so that memory stays
 * bounded.
 *
 * @throws AuditError `backup-unreadable` if it is damaged or incomplete
 */
export async function readExport(file: string, handler: ExportHandler, signal?: AbortSignal): Promise<void> {
  const script = new ExportScript(file, handler)
  const reader = new ScriptReader(file, script)
  const source = fs.createReadStream(file)
  const gunzip = createGunzip()
  // `pipe` does not forward errors.
  source.once('error', (error) => gunzip.destroy(error))
  source.pipe(gunzip)
  try {
    for await (const piece of gunzip) {
      signal?.throwIfAborted()
      await reader.take(piece as Buffer)
    }
  } catch (error) {
    signal?.throwIfAborted()
    const isDamage = error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')
    throw isDamage ? archiveUnreadable(file, error.message) : error
  } finally {
    source.destroy()
  }
  if (!script.isComplete) throw archiveUnreadable(file, phrase`The end of the export is missing.`)
  await reader.end()
  // `gunzip` skips zero bytes after the end.
  if (gunzip.bytesWritten !== fs.statSync(file).size)
    throw archiveUnreadable(file, phrase`It has bytes after the end of the export.`)
}

class ExportScript implements ScriptHandler {
  isComplete = false
  private mark: string | null = null
  /** The lines of the COPY statement, which psql runs: names may contain line breaks. */
  private copy: CopyPart | null = null
  private copyLines: string[] = []
  private sql: string[] = []
  private sqlSize = 0

  constructor(
    private readonly file: string,
    private readonly handler: ExportHandler,
  ) {}

  async line(line: string): Promise<boolean> {
    if (this.mark === null) {
      this.mark = FIRST_LINE.exec(line)?.[1] ?? null
      if (this.mark === null) throw backupUnknownFormat(this.file, foreignGzip(line))
    } else if (this.isComplete) throw archiveUnreadable(this.file, phrase`It continues after the end of the export.`)
    else if (this.copy !== null) return this.copyLine(line, this.copy)
    else if (line.startsWith(`-- ${this.mark} `)) await this.begin(line.slice(this.mark.length + 4))
    else this.keep(line)
    return false
  }

  rows(piece: Buffer): Promise<void> | void {
    return this.handler.rows(piece)
  }

  endRows(): Promise<void> | void {
    return this.handler.endRows()
  }

  private copyLine(line: string, { lines, statement }: CopyPart): boolean {
    this.copyLines.push(line)
    if (this.copyLines.length < lines) return false
    if (this.copyLines.join('\n') !== `${statement};`)
      throw archiveUnreadable(this.file, phrase`A part of it has another COPY than its name says.`)
    this.copy = null
    return true
  }

  private keep(line: string): void {
    this.sql.push(line)
    this.sqlSize += line.length + LINE_OVERHEAD
    if (this.sqlSize > LARGEST_SQL) throw archiveUnreadable(this.file, phrase`A part of its SQL has more than 100 MB.`)
  }

  private async begin(part: string): Promise<void> {
    const text = this.sql.join('\n')
    this.sql = []
    this.sqlSize = 0
    if (text.trim() !== '') await this.handler.sql(text)
    this.isComplete = part === 'end'
    if (part === 'sql' || part === 'end') return
    const copy = parseCopyPart(part)
    if (copy === null) throw archiveUnreadable(this.file, phrase`A part of it has no name.`)
    this.copy = copy
    this.copyLines = []
    await this.handler.beginRows(copy)
  }
}

/** Characters, of up to two bytes: they are in memory twice, as lines and as one string, and our heap has 1 GB. */
const LARGEST_SQL = 100_000_000
/** Even an empty line takes memory. */
const LINE_OVERHEAD = 16
