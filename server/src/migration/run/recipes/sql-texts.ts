import type { Node } from 'libpg-query'
import type { SqlParser } from '../../../lint/parse/sql-parser'
import { phrase, type Phrase } from '../../../text/phrase'

/** A text from a journal that becomes part of SQL unchanged, and what it must be. */
export interface SqlText {
  readonly text: string
  readonly kind: 'type' | 'expression' | 'index'
}

export function typeText(text: string): SqlText {
  return { text, kind: 'type' }
}

/** A scalar expression, such as a default. */
export function expressionText(text: string): SqlText {
  return { text, kind: 'expression' }
}

/** The text after ON and the table in CREATE INDEX. */
export function indexText(text: string): SqlText {
  return { text, kind: 'index' }
}

/**
 * The problem with it; null if PostgreSQL's grammar parses it as exactly one type, expression or index, and nothing in
 * it changes anything, as far as its text shows.
 */
export function sqlFault(parser: SqlParser, { text, kind }: SqlText): Phrase | null {
  const isWhole = kind === 'index' ? isIndex(parser, text) : isTarget(parser, text, kind)
  if (isWhole) return null
  if (kind === 'type') return phrase`no type`
  return kind === 'expression' ? phrase`no single expression` : phrase`no index`
}

/** A name follows the text, which a comment in it would swallow. */
function isTarget(parser: SqlParser, text: string, kind: 'type' | 'expression'): boolean {
  const select = onlySelect(parse(parser, `SELECT ${kind === 'type' ? `NULL::${text}` : text} AS ${END}`))
  const target = select?.targetList
  if (select === null || !Array.isArray(target) || target.length !== 1) return false
  const allowed = new Set(['targetList', 'limitOption', 'op'])
  if (Object.keys(select).some((key) => !allowed.has(key))) return false
  const found = asRecord(asRecord(target[0])?.ResTarget)
  if (found?.name !== END) return false
  const value = asRecord(found.val)
  if (kind === 'expression') return !changesSomething(value)
  const cast = asRecord(value?.TypeCast)
  return cast !== null && asRecord(asRecord(cast.arg)?.A_Const)?.isnull === true
}

function isIndex(parser: SqlParser, text: string): boolean {
  const nodes = parse(parser, `CREATE INDEX ON ${END} ${text}`)
  const index = nodes.length === 1 ? asRecord(asRecord(nodes[0])?.IndexStmt) : null
  return index !== null && !changesSomething(index)
}

function onlySelect(nodes: readonly Node[]): Record<string, unknown> | null {
  return nodes.length === 1 ? asRecord(asRecord(nodes[0])?.SelectStmt) : null
}

/** The names in a text. The parser has resolved quotes and Unicode escapes. */
export interface NamesInText {
  /** Of functions, and fields of a value, because `(a).f` calls `f(a)`. */
  readonly functions: readonly string[]
  /** Tables and views that it reads; the schema is null if it is looked up. */
  readonly relations: readonly { readonly schema: string | null; readonly name: string }[]
  /** If it is `(SELECT column FROM table ORDER BY … LIMIT …)`: the column; otherwise null. */
  readonly onlyColumn: string | null
  /** Every name and every constant in it. */
  readonly all: readonly string[]
}

/** Of a text without a problem. */
export function namesIn(parser: SqlParser, { text, kind }: SqlText): NamesInText {
  const found = {
    functions: [] as string[],
    relations: [] as { schema: string | null; name: string }[],
    all: [] as string[],
  }
  const sql =
    kind === 'index' ? `CREATE INDEX ON ${END} ${text}` : `SELECT ${kind === 'type' ? `NULL::${text}` : text} AS ${END}`
  const nodes = parse(parser, sql)
  visit(nodes, (key, value) => {
    if (typeof value === 'string') found.all.push(value)
    found.functions.push(...calledBy(key, value))
    const relation = key === 'RangeVar' ? asRecord(value) : null
    const { schemaname, relname } = relation ?? {}
    if (typeof relname !== 'string') return
    found.relations.push({ schema: typeof schemaname === 'string' ? schemaname : null, name: relname })
  })
  return { ...found, onlyColumn: onlyColumnOf(onlySelect(nodes)) }
}

function onlyColumnOf(select: Record<string, unknown> | null): string | null {
  const link = asRecord(asRecord(onlyItem(select?.targetList)?.ResTarget)?.val)?.SubLink
  const inner = asRecord(asRecord(asRecord(link)?.subselect)?.SelectStmt)
  const allowed = new Set(['targetList', 'fromClause', 'sortClause', 'limitCount', 'limitOption', 'op'])
  if (inner === null || Object.keys(inner).some((key) => !allowed.has(key))) return null
  const column = asRecord(asRecord(asRecord(onlyItem(inner.targetList)?.ResTarget)?.val)?.ColumnRef)
  const [name, ...more] = stringsOf(column?.fields)
  return onlyItem(inner.fromClause)?.RangeVar === undefined || more.length > 0 ? null : (name ?? null)
}

function onlyItem(list: unknown): Record<string, unknown> | null {
  return Array.isArray(list) && list.length === 1 ? asRecord(list[0]) : null
}

/** A statement that writes, a lock, a system relation, or a function with effects outside the query. */
function changesSomething(tree: unknown): boolean {
  let isFound = false
  visit(tree, (key, value) => {
    isFound ||= WRITES.has(key) || calledBy(key, value).some((name) => REACHING_OUT.test(name))
    if (key === 'RangeVar') isFound ||= isOfSystem(asRecord(value) ?? {})
  })
  return isFound
}

function visit(tree: unknown, look: (key: string, value: unknown) => void): void {
  if (Array.isArray(tree)) for (const item of tree) visit(item, look)
  for (const [key, value] of Object.entries(asRecord(tree) ?? {})) {
    look(key, value)
    visit(value, look)
  }
}

/** The last names of a call, and the fields selected from a value. */
function calledBy(key: string, value: unknown): string[] {
  const node = asRecord(value)
  if (key === 'FuncCall') return stringsOf(node?.funcname).slice(-1)
  return key === 'A_Indirection' ? stringsOf(node?.indirection) : []
}

function stringsOf(parts: unknown): string[] {
  if (!Array.isArray(parts)) return []
  return parts.flatMap((part) => {
    const text = asRecord(asRecord(part)?.String)?.sval
    return typeof text === 'string' ? [text] : []
  })
}

/** They contain passwords and settings, and no default or owner comes from there. */
function isOfSystem({ schemaname, relname }: Record<string, unknown>): boolean {
  if (typeof schemaname === 'string') return /^(pg_|information_schema$)/.test(schemaname)
  return typeof relname === 'string' && relname.startsWith('pg_')
}

const WRITES = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'intoClause', 'lockingClause'])

/** Functions that read files, run SQL from a text, end sessions, set settings or write large objects. */
const REACHING_OUT =
  /^(pg_|lo_|dblink|query_to_|cursor_to_|table_to_|schema_to_|database_to_|ts_(stat|rewrite)$|set_config$|setval$)/

const END = 'prisma_audit_end'

function parse(parser: SqlParser, sql: string): readonly Node[] {
  try {
    return parser.parse(sql)
  } catch {
    return []
  }
}

function asRecord(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null
}
