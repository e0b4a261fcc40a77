import type { Range, SchemaProblem } from '../model'
import { sourceRange } from './source-range'
import type { Phrase } from '../../text/phrase'
import type { WordPool } from '../word-pool'
import { tokenize, type TokenKind, type Tokens } from './tokens'

/** A position in the tokens of one block, and the problems found so far. Ranges are relative to the keyword's line. */
export class TokenCursor {
  readonly problems: SchemaProblem[] = []
  /** Of the current token. */
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

  /** Like `kind`, after a call: TypeScript's narrowing of `kind` no longer holds there. */
  at(kind: TokenKind): boolean {
    return this.kind === kind
  }

  /** Whether the end of the current member is reached. */
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

  /** The line from which the lines of ranges count. */
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

  /** The current token, for a range that starts with it. */
  get start(): number {
    return this.index
  }

  get range(): Range {
    return this.between(this.index, this.index)
  }

  /** From the start of a token to the end of the last one read. */
  rangeFrom(start: number): Range {
    return this.between(start, this.index - 1)
  }

  /** From the start of a token to the end of a later range. */
  rangeUpTo(start: number, last: Range): Range {
    const { start: first } = this.between(start, start)
    return sourceRange(first.line, first.character, last.end.line, last.end.character)
  }

  /** An empty range after the last token read. */
  get emptyRange(): Range {
    return this.emptyBehind(this.index - 1)
  }

  /** An empty range after the last token that is neither blank nor a comment. */
  get lastContentEnd(): Range {
    let index = this.index - 1
    while (index > 0 && (this.tokens.kinds[index] === 'newline' || isComment(this.tokens.kinds[index] ?? 'end')))
      index--
    return this.emptyBehind(index)
  }

  /** Whether the block ends on the current line. */
  get isOnLastLine(): boolean {
    return this.tokens.lines[this.index] === this.tokens.lines.at(-1)
  }

  /** Whether this is the brace at the end of the source. */
  get isLastBrace(): boolean {
    return this.kindAfter(1) === 'end'
  }

  skipToLineEnd(): void {
    while (!this.isAtLineEnd) this.advance()
  }

  /** Skips everything up to the line break, including comments and braces. */
  skipLine(): void {
    while (this.kind !== 'newline' && this.kind !== 'end') this.advance()
  }

  report(message: Phrase, range: Range): void {
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
    // Only block comments span lines, and a node never ends with one; but its end must be a valid position.
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
