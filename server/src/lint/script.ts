import type { AlterTableCmd, Node } from 'libpg-query'
import type { Span } from './span'
import type { Token } from '../text/sql-tokens'

/** A parsed script. Plain data. */
export interface Script {
  readonly text: string
  /** In order; they may be parsed anew each time. */
  readonly statements: Iterable<Statement>
}

export interface Statement extends Span {
  /**
   * `expression` and `assignment` are parts of a body, with a SELECT and an UPDATE as their `node`. `dynamic` is an
   * expression whose value EXECUTE runs; if it is a constant, the body contains its statements instead.
   */
  readonly role: 'statement' | 'expression' | 'assignment' | 'dynamic'
  /** The parsed statement; null if it is not SQL, or too long to parse. */
  readonly node: Node | null
  /** The parsed text: locations in `node` count its bytes in UTF-8. */
  readonly source: string
  /** The offset of `source` in the script; null if locations in `node` have no place in the script. */
  readonly sourceStart: number | null
  /** Without comments. */
  readonly tokens: readonly Token[]
  /** psql commands in it, and the one that ends it; without tokens, it is itself such a command. */
  readonly commands: readonly Span[]
  /** After its semicolon. */
  readonly behind: number
  /** Codes that a comment above ignores; `*` for all. */
  readonly ignored: readonly string[]
  /** Why it was not parsed. */
  readonly problem: Problem | null
  /** The queries of a function's or a DO block's body. */
  readonly body: readonly Statement[]
  /** Those of an `ALTER TABLE`. */
  readonly actions: readonly AlterAction[]
}

/** For `syntax`, where the parser stopped and its message. */
type Problem = Span & ({ readonly why: 'syntax'; readonly message: string } | { readonly why: 'nesting' | 'length' })

export interface AlterAction {
  readonly table: TableName
  readonly command: AlterTableCmd
  /** The action within its statement: `ADD COLUMN "x" INTEGER`. */
  readonly span: Span
  /** Whether it is the only one of its statement. */
  readonly alone: boolean
}

/** A table, as named in a statement. */
export interface TableName {
  /** Null if the statement names none. */
  readonly schema: string | null
  readonly name: string
}
