import type { Node } from 'libpg-query'
import type { SqlParser } from '../../lint/parse/sql-parser'

/** A text out of a journal that becomes part of SQL as it is, and what it must be. */
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

/** What follows ON and the table in CREATE INDEX. */
export function indexText(text: string): SqlText {
  return { text, kind: 'index' }
}

/**
 * What is wrong with it; null where PostgreSQL's grammar takes it for one type, expression or index and nothing else, and
 * nothing in it changes anything, as far as that can be told from the text.
 */
export function sqlFault(parser: SqlParser, { text, kind }: SqlText): string | null {
  const isWhole = kind === 'index' ? isIndex(parser, text) : isTarget(parser, text, kind)
  if (!isWhole) return kind === 'type' ? 'no type' : kind === 'expression' ? 'no single expression' : 'no index'
  return null
}

/** Behind the text stands a name, which a comment in it would swallow. */
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

/** A statement that writes, a lock, or a function that reaches out of the query. */
function changesSomething(tree: unknown): boolean {
  if (Array.isArray(tree)) return tree.some(changesSomething)
  const node = asRecord(tree)
  if (node === null) return false
  return Object.entries(node).some(([key, value]) => {
    if (WRITES.has(key)) return true
    if (key === 'FuncCall' && isReachingOut(asRecord(value)?.funcname)) return true
    return changesSomething(value)
  })
}

function isReachingOut(parts: unknown): boolean {
  if (!Array.isArray(parts)) return true
  const last = asRecord(asRecord(parts.at(-1))?.String)?.sval
  return typeof last !== 'string' || REACHING_OUT.test(last)
}

const WRITES = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'intoClause', 'lockingClause'])

/** Functions that read files, run SQL in a text, end sessions, set settings or write large objects. */
const REACHING_OUT = /^(pg_|lo_|dblink|query_to_|cursor_to_|table_to_|schema_to_|database_to_|set_config$|setval$)/

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
