/**
 * Splits the source of one block into tokens. Total: any text becomes a token, and every token ends on its line except
 * a block comment. Stored as parallel arrays, because a large schema has several hundred thousand tokens.
 */
export function tokenize(source: string): Tokens {
  return new Tokenizer(source).run()
}

export interface Tokens {
  readonly source: string
  readonly kinds: readonly TokenKind[]
  /** Offsets in the source. */
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  /** The line on which a token starts. */
  readonly lines: readonly number[]
  /** The offset at which each line starts. */
  readonly lineStarts: readonly number[]
}

export type TokenKind =
  | 'newline'
  /** An identifier or a dotted path: `id`, `db.VarChar`. */
  | 'word'
  | 'number'
  | 'string'
  /** A string without a closing quote; it ends with its line. */
  | 'open string'
  | '@'
  | '@@'
  | '{'
  | '}'
  | '('
  | ')'
  | '['
  | ']'
  | ','
  | ':'
  | '='
  | '?'
  | '!'
  /** `//` */
  | 'comment'
  /** `///` */
  | 'documentation'
  /** From `/*` to its end; Prisma reads it as documentation. */
  | 'block comment'
  | 'unknown'
  | 'end'

const PUNCTUATION = new Map<number, TokenKind>(
  (['{', '}', '(', ')', '[', ']', ',', ':', '=', '?', '!'] as const).map((sign) => [sign.charCodeAt(0), sign]),
)

const TAB = 9
const LINE_FEED = 10
const CARRIAGE_RETURN = 13
const SPACE = 32
const QUOTE = 34
const STAR = 42
const MINUS = 45
const DOT = 46
const SLASH = 47
const AT = 64
const BACKSLASH = 92
const FIRST_BEYOND_ASCII = 128

class Tokenizer {
  private readonly kinds: TokenKind[] = []
  private readonly starts: number[] = []
  private readonly ends: number[] = []
  private readonly lines: number[] = []
  private readonly lineStarts: number[] = [0]
  private lastCommentClose: number | null = null
  private position = 0

  constructor(private readonly source: string) {}

  run(): Tokens {
    const { source } = this
    while (this.position < source.length) this.step(source.charCodeAt(this.position))
    this.add('end', source.length)
    const { kinds, starts, ends, lines, lineStarts } = this
    return { source, kinds, starts, ends, lines, lineStarts }
  }

  private step(code: number): void {
    const kind = CLASSES[code] ?? classBeyondAscii(code)
    if (kind === 'blank') this.position++
    else if (kind === 'word') this.word(code)
    else if (kind === 'line break') this.newline(code)
    else this.other(code)
  }

  private other(code: number): void {
    if (code === AT) {
      const isDouble = this.peek(1) === AT
      this.add(isDouble ? '@@' : '@', this.position + (isDouble ? 2 : 1))
    } else if (code === QUOTE) this.string()
    else if (code === SLASH) this.comment()
    else if (code === MINUS && isDigit(this.peek(1))) this.word(code)
    else this.add(PUNCTUATION.get(code) ?? 'unknown', this.position + 1)
  }

  private peek(distance: number): number {
    return this.source.charCodeAt(this.position + distance)
  }

  private add(kind: TokenKind, end: number): void {
    this.kinds.push(kind)
    this.starts.push(this.position)
    this.ends.push(end)
    this.lines.push(this.lineStarts.length - 1)
    this.position = end
  }

  private newline(code: number): void {
    this.add('newline', this.position + (code === CARRIAGE_RETURN && this.peek(1) === LINE_FEED ? 2 : 1))
    this.lineStarts.push(this.position)
  }

  private word(first: number): void {
    const { source } = this
    let end = this.position + 1
    while (end < source.length && isWordPart(source.charCodeAt(end))) end++
    const isNumber = (first === MINUS || isDigit(first)) && /^-?\d+(\.\d+)?$/.test(source.slice(this.position, end))
    this.add(isNumber ? 'number' : 'word', end)
  }

  private string(): void {
    const { source } = this
    let end = this.position + 1
    for (; end < source.length; end++) {
      const code = source.charCodeAt(end)
      if (code === QUOTE) {
        this.add('string', end + 1)
        return
      }
      if (code === LINE_FEED || code === CARRIAGE_RETURN) break
      if (code === BACKSLASH && !isLineBreak(source.charCodeAt(end + 1))) end++
    }
    this.add('open string', Math.min(end, source.length))
  }

  private comment(): void {
    const next = this.peek(1)
    if (next === SLASH) {
      this.add(this.peek(2) === SLASH ? 'documentation' : 'comment', this.endOfLine())
    } else if (next === STAR) {
      this.lastCommentClose ??= this.source.lastIndexOf('*/')
      // An incomplete comment must not hide the rest of the block.
      if (this.lastCommentClose < this.position + 2) this.add('comment', this.endOfLine())
      else this.blockComment(this.source.indexOf('*/', this.position + 2) + 2)
    } else {
      this.add('unknown', this.position + 1)
    }
  }

  private blockComment(end: number): void {
    const start = this.position
    this.add('block comment', end)
    for (let offset = start; offset < end; offset++) {
      const code = this.source.charCodeAt(offset)
      if (code === LINE_FEED || (code === CARRIAGE_RETURN && this.source.charCodeAt(offset + 1) !== LINE_FEED)) {
        this.lineStarts.push(offset + 1)
      }
    }
  }

  private endOfLine(): number {
    let end = this.position
    while (end < this.source.length && !isLineBreak(this.source.charCodeAt(end))) end++
    return end
  }
}

function isLineBreak(code: number): boolean {
  return code === LINE_FEED || code === CARRIAGE_RETURN
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function isWordPart(code: number): boolean {
  return (CLASSES[code] ?? classBeyondAscii(code)) === 'word' || code === MINUS || code === DOT
}

type CharacterClass = 'blank' | 'word' | 'line break' | 'other'

/** The kinds of ASCII characters, by code. */
const CLASSES: readonly CharacterClass[] = Array.from({ length: FIRST_BEYOND_ASCII }, (_, code) => {
  if (code === SPACE || code === TAB) return 'blank'
  if (isLineBreak(code)) return 'line break'
  return /\w/.test(String.fromCharCode(code)) ? 'word' : 'other'
})

/** Prisma 7 accepts letters of any script in names; earlier versions reject non-ASCII letters later, in validation. */
function classBeyondAscii(code: number): CharacterClass {
  return isSpaceBeyondAscii(code) ? 'blank' : 'word'
}

/** Unicode's space separators, which Prisma accepts as spaces, and the byte order mark. */
function isSpaceBeyondAscii(code: number): boolean {
  return (
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000 ||
    code === 0xfeff
  )
}
