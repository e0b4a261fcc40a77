import { nextToken, type Token } from '../../text/sql-tokens'

/** A statement in the script. */
export interface StatementText {
  /** From its first to its last token, without surrounding comments and without its semicolon. */
  readonly start: number
  readonly end: number
  /** Without comments and psql's commands. */
  readonly tokens: readonly Token[]
  /** The comments above it and in it. */
  readonly comments: readonly Token[]
  /** Psql's commands in it, and the one that ends it. */
  readonly commands: readonly Token[]
  /** After its semicolon, or its end if it has none. */
  readonly behind: number
}

/**
 * The statements of a script. A semicolon inside an SQL function between BEGIN ATOMIC and END belongs to the body;
 * psql's `\gexec` and similar end a statement like a semicolon, and its other commands are statements without tokens;
 * rows after COPY … FROM stdin are not statements.
 */
export function splitScript(text: string): StatementText[] {
  return [...statementsIn(text)]
}

/** The same, one by one. */
export function* statementsIn(text: string): Generator<StatementText> {
  let open = emptyStatement()
  const close = (behind: number | null): StatementText[] => {
    const { tokens, comments, commands } = open
    const parts = tokens.length === 0 ? commands : tokens
    const first = parts[0]
    const last = parts.at(-1)
    open = emptyStatement()
    if (first === undefined || last === undefined) return []
    return [{ start: first.start, end: last.end, tokens, comments, commands, behind: behind ?? last.end }]
  }
  let position = 0
  for (let token = nextToken(text, position); token !== null; token = nextToken(text, position)) {
    position = token.end
    if (token.kind === 'comment') open.comments.push(token)
    else if (token.kind === 'command') {
      open.commands.push(token)
      if (open.tokens.length === 0 || /^\\g(?:exec|set|desc|x)?\b/.test(token.text)) yield* close(token.end)
    } else if (token.text === ';' && open.depth === 0) {
      const isCopy = copiesFromInput(open.tokens)
      yield* close(token.end)
      if (isCopy) position = endOfCopiedRows(text, position)
    } else {
      open.tokens.push(token)
      open.depth = depthAfter(open, token)
    }
  }
  yield* close(null)
}

interface OpenStatement {
  readonly tokens: Token[]
  readonly comments: Token[]
  readonly commands: Token[]
  /** The number of open BEGINs and CASEs in a function's body. */
  depth: number
}

function emptyStatement(): OpenStatement {
  return { tokens: [], comments: [], commands: [], depth: 0 }
}

function depthAfter({ tokens, depth }: OpenStatement, token: Token): number {
  if (token.kind !== 'word') return depth
  const word = token.text.toUpperCase()
  if (depth === 0) return word === 'ATOMIC' && wordAt(tokens, tokens.length - 2) === 'BEGIN' ? 1 : 0
  if (word === 'CASE') return depth + 1
  return word === 'END' ? depth - 1 : depth
}

function wordAt(tokens: readonly Token[], index: number): string | undefined {
  return tokens[index]?.text.toUpperCase()
}

function copiesFromInput(tokens: readonly Token[]): boolean {
  return (
    wordAt(tokens, 0) === 'COPY' &&
    tokens.some((_, index) => wordAt(tokens, index) === 'FROM' && wordAt(tokens, index + 1) === 'STDIN')
  )
}

function endOfCopiedRows(text: string, from: number): number {
  const end = /^\\\.\r?$/m.exec(text.slice(from))
  return end === null ? text.length : from + end.index + end[0].length
}
