import type { AlterTableCmd, Node } from 'libpg-query'
import type { Span } from './span'
import type { Token } from '../text/sql-tokens'

/** A parsed script. Plain data. */
export interface Script {
  readonly text: string
  readonly statements: readonly Statement[]
}

export interface Statement extends Span {
  /**
   * `expression` and `assignment` are parts of a body that `node` makes a SELECT and an UPDATE of. `dynamic` is an
   * expression whose value EXECUTE runs; where it is a constant, its statements are in the body instead.
   */
  readonly role: 'statement' | 'expression' | 'assignment' | 'dynamic'
  /** What the parser made of it; null where it is not SQL, or too long to be worth it. */
  readonly node: Node | null
  /** What was parsed: a location in `node` counts the bytes of this in UTF-8. */
  readonly source: string
  /** Where `source` begins in the script; null where locations in `node` lead nowhere in the script. */
  readonly sourceStart: number | null
  /** Without comments. */
  readonly tokens: readonly Token[]
  /** Psql's commands in it, and the one that ends it; where it has no tokens, it is such a command. */
  readonly commands: readonly Span[]
  /** Behind its semicolon. */
  readonly behind: number
  /** Codes that a comment above silences; `*` for all. */
  readonly ignored: readonly string[]
  /** Where the parser stopped, and why. */
  readonly problem: (Span & { readonly message: string }) | null
  /** The queries of a function's or a DO block's body. */
  readonly body: readonly Statement[]
  /** Those of an `ALTER TABLE`. */
  readonly actions: readonly AlterAction[]
}

export interface AlterAction {
  readonly table: TableName
  readonly command: AlterTableCmd
  /** The action within its statement: `ADD COLUMN "x" INTEGER`. */
  readonly span: Span
  /** Is it the only one of its statement? */
  readonly alone: boolean
}

/** A table as a statement names it. */
export interface TableName {
  /** Null where the statement names none. */
  readonly schema: string | null
  readonly name: string
}
