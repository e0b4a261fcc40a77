import { isUtf8 } from 'node:buffer'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { from as copyFrom } from 'pg-copy-streams'
import type { DatabaseClient } from '../../database/connect'
import { quoteIdentifier, quoteLiteral, quoteQualified } from '../../database/quote'
import { copiedColumns } from './copied-columns'
import { parseQualifiedName } from './qualified-name'

/** Receives the rows of one COPY. */
export interface RowTarget {
  /** A chunk of COPY's text format, which may end within a line. */
  rows(piece: Buffer): Promise<void>
  end(): Promise<void>
  /** Aborts it; an unfinished COPY would block a ROLLBACK forever. */
  giveUp(): Promise<void>
}

/** With COPY. `statement` is `COPY … FROM stdin`. */
export function copyTarget(client: DatabaseClient, statement: string): RowTarget {
  const target = client.query(copyFrom(statement))
  // The server may reject a row at any time, also between two chunks; the stream then accepts no more.
  let failure: Error | null = null
  target.on('error', (error) => {
    failure ??= error
  })
  const requireNoFailure = () => {
    if (failure !== null) throw failure
  }
  return {
    async rows(piece) {
      requireNoFailure()
      // A copy, because the chunk's memory may be reused before it is sent.
      if (!target.write(Buffer.from(piece))) await roomIn(target)
      requireNoFailure()
    },
    async end() {
      requireNoFailure()
      target.end()
      await finished(target)
    },
    async giveUp() {
      if (target.destroyed || failure !== null) return
      target.destroy(new Error('The backup could not be read completely.'))
      await finished(target).catch(() => undefined)
    },
  }
}

/** Until the stream has room, or failed. */
function roomIn(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const events = ['drain', 'close', 'error'] as const
    const over = () => {
      for (const event of events) stream.off(event, over)
      resolve()
    }
    for (const event of events) stream.on(event, over)
  })
}

/** With INSERTs, for the embedded server, whose connection does not accept rows of COPY. `run` executes each. */
export function insertTarget(statement: string, run: (sql: string) => Promise<void>): RowTarget {
  const table = parseQualifiedName(statement, 'COPY '.length)
  if (table === null) throw new Error(`Cannot find the table in: ${statement}`)
  const columns = copiedColumns(statement)
  const name = quoteQualified(table.schema, table.name)
  const list = columns.map(quoteIdentifier).join(', ')
  /** A line that is not complete yet. */
  let started: Buffer[] = []
  let values: string[] = []
  let size = 0
  const flush = async () => {
    if (values.length === 0) return
    const sql =
      columns.length === 0
        ? values.map(() => `INSERT INTO ${name} DEFAULT VALUES`).join('; ')
        : `INSERT INTO ${name} (${list}) OVERRIDING SYSTEM VALUE VALUES ${values.join(', ')}`
    values = []
    size = 0
    await run(sql)
  }
  return {
    async rows(piece) {
      const end = piece.lastIndexOf(NEWLINE)
      if (end === -1) {
        started.push(piece)
        return
      }
      const bytes = Buffer.concat([...started, piece.subarray(0, end)])
      if (!isUtf8(bytes))
        throw new Error(`${name} has values that are not UTF-8, the encoding of the embedded PostgreSQL.`)
      started = [piece.subarray(end + 1)]
      for (const line of bytes.toString('utf8').split('\n')) {
        values.push(rowValues(line))
        size += line.length
        if (values.length >= MOST_ROWS || size >= MOST_CHARACTERS) await flush()
      }
    },
    end: flush,
    giveUp: () => Promise.resolve(),
  }
}

const NEWLINE = 10

/** Limits of one INSERT. */
const MOST_ROWS = 500
const MOST_CHARACTERS = 1_000_000

/** Converts a line of COPY's text format to SQL values. */
function rowValues(line: string): string {
  return `(${line
    .split('\t')
    .map((field) => (field === '\\N' ? 'NULL' : quoteLiteral(unescaped(field))))
    .join(', ')})`
}

function unescaped(field: string): string {
  if (!field.includes('\\')) return field
  return field.replace(/\\(.)/gs, (_pair, character: string) => ESCAPED[character] ?? character)
}

/** The escapes that COPY TO writes, which do not include numeric ones. */
const ESCAPED: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }
