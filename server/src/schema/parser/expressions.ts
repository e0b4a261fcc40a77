import type { Argument, Attribute, Expression, Name } from '../model'
import { sourceName } from './source-range'
import { stringValue } from './strings'
import { isComment, type TokenCursor } from './token-cursor'
import type { TokenKind } from './tokens'
import { trimmed } from '../../trimmed'
import { phrase, type Phrase } from '../../text/phrase'

const SEPARATORS: ReadonlySet<TokenKind> = new Set<TokenKind>([',', ')', ']', '@', '@@'])

/** Deeper than any schema nests, and shallow enough for the stack. */
const DEEPEST_NESTING = 50

/**
 * Parses `@name(…)` or `@@name(…)`; the cursor is at the `@`. Complete arguments may span several lines; otherwise they
 * end with their line, so that a missing bracket swallows nothing.
 */
export function parseAttribute(cursor: TokenCursor): Attribute {
  const { start } = cursor
  cursor.advance()
  const name = cursor.kind === 'word' ? parseName(cursor) : missingName(cursor, phrase`An attribute needs a name.`)
  let parsed: readonly Argument[] = trimmed<Argument>([])
  if (cursor.kind === '(') {
    const opening = cursor.save()
    const whole = new ExpressionReader(cursor, true).readArguments()
    if (whole === null) {
      cursor.restore(opening)
      parsed = new ExpressionReader(cursor, false).readArguments() ?? []
    } else parsed = whole
  }
  return { name, arguments: parsed, range: cursor.rangeFrom(start) }
}

/** Parses the value after `=` of a property. Total: a `missing` expression if there is none. */
export function parseValue(cursor: TokenCursor): Expression {
  const beginning = cursor.save()
  const whole = new ExpressionReader(cursor, true).readExpression()
  if (whole !== null) return whole
  cursor.restore(beginning)
  return new ExpressionReader(cursor, false).readExpression() ?? { kind: 'missing', range: cursor.emptyRange }
}

export function parseName(cursor: TokenCursor): Name {
  const name = sourceName(cursor.text, cursor.range)
  cursor.advance()
  return name
}

function missingName(cursor: TokenCursor, message: Phrase): Name {
  const range = cursor.emptyRange
  cursor.report(message, range)
  return { text: '', range }
}

/**
 * Parses expressions in one of two ways. `whole`: line breaks between brackets are whitespace, and null means that
 * there is an error. Otherwise everything ends with the line, and errors are reported and skipped.
 */
class ExpressionReader {
  private depth = 0

  constructor(
    private readonly cursor: TokenCursor,
    private readonly whole: boolean,
  ) {}

  readArguments(): readonly Argument[] | null {
    return this.readList(')', () => this.readArgument())
  }

  readExpression(): Expression | null {
    const { cursor } = this
    const { kind, start } = cursor
    if (kind === 'string' || (kind === 'open string' && !this.whole)) {
      if (kind === 'open string') cursor.report(phrase`The closing quote is missing.`, cursor.range)
      const value = stringValue(cursor.text)
      cursor.advance()
      return { kind: 'string', value, range: cursor.rangeFrom(start) }
    }
    if (kind === 'number') {
      const value = cursor.text
      cursor.advance()
      return { kind: 'number', value, range: cursor.rangeFrom(start) }
    }
    if (kind === 'word') return this.readWord(start)
    if (kind === '[') {
      const items = this.readList(']', () => this.readExpression())
      return items === null ? null : { kind: 'array', items, range: cursor.rangeFrom(start) }
    }
    if (kind === '{') {
      const entries = this.readList('}', () => this.readArgument())
      return entries === null ? null : { kind: 'object', entries, range: cursor.rangeFrom(start) }
    }
    if (this.whole) return null
    const range = cursor.emptyRange
    cursor.report(phrase`A value is missing here.`, range)
    return { kind: 'missing', range }
  }

  private readWord(start: number): Expression | null {
    const { cursor } = this
    const value = cursor.text
    cursor.advance()
    if (cursor.kind !== '(') return { kind: 'word', value, range: cursor.rangeFrom(start) }
    const parsed = this.readArguments()
    return parsed === null ? null : { kind: 'function', name: value, arguments: parsed, range: cursor.rangeFrom(start) }
  }

  private readArgument(): Argument | null {
    const { cursor } = this
    const { start } = cursor
    let name: Name | null = null
    if (cursor.kind === 'word' && cursor.kindAfter(1) === ':') {
      name = parseName(cursor)
      cursor.advance()
      this.skipLineBreaks()
    }
    const value = this.readExpression()
    return value === null ? null : { name, value, range: name === null ? value.range : cursor.rangeFrom(start) }
  }

  /** From the opening bracket, where the cursor is, to the closing one. A trailing comma is accepted. */
  private readList<Item>(closing: ')' | ']' | '}', readItem: () => Item | null): readonly Item[] | null {
    const { cursor } = this
    const opening = cursor.range
    cursor.advance()
    this.depth++
    const items = this.depth > DEEPEST_NESTING ? null : this.readItems(closing, readItem)
    this.depth--
    if (items === null && this.whole) return null
    if (!cursor.accept(closing)) {
      if (this.whole) return null
      cursor.report(phrase`The closing ${closing} is missing.`, opening)
      if (items === null) cursor.skipLine()
    }
    return trimmed(items ?? [])
  }

  private readItems<Item>(closing: ')' | ']' | '}', readItem: () => Item | null): Item[] | null {
    const { cursor } = this
    const items: Item[] = []
    for (;;) {
      this.skipLineBreaks()
      if (cursor.kind === closing) return items
      if (!this.whole && cursor.isAtLineEnd) return items
      const before = cursor.save()
      const item = readItem()
      if (item === null) return null
      items.push(item)
      this.skipLineBreaks()
      if (cursor.accept(',')) continue
      if (cursor.kind === closing || this.whole || cursor.isAtLineEnd) return items
      // Without a comma, or after something that is not a value: a later closing bracket still closes.
      this.skipToSeparator(before)
      if (!cursor.accept(',')) return items
    }
  }

  private skipToSeparator(before: number): void {
    const { cursor } = this
    const { start } = cursor
    while (!cursor.isAtLineEnd && !SEPARATORS.has(cursor.kind)) cursor.advance()
    if (cursor.save() > before) cursor.report(phrase`Unexpected text.`, cursor.rangeFrom(start))
  }

  private skipLineBreaks(): void {
    if (!this.whole) return
    const { cursor } = this
    while (cursor.kind === 'newline' || isComment(cursor.kind)) cursor.advance()
  }
}
