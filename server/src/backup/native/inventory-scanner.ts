import { StringDecoder } from 'node:string_decoder'
import { quoteQualified } from '../../database/quote'
import type { Inventory, InventoryEntry } from '../backup-way'
import { parseDumpEntry } from '../sql/dump-entry'
import { parseQualifiedName } from '../sql/qualified-name'

/**
 * Reads SQL as pg_restore writes it, piece by piece and in constant memory: the comment before each object names it, and the rows
 * of each COPY are counted. Rows are to be read without the structure, since a function's body may look like a COPY.
 */
export class InventoryScanner {
  private readonly entries: InventoryEntry[] = []
  private readonly rows = new Map<string, number>()
  private readonly decoder = new StringDecoder('utf8')
  /** A line of SQL that has not ended. */
  private line = ''
  /** The lines of a COPY whose names have line breaks in them. */
  private copy = ''
  /** Of the COPY whose rows come now, and how many have come. */
  private table: string | null = null
  private count = 0
  /** The last bytes of a COPY's line that has not ended: enough to know its end mark. */
  private tail: Buffer = Buffer.alloc(0)
  /** Only behind the comment of a table's rows is a COPY one: a function's body may hold anything. */
  private expectsRows = false
  private isComplete = false

  write(chunk: Buffer): void {
    let start = 0
    while (start < chunk.length) {
      start = this.table === null ? this.scanSql(chunk, start) : this.scanRows(chunk, start)
    }
  }

  /** After the last piece. `isWhole`: does it end where pg_dump says that it ends? */
  end(): Inventory & { readonly isWhole: boolean } {
    this.line += this.decoder.end()
    if (this.line !== '') this.sqlLine(this.line)
    const isWhole = this.table === null && this.isComplete
    return { entries: this.entries, rows: this.rows, isWhole }
  }

  private scanSql(chunk: Buffer, start: number): number {
    const end = chunk.indexOf(NEWLINE, start)
    const piece = chunk.subarray(start, end === -1 ? chunk.length : end)
    // Nothing that matters is so long; what is longer is a value.
    if (this.line.length < LONGEST_LINE) this.line += this.decoder.write(piece)
    if (end === -1) return chunk.length
    this.sqlLine(this.line)
    this.line = ''
    return end + 1
  }

  private sqlLine(line: string): void {
    if (line.startsWith('-- ')) {
      const entry = parseDumpEntry(line)
      if (entry !== null) {
        this.entries.push(entry)
        this.expectsRows = entry.type === 'TABLE DATA'
        this.isComplete = false
      } else if (line === '-- PostgreSQL database dump complete') this.isComplete = true
    } else if (this.expectsRows && (this.copy !== '' || line.startsWith('COPY '))) {
      const statement = `${this.copy}${line}`
      const isOver = statement.endsWith(' FROM stdin;') && statement.split('"').length % 2 === 1
      this.copy = isOver || statement.length > LONGEST_LINE ? '' : `${statement}\n`
      const parsed = isOver ? parseQualifiedName(statement, 'COPY '.length) : null
      if (parsed === null) return
      this.table = quoteQualified(parsed.schema, parsed.name)
      this.expectsRows = false
      this.count = 0
      this.tail = Buffer.alloc(0)
    }
  }

  private scanRows(chunk: Buffer, from: number): number {
    let start = from
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start)
      if (end === -1) {
        this.tail = Buffer.concat([this.tail, chunk.subarray(start, start + 3 - this.tail.length)])
        return chunk.length
      }
      const isMark =
        this.tail.length === 0
          ? end - start === 2 && chunk[start] === BACKSLASH && chunk[start + 1] === DOT
          : Buffer.concat([this.tail, chunk.subarray(start, Math.min(end, start + 3))]).equals(END_OF_ROWS)
      if (this.tail.length > 0) this.tail = Buffer.alloc(0)
      start = end + 1
      if (isMark) {
        this.rows.set(this.table ?? '', (this.rows.get(this.table ?? '') ?? 0) + this.count)
        this.table = null
        return start
      }
      this.count++
      if (start >= chunk.length) return start
    }
  }
}

const NEWLINE = 10
const BACKSLASH = 92
const DOT = 46
const END_OF_ROWS = Buffer.from('\\.')

/** Characters. A COPY names up to 1,600 columns. */
const LONGEST_LINE = 500_000
