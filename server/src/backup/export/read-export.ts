import fs from 'node:fs'
import { createGunzip } from 'node:zlib'
import { archiveUnreadable } from '../errors'
import { backupUnknownFormat, foreignGzip } from '../foreign-files'
import { FIRST_LINE, type CopyPart } from './export-format'

/** What is done with the parts of an export, one after the other. */
export interface ExportHandler {
  sql(text: string): Promise<void> | void
  beginRows(part: CopyPart): Promise<void> | void
  /** Whole lines of COPY's text format. */
  rows(lines: Buffer): Promise<void> | void
  endRows(): Promise<void> | void
}

/**
 * Reads an export piece by piece. The structure is handed on as one text a part, rows in pieces, so that memory stays bounded.
 *
 * @throws AuditError `backup-unreadable` where it is damaged, or does not come to its end
 */
export async function readExport(file: string, handler: ExportHandler, signal?: AbortSignal): Promise<void> {
  const reader = new ExportReader(file, handler)
  const source = fs.createReadStream(file)
  const gunzip = createGunzip()
  // `pipe` hands no error on.
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
  reader.requireEnd()
}

class ExportReader {
  private pending: Buffer = Buffer.alloc(0)
  private mark: string | null = null
  private part: 'sql' | 'skip' | 'rows' | 'end' = 'sql'
  private toSkip = 0
  private sql: string[] = []

  constructor(
    private readonly file: string,
    private readonly handler: ExportHandler,
  ) {}

  async take(piece: Buffer): Promise<void> {
    this.pending = this.pending.length === 0 ? piece : Buffer.concat([this.pending, piece])
    while (this.part === 'rows' ? await this.takeRows() : await this.takeLine()) continue
  }

  requireEnd(): void {
    if (this.part !== 'end') throw archiveUnreadable(this.file, 'It ends before the end of the export.')
  }

  private async takeLine(): Promise<boolean> {
    const end = this.pending.indexOf(NEWLINE)
    if (end === -1) return false
    const line = this.pending.toString('utf8', 0, end)
    this.pending = this.pending.subarray(end + 1)
    if (this.mark === null) {
      this.mark = FIRST_LINE.exec(line)?.[1] ?? null
      if (this.mark === null) throw backupUnknownFormat(this.file, foreignGzip(line))
    } else if (this.part === 'skip') {
      if (--this.toSkip === 0) this.part = 'rows'
    } else if (line.startsWith(`-- ${this.mark} `)) await this.begin(line.slice(this.mark.length + 4))
    else this.sql.push(line)
    return true
  }

  private async begin(part: string): Promise<void> {
    const text = this.sql.join('\n')
    this.sql = []
    if (text.trim() !== '') await this.handler.sql(text)
    if (part === 'sql' || part === 'end') this.part = part
    else {
      const copy = copyPart(part)
      if (copy === null) throw archiveUnreadable(this.file, 'A part of it has no name.')
      this.toSkip = copy.lines
      this.part = 'skip'
      await this.handler.beginRows(copy)
    }
  }

  /** A backslash is doubled in a value, so that `\.` on a line of its own is the end. */
  private async takeRows(): Promise<boolean> {
    const { pending } = this
    let end = pending.indexOf(END_OF_ROWS)
    while (end > 0 && pending[end - 1] !== NEWLINE) end = pending.indexOf(END_OF_ROWS, end + 1)
    const whole = end === -1 ? pending.lastIndexOf(NEWLINE) + 1 : end
    if (whole > 0) await this.handler.rows(pending.subarray(0, whole))
    this.pending = pending.subarray(end === -1 ? whole : end + END_OF_ROWS.length)
    if (end === -1) return false
    await this.handler.endRows()
    this.part = 'sql'
    return true
  }
}

const NEWLINE = 10
const END_OF_ROWS = Buffer.from('\\.\n')

function copyPart(part: string): CopyPart | null {
  try {
    const data = JSON.parse(part.replace(/^copy /, '')) as Partial<CopyPart>
    const { table, statement, lines } = data
    if (typeof table !== 'string' || typeof statement !== 'string' || typeof lines !== 'number') return null
    // Nothing but rows into a table: the file is data, whoever wrote it.
    return statement.startsWith(`COPY ${table}`) && statement.endsWith(' FROM stdin')
      ? { table, statement, lines }
      : null
  } catch {
    return null
  }
}
