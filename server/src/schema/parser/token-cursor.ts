import type { Position, Range, SchemaProblem } from '../model'
import { tokenize, type TokenKind, type Tokens } from './tokens'

/** A place in the tokens of one block, and the problems met on the way. Ranges are relative to the keyword's line. */
export class TokenCursor {
  readonly problems: SchemaProblem[] = []
  /** Of the token at hand. */
  kind: TokenKind
  private readonly tokens: Tokens
  private index = 0
  private keywordLine = 0
  /** The last position made at the start and at the end of a token: nodes that meet there share it. */
  private lastStart: CachedPosition = NOWHERE
  private lastEnd: CachedPosition = NOWHERE

  constructor(source: string) {
    this.tokens = tokenize(source)
    this.kind = this.kindAfter(0)
  }

  get text(): string {
    return this.tokens.source.slice(this.tokens.starts[this.index], this.tokens.ends[this.index])
  }

  /** As `kind`, for a place behind a call: what the compiler knew of `kind` no longer holds there. */
  at(kind: TokenKind): boolean {
    return this.kind === kind
  }

  /** True at the end of what can belong to the member at hand. */
  get isAtLineEnd(): boolean {
    const { kind } = this
    return kind === 'newline' || kind === 'end' || kind === '}' || isComment(kind)
  }

  kindAfter(distance: number): TokenKind {
    return this.tokens.kinds[this.index + distance] ?? 'end'
  }

  advance(): void {
    if (this.kind === 'end') return
    this.index++
    this.kind = this.kindAfter(0)
  }

  accept(kind: TokenKind): boolean {
    if (this.kind !== kind) return false
    this.advance()
    return true
  }

  /** Lines of ranges count from here on. */
  startAtThisLine(): void {
    this.lastStart = this.lastEnd = NOWHERE
    this.keywordLine = this.tokens.lines[this.index] ?? 0
  }

  save(): number {
    return this.index
  }

  restore(index: number): void {
    this.index = index
    this.kind = this.kindAfter(0)
  }

  get start(): Position {
    const { index } = this
    if (this.lastStart.index !== index) {
      this.lastStart = { index, position: this.position(index, this.tokens.starts[index] ?? 0) }
    }
    return this.lastStart.position
  }

  /** Where the last token ended that was read. */
  get previousEnd(): Position {
    return this.endOf(this.index - 1)
  }

  get range(): Range {
    return { start: this.start, end: this.endOf(this.index) }
  }

  rangeFrom(start: Position): Range {
    return { start, end: this.previousEnd }
  }

  /** Nothing, behind what was read last. */
  get emptyRange(): Range {
    const { previousEnd } = this
    return { start: previousEnd, end: previousEnd }
  }

  /** An empty range behind the last token that is neither blank nor a comment. */
  get lastContentEnd(): Range {
    let index = this.index - 1
    while (index > 0 && (this.tokens.kinds[index] === 'newline' || isComment(this.tokens.kinds[index] ?? 'end')))
      index--
    const end = this.position(index, this.tokens.ends[index] ?? 0)
    return { start: end, end }
  }

  /** True where the block ends on the line at hand. */
  get isOnLastLine(): boolean {
    return this.tokens.lines[this.index] === this.tokens.lines.at(-1)
  }

  /** True for the brace with which the source ends. */
  get isLastBrace(): boolean {
    return this.kindAfter(1) === 'end'
  }

  skipToLineEnd(): void {
    while (!this.isAtLineEnd) this.advance()
  }

  /** Over everything up to the line break, comments and braces too. */
  skipLine(): void {
    while (this.kind !== 'newline' && this.kind !== 'end') this.advance()
  }

  report(message: string, range: Range): void {
    this.problems.push({ message, range })
  }

  private endOf(index: number): Position {
    if (this.lastEnd.index !== index) {
      this.lastEnd = { index, position: this.position(index, this.tokens.ends[index] ?? 0) }
    }
    return this.lastEnd.position
  }

  private position(index: number, offset: number): Position {
    const { lines, lineStarts } = this.tokens
    let line = lines[index] ?? 0
    // Only block comments go over lines, and they are never the end of a node; yet their end must lie somewhere true.
    while (
      line + 1 < lineStarts.length &&
      (lineStarts[line + 1] ?? 0) <= offset &&
      this.tokens.kinds[index] !== 'newline'
    )
      line++
    return { line: line - this.keywordLine, character: offset - (lineStarts[line] ?? 0) }
  }
}

interface CachedPosition {
  readonly index: number
  readonly position: Position
}

const NOWHERE: CachedPosition = { index: -1, position: { line: 0, character: 0 } }

export function isComment(kind: TokenKind): boolean {
  return kind === 'comment' || kind === 'documentation' || kind === 'block comment'
}
