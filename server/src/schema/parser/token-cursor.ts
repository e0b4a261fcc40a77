import type { Range, SchemaProblem } from '../model'
import { sourceRange } from './source-range'
import type { WordPool } from '../word-pool'
import { tokenize, type TokenKind, type Tokens } from './tokens'

/** A place in the tokens of one block, and the problems met on the way. Ranges are relative to the keyword's line. */
export class TokenCursor {
  readonly problems: SchemaProblem[] = []
  /** Of the token at hand. */
  kind: TokenKind
  private readonly tokens: Tokens
  private index = 0
  private keywordLine = 0

  constructor(
    source: string,
    private readonly words: WordPool,
  ) {
    this.tokens = tokenize(source)
    this.kind = this.kindAfter(0)
  }

  get text(): string {
    return this.words.shared(this.tokens.source.slice(this.tokens.starts[this.index], this.tokens.ends[this.index]))
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
    this.keywordLine = this.tokens.lines[this.index] ?? 0
  }

  save(): number {
    return this.index
  }

  restore(index: number): void {
    this.index = index
    this.kind = this.kindAfter(0)
  }

  /** The token at hand, for a range that starts with it. */
  get start(): number {
    return this.index
  }

  get range(): Range {
    return this.between(this.index, this.index)
  }

  /** From the start of a token to the end of the one that was read last. */
  rangeFrom(start: number): Range {
    return this.between(start, this.index - 1)
  }

  /** From the start of a token to the end of a range behind it. */
  rangeUpTo(start: number, last: Range): Range {
    const { start: first } = this.between(start, start)
    return sourceRange(first.line, first.character, last.end.line, last.end.character)
  }

  /** Nothing, behind what was read last. */
  get emptyRange(): Range {
    return this.emptyBehind(this.index - 1)
  }

  /** An empty range behind the last token that is neither blank nor a comment. */
  get lastContentEnd(): Range {
    let index = this.index - 1
    while (index > 0 && (this.tokens.kinds[index] === 'newline' || isComment(this.tokens.kinds[index] ?? 'end')))
      index--
    return this.emptyBehind(index)
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

  private between(first: number, last: number): Range {
    const { starts, ends, lineStarts } = this.tokens
    const [start, end] = [starts[first] ?? 0, ends[last] ?? 0]
    const startLine = this.lineOf(first, start)
    const endLine = this.lineOf(last, end)
    const { keywordLine } = this
    return sourceRange(
      startLine - keywordLine,
      start - (lineStarts[startLine] ?? 0),
      endLine - keywordLine,
      end - (lineStarts[endLine] ?? 0),
    )
  }

  private emptyBehind(index: number): Range {
    const offset = this.tokens.ends[index] ?? 0
    const line = this.lineOf(index, offset)
    const character = offset - (this.tokens.lineStarts[line] ?? 0)
    return sourceRange(line - this.keywordLine, character, line - this.keywordLine, character)
  }

  private lineOf(index: number, offset: number): number {
    const { lines, lineStarts } = this.tokens
    let line = lines[index] ?? 0
    // Only block comments go over lines, and they are never the end of a node; yet their end must lie somewhere true.
    while (
      line + 1 < lineStarts.length &&
      (lineStarts[line + 1] ?? 0) <= offset &&
      this.tokens.kinds[index] !== 'newline'
    )
      line++
    return line
  }
}

export function isComment(kind: TokenKind): boolean {
  return kind === 'comment' || kind === 'documentation' || kind === 'block comment'
}
