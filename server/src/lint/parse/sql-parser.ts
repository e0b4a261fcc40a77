import type { Node } from 'libpg-query'
import { nestsDeeply } from './nesting'

/** PostgreSQL's own grammar. The functions throw if the text does not parse. */
export interface SqlParser {
  /** The nodes of the statements in a text. Throws `SqlSyntaxError` or `SqlNestingError`. */
  parse(sql: string): readonly Node[]
  /** The queries and expressions in the body of a `CREATE FUNCTION` or `DO` in plpgsql, in order. */
  bodyQueries(statement: string): readonly BodyQuery[]
}

export interface BodyQuery {
  readonly text: string
  /** `dynamic`: an expression whose value EXECUTE runs. */
  readonly kind: 'statement' | 'expression' | 'assignment' | 'dynamic'
}

/**
 * The position where PostgreSQL's parser stopped, in characters (not UTF-16 code units) from the start of its input.
 */
export class SqlSyntaxError extends Error {
  constructor(
    message: string,
    readonly characters: number,
    options: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'SqlSyntaxError'
  }
}

/** The text nests deeper than our stack, so nothing is known about it. */
export class SqlNestingError extends Error {
  constructor(options?: ErrorOptions) {
    super('The SQL nests too deeply to be parsed.', options)
    this.name = 'SqlNestingError'
  }
}

/** Loads PostgreSQL's grammar, 1.7 MB of WebAssembly, in about 40 ms; only the first call does. */
export async function loadSqlParser(): Promise<SqlParser> {
  const { hasSqlDetails, loadModule, parsePlPgSQLSync, parseSync } = await import('libpg-query')
  await loadModule()
  return {
    parse(sql) {
      // The grammar would overflow the stack, and after some of that it rejects everything.
      if (nestsDeeply(sql)) throw new SqlNestingError()
      try {
        return (parseSync(sql).stmts ?? []).flatMap(({ stmt }) => stmt ?? [])
      } catch (cause) {
        if (cause instanceof RangeError) throw new SqlNestingError({ cause })
        const characters = hasSqlDetails(cause) ? (cause.sqlDetails?.cursorPosition ?? 0) : 0
        throw new SqlSyntaxError(cause instanceof Error ? cause.message : String(cause), characters, { cause })
      }
    },
    bodyQueries: (statement) => queriesIn(parsePlPgSQLSync(statement)),
  }
}

/**
 * Every `PLpgSQL_expr` of the tree, in text order. `parseMode` is PostgreSQL's RawParseMode.
 * @param kindOfNode of the node that the tree is in
 */
function queriesIn(tree: unknown, kindOfNode = '', isDynamic = false): BodyQuery[] {
  if (Array.isArray(tree)) return tree.flatMap((item) => queriesIn(item, kindOfNode))
  if (typeof tree !== 'object' || tree === null) return []
  return Object.entries(tree).flatMap(([key, value]: [string, unknown]) => {
    if (key !== 'PLpgSQL_expr') {
      return queriesIn(value, key, key === 'dynquery' || (key === 'query' && DYNAMIC.has(kindOfNode)))
    }
    const { query, parseMode } = value as { query?: string; parseMode?: number }
    if (query === undefined) return []
    return [{ text: query, kind: isDynamic ? 'dynamic' : (MODES[parseMode ?? 0] ?? 'assignment') } as const]
  })
}

const MODES: readonly BodyQuery['kind'][] = ['statement', 'statement', 'expression']

/** `EXECUTE …` and `FOR … IN EXECUTE …`. OPEN and RETURN QUERY have a `dynquery`. */
const DYNAMIC: ReadonlySet<string> = new Set(['PLpgSQL_stmt_dynexecute', 'PLpgSQL_stmt_dynfors'])
