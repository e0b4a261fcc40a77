import { phrase } from '../../text/phrase'
import { nextToken } from '../../text/sql-tokens'
import type { RowSink, RowsRequest } from '../backup-way'
import { archiveUnreadable } from '../errors'
import { parseQualifiedName } from '../sql/qualified-name'
import { splitStatements } from '../sql/split-statements'
import { readPlainDump } from './read-plain-dump'

/** The rows of one table of a plain dump: its INSERTs are parsed as data and never run. */
export async function readInsertedRows({ path, schema, table, signal }: RowsRequest, sink: RowSink): Promise<boolean> {
  let created: string[] | null = null
  let isBegun = false
  const dump = readPlainDump(path)
  for (const statement of splitStatements(dump)) {
    signal?.throwIfAborted()
    if (behindName(CREATES, statement, { schema, table }) !== null) created = createdColumns(statement)
    const start = behindName(INSERTS, statement, { schema, table })
    if (start === null) continue
    const inserted = readInsert(statement, start)
    const columns = inserted?.columns ?? created
    if (inserted === null || columns === null) {
      throw archiveUnreadable(path, phrase`The rows of ${schema}.${table} are not written as pg_dump writes them.`)
    }
    // Generated columns are written as DEFAULT.
    if (!isBegun) await sink.begin(columns.filter((_name, index) => inserted.rows[0]?.[index] !== undefined))
    isBegun = true
    await sink.rows(Buffer.from(inserted.rows.map(copyLine).join('')))
  }
  // An empty table has only the heading; a dump of the structure not even that.
  const heading = `\n-- Data for Name: ${oneLine(table)}; Type: TABLE DATA; Schema: ${oneLine(schema)}; `
  if (isBegun || created === null || !dump.includes(heading)) return isBegun
  await sink.begin(created)
  return true
}

function oneLine(name: string): string {
  return name.replace(/[\r\n]/g, ' ')
}

const CREATES = /^\s*(?:--[^\n]*\n\s*)*CREATE (?:UNLOGGED )?TABLE /
const INSERTS = /^\s*(?:--[^\n]*\n\s*)*INSERT INTO /

/** Position after the name of this table in the statement; null if the statement is for another table. */
function behindName(opening: RegExp, statement: string, wanted: { schema: string; table: string }): number | null {
  const start = opening.exec(statement)?.[0].length
  if (start === undefined) return null
  const name = parseQualifiedName(statement, start)
  if (name?.schema !== wanted.schema || name.name !== wanted.table) return null
  let end = start
  for (let token = 0; token < 3; token++) end = nextToken(statement, end)?.end ?? end
  return end
}

/** pg_dump writes each column on its own line, and constraints after them. */
function createdColumns(statement: string): string[] {
  const lines = statement.matchAll(/^ {4}(?!CONSTRAINT )("[^"]*(?:""[^"]*)*"|[^\s"]+) /gm)
  return Array.from(lines, ([, name = '']) => unquoted(name))
}

/** Text, or null for NULL, or undefined for DEFAULT. */
type Value = string | null | undefined

/** The values after the table's name; null for anything except rows of constants. */
function readInsert(statement: string, start: number): { columns: string[] | null; rows: Value[][] } | null {
  const columns: string[] = []
  const rows: Value[][] = []
  let row: Value[] = []
  let written: string[] = []
  let depth = 0
  let isBehindValues = false
  for (let token = nextToken(statement, start); token !== null; token = nextToken(statement, token.end)) {
    const { text, kind } = token
    if (text === '(' && ++depth === 1) continue
    const ends = depth === 1 && (text === ',' || text === ')')
    if (!isBehindValues) {
      if (text === ')') depth--
      else if (text === 'VALUES' && kind === 'word' && depth === 0) isBehindValues = true
      else if (depth === 1 && !ends) columns.push(unquoted(text))
    } else if (ends) {
      const value = valueOf(written)
      if (value === INVALID) return null
      row.push(value)
      written = []
      if (text === ',') continue
      depth--
      rows.push(row)
      row = []
    } else if (depth === 1) written.push(text)
    else if (depth > 1) return null
  }
  return rows.length === 0 ? null : { columns: columns.length === 0 ? null : columns, rows }
}

const INVALID = Symbol('not a constant')

function valueOf(written: readonly string[]): Value | typeof INVALID {
  const [first = ''] = written
  if (written.length === 1 && /^B?'/.test(first)) return first.slice(first.indexOf("'") + 1, -1).replaceAll("''", "'")
  const text = written.join('')
  if (text === 'NULL') return null
  if (text === 'DEFAULT') return undefined
  return /^(?:true|false|-?[\d.]+(?:[eE][+-]?\d+)?)$/.test(text) ? text : INVALID
}

function copyLine(row: readonly Value[]): string {
  return `${row
    .filter((value) => value !== undefined)
    .map(copied)
    .join('\t')}\n`
}

function copied(value: string | null): string {
  if (value === null) return '\\N'
  return value.replace(/[\\\n\r\t]/g, (character) => ESCAPES[character] ?? character)
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name
}
