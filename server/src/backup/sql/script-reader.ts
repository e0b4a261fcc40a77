import { phrase } from '../../text/phrase'
import { archiveUnreadable } from '../errors'
/** Handles the parts of SQL that contains COPY, in order. */
export interface ScriptHandler {
  /** A line of SQL without its line break; returns true if the rows of a COPY follow it. */
  line(text: string): Promise<boolean> | boolean
  /** Chunks of COPY's text format, which may end within a line. */
  rows(piece: Buffer): Promise<void> | void
  endRows(): Promise<void> | void
}

/**
 * Splits SQL into lines and rows like psql, chunk by chunk. Rows are passed on as they come: one value may have a
 * gigabyte. A line of SQL is kept in memory, so its length is limited: a malicious file may unpack to any size.
 */
export class ScriptReader {
  /** An incomplete line of SQL. */
  private started: Buffer[] = []
  private startedBytes = 0
  private inRows = false
  /** Bytes at the start of a line of rows that may be the end marker. */
  private held: Buffer = NOTHING
  private isLineStart = true

  constructor(
    /** The backup, for errors. */
    private readonly file: string,
    private readonly handler: ScriptHandler,
  ) {}

  async take(piece: Buffer): Promise<void> {
    let rest = piece
    while (rest.length > 0) rest = this.inRows ? await this.takeRows(rest) : await this.takeLine(rest)
  }

  /** After the last chunk: whether it ends within rows. */
  async end(): Promise<boolean> {
    if (this.started.length > 0) await this.takeLine(Buffer.from('\n'))
    return this.inRows
  }

  private async takeLine(piece: Buffer): Promise<Buffer> {
    const end = piece.indexOf(NEWLINE)
    const part = end === -1 ? piece : piece.subarray(0, end)
    this.started.push(part)
    this.startedBytes += part.length
    if (this.startedBytes > LONGEST_LINE)
      throw archiveUnreadable(this.file, phrase`A line of its SQL has more than 64 MB.`)
    if (end === -1) return NOTHING
    const line = Buffer.concat(this.started).toString('utf8')
    this.started = []
    this.startedBytes = 0
    this.inRows = await this.handler.line(line)
    this.isLineStart = true
    return piece.subarray(end + 1)
  }

  /** A backslash is doubled in a value, so `\.` on its own line is the end. */
  private async takeRows(piece: Buffer): Promise<Buffer> {
    const rows = this.held.length === 0 ? piece : Buffer.concat([this.held, piece])
    this.held = NOTHING
    const isOver = this.isLineStart && rows.subarray(0, END_OF_ROWS.length).equals(END_OF_ROWS)
    const end = isOver ? 0 : rows.indexOf(END_OF_LINE_AND_ROWS) + 1
    if (isOver || end > 0) {
      if (end > 0) await this.handler.rows(rows.subarray(0, end))
      this.inRows = false
      await this.handler.endRows()
      return rows.subarray(end + END_OF_ROWS.length)
    }
    const lineStart = rows.lastIndexOf(NEWLINE) + 1
    const last = rows.subarray(lineStart)
    const mayBeEnd =
      (lineStart > 0 || this.isLineStart) && last.length < END_OF_ROWS.length && END_OF_ROWS.indexOf(last) === 0
    const whole = mayBeEnd ? rows.subarray(0, lineStart) : rows
    this.held = mayBeEnd ? last : NOTHING
    this.isLineStart = mayBeEnd
    if (whole.length > 0) await this.handler.rows(whole)
    return NOTHING
  }
}

/** Complete lines. */
export function countLines(piece: Buffer): number {
  let count = 0
  for (let end = piece.indexOf(NEWLINE); end !== -1; end = piece.indexOf(NEWLINE, end + 1)) count++
  return count
}

/** Bytes. A chunk of a large object has two million. */
const LONGEST_LINE = 64_000_000
const NOTHING: Buffer = Buffer.alloc(0)
const NEWLINE = 10
const END_OF_ROWS = Buffer.from('\\.\n')
const END_OF_LINE_AND_ROWS = Buffer.from('\n\\.\n')
