import type { Node } from 'libpg-query'
import type { Script, Statement } from '../script'
import { findActions, strings } from '../syntax'
import { splitScript, statementsIn, type StatementText } from './split-script'
import { SqlNestingError, SqlSyntaxError, type BodyQuery, type SqlParser } from './sql-parser'
import type { Token } from '../../text/sql-tokens'
import type { Span } from '../span'

/**
 * Parses each statement of a script separately, so that an incomplete one does not hide the others. Never throws: a
 * statement that does not parse has a problem and no node.
 */
export function parseScript(text: string, parser: SqlParser): Script & { readonly statements: readonly Statement[] } {
  return { text, statements: [...parsedIn(text, parser)] }
}

/**
 * The same for a script of any length: a statement is parsed whenever it is its turn. Of a plan for a thousand models,
 * the trees of all statements would take 200 MB.
 */
export function parseOneByOne(text: string, parser: SqlParser): Script {
  return { text, statements: { [Symbol.iterator]: () => parsedIn(text, parser) } }
}

function* parsedIn(text: string, parser: SqlParser): Generator<Statement> {
  for (const statement of statementsIn(text)) yield parseStatement(text, statement, parser)
}

/** Characters; parsing a longer statement takes too long. */
const LONGEST = 200_000

/** Rows of an INSERT are data: nothing in them could be found. */
function isData(tokens: readonly Token[]): boolean {
  const words = tokens.flatMap(({ kind, text }) => (kind === 'word' ? text.toUpperCase() : []))
  return (
    words[0] === 'INSERT' && words.includes('VALUES') && !words.some((word) => word === 'WITH' || word === 'SELECT')
  )
}

function parseStatement(text: string, statement: StatementText, parser: SqlParser): Statement {
  const { start, end, tokens, commands, behind } = statement
  const source = withoutCommands(text.slice(start, end), start, commands)
  const common = {
    role: 'statement' as const,
    start,
    end,
    source,
    sourceStart: start,
    tokens,
    commands: commands.map(spanOf),
    behind,
    ignored: ignoredBy(statement),
  }
  const unread = { ...common, node: null, body: [], actions: [] }
  if (tokens.length === 0) return { ...unread, problem: null }
  if (source.length > LONGEST) {
    return { ...unread, problem: isData(tokens) ? null : { ...spanOf(statement), why: 'length' } }
  }
  try {
    const node = parser.parse(source)[0] ?? null
    const body = node === null ? [] : parseBody(node, common, parser)
    return withActions({ ...common, node, problem: null, body })
  } catch (error) {
    if (error instanceof SqlNestingError) {
      return { ...unread, problem: { ...spanOf(statement), why: 'nesting' } }
    }
    if (!(error instanceof SqlSyntaxError)) throw error
    return { ...unread, problem: problemOf(error, statement, source) }
  }
}

/** Replaces psql commands with spaces, which keeps all positions. */
function withoutCommands(source: string, start: number, commands: readonly Token[]): string {
  let text = ''
  for (const command of commands) {
    const [from, to] = [command.start - start, Math.min(command.end - start, source.length)]
    if (from < to) text += source.slice(text.length, from) + ' '.repeat(to - from)
  }
  return text + source.slice(text.length)
}

function problemOf(error: SqlSyntaxError, { start, end, tokens }: StatementText, source: string): Statement['problem'] {
  const stopped = start + unitsOf(source, error.characters)
  const token = tokens.find((candidate) => candidate.end > stopped)
  const { message } = error
  const span = token === undefined ? { start: Math.max(start, end - 1), end } : spanOf(token)
  return { ...span, why: 'syntax', message }
}

/** The number of UTF-16 code units of this many characters. */
function unitsOf(text: string, characters: number): number {
  let units = 0
  for (let count = 0; count < characters && units < text.length; count++) {
    units += (text.codePointAt(units) ?? 0) < 0x10000 ? 1 : 2
  }
  return units
}

function spanOf({ start, end }: Span): { start: number; end: number } {
  return { start, end }
}

/** `-- prisma-audit-ignore drop-column, drop-table: why`; without a code it ignores all. */
function ignoredBy({ comments, start }: StatementText): string[] {
  return comments
    .filter((comment) => comment.start < start)
    .flatMap((comment) => {
      const match = /prisma-audit-ignore\b([^:*\r\n]*)/.exec(comment.text)
      if (match === null) return []
      const codes = (match[1] ?? '').split(/[\s,]+/).filter((code) => code !== '')
      return codes.length === 0 ? ['*'] : codes
    })
}

function withActions(statement: Omit<Statement, 'actions'>): Statement {
  return { ...statement, actions: findActions(statement) }
}

type Outer = Pick<Statement, 'start' | 'end' | 'source' | 'tokens' | 'commands' | 'behind' | 'ignored'>

function parseBody(node: Node, outer: Outer, parser: SqlParser): Statement[] {
  const language = bodyLanguage(node)
  if (language === 'plpgsql') return parsePlpgsqlBody(outer, parser)
  if (language === 'sql') return parseSqlBody(node, outer, parser)
  return []
}

function bodyLanguage(node: Node): string | null {
  if ('DoStmt' in node) return stringOption(node.DoStmt.args, 'language') ?? 'plpgsql'
  if ('CreateFunctionStmt' in node) return stringOption(node.CreateFunctionStmt.options, 'language')
  return null
}

function stringOption(options: readonly Node[] | undefined, name: string): string | null {
  for (const option of options ?? []) {
    if (!('DefElem' in option) || option.DefElem.defname !== name) continue
    const { arg } = option.DefElem
    if (arg !== undefined && 'String' in arg) return arg.String.sval?.toLowerCase() ?? null
  }
  return null
}

function parsePlpgsqlBody(outer: Outer, parser: SqlParser): Statement[] {
  let from = 0
  return queriesOf(outer.source, parser).flatMap((query) => {
    const found = outer.source.indexOf(query.text, from)
    if (found !== -1) from = found + query.text.length
    return query.kind === 'dynamic'
      ? parseDynamic(query, outer, found, parser)
      : parseQuery(query, outer, found, parser)
  })
}

/** What EXECUTE runs: the statements of a constant, or its expression if only the running block knows its value. */
function parseDynamic(query: BodyQuery, outer: Outer, found: number, parser: SqlParser): Statement[] {
  const [expression] = parseQuery(query, outer, found, parser)
  if (expression === undefined) return []
  const text = constantOf(expression.node)
  const place = { ...outer, start: expression.start, end: expression.end }
  const inside = text === null || found === -1 ? -1 : query.text.indexOf(text)
  const read =
    text === null
      ? []
      : parseStatements(text, inside === -1 ? place : outer, inside === -1 ? -1 : found + inside, parser)
  return read.length > 0 ? read : [expression]
}

/** The value of `SELECT 'a' || 'b'`; null if it is not a constant. */
function constantOf(node: Node | null): string | null {
  const target = node !== null && 'SelectStmt' in node ? node.SelectStmt.targetList?.[0] : undefined
  return target !== undefined && 'ResTarget' in target ? constantText(target.ResTarget.val) : null
}

function constantText(node: Node | undefined): string | null {
  if (node === undefined) return null
  if ('A_Const' in node) return node.A_Const.sval === undefined ? null : (node.A_Const.sval.sval ?? '')
  if ('TypeCast' in node) return constantText(node.TypeCast.arg)
  if (!('A_Expr' in node) || strings(node.A_Expr.name).at(-1) !== '||') return null
  const [left, right] = [constantText(node.A_Expr.lexpr), constantText(node.A_Expr.rexpr)]
  return left === null || right === null ? null : left + right
}

/** A body that does not parse is not reported: PostgreSQL itself checks it only when it runs. */
function queriesOf(source: string, parser: SqlParser): readonly BodyQuery[] {
  try {
    return parser.bodyQueries(source)
  } catch {
    return []
  }
}

function parseQuery(query: BodyQuery, outer: Outer, found: number, parser: SqlParser): Statement[] {
  const { prefix, text } = asStatement(query)
  try {
    return parser.parse(prefix + text).map((node) =>
      withActions({
        ...outer,
        role: query.kind,
        ...(found === -1 ? {} : { start: outer.start + found, end: outer.start + found + query.text.length }),
        node,
        source: prefix + text,
        sourceStart: found === -1 ? null : outer.start + found - prefix.length,
        tokens: found === -1 ? [] : tokensAt(query.text, outer.start + found),
        problem: null,
        body: [],
      }),
    )
  } catch {
    return []
  }
}

function tokensAt(text: string, offset: number): Token[] {
  const tokens = splitScript(text)[0]?.tokens ?? []
  return tokens.map((token) => ({ ...token, start: token.start + offset, end: token.end + offset }))
}

/** An expression and an assignment are not complete statements. */
function asStatement({ kind, text }: BodyQuery): { prefix: string; text: string } {
  if (kind === 'statement') return { prefix: '', text }
  if (kind === 'expression' || kind === 'dynamic') return { prefix: 'SELECT ', text }
  return { prefix: 'UPDATE plpgsql SET ', text: text.replace(':=', ' =') }
}

function parseSqlBody(node: Node, outer: Outer, parser: SqlParser): Statement[] {
  if (!('CreateFunctionStmt' in node)) return []
  const body = node.CreateFunctionStmt.options?.flatMap((option) => ('DefElem' in option ? [option.DefElem] : []))
  const parts = body?.find(({ defname }) => defname === 'as')?.arg
  const items = parts !== undefined && 'List' in parts ? (parts.List.items ?? []) : []
  const [first] = items
  if (first === undefined || !('String' in first) || first.String.sval === undefined) return []
  const text = first.String.sval
  return parseStatements(text, outer, outer.source.indexOf(text), parser)
}

/** @param found the offset of the text in the outer statement; -1 if it differs there, as with doubled quotes */
function parseStatements(text: string, outer: Outer, found: number, parser: SqlParser): Statement[] {
  return splitScript(text).flatMap(({ start, end }) =>
    parseQuery({ kind: 'statement', text: text.slice(start, end) }, outer, found === -1 ? -1 : found + start, parser),
  )
}
