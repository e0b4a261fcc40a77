import type { Position, Range } from './position'

/**
 * The text of a file, in pieces of complete lines. An edit replaces one piece and reuses the others: copying a text of
 * half a megabyte at each keystroke costs more garbage collection than anything else. Immutable; offsets and characters
 * count UTF-16 code units.
 */
export class SourceText {
  private constructor(
    private readonly pieces: readonly Piece[],
    readonly length: number,
  ) {}

  static of(text: string | SourceText): SourceText {
    return text instanceof SourceText ? text : new SourceText(piecesOf(text), text.length)
  }

  /**
   * The text with a range replaced, as in the Language Server Protocol: a position after the end of its line means that
   * end, one after the last line the end of the text.
   */
  replace(range: Range, replacement: string): SourceText {
    const [one, other] = [this.locate(range.start), this.locate(range.end)]
    const isForward = one.piece < other.piece || (one.piece === other.piece && one.offset <= other.offset)
    const [start, end] = isForward ? [one, other] : [other, one]
    let changed =
      (this.pieces[start.piece]?.text.slice(0, start.offset) ?? '') +
      replacement +
      (this.pieces[end.piece]?.text.slice(end.offset) ?? '')
    let rest = end.piece + 1
    // Each piece but the last ends with a line.
    for (let next = this.pieces[rest]; next !== undefined && !changed.endsWith('\n'); next = this.pieces[++rest]) {
      changed += next.text
    }
    const pieces = [...this.pieces.slice(0, start.piece), ...piecesOf(changed), ...this.pieces.slice(rest)]
    return new SourceText(
      pieces,
      pieces.reduce((sum, { text }) => sum + text.length, 0),
    )
  }

  /** The text on the position's line before it. */
  lineTo(position: Position): string {
    const { piece, offset } = this.locate(position)
    const before = this.pieces[piece]?.text.slice(0, offset) ?? ''
    return before.slice(Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1)
  }

  slice(start: number, end = this.length): string {
    let found = ''
    let offset = 0
    for (const { text } of this.pieces) {
      if (offset >= end) break
      if (offset + text.length > start) found += text.slice(Math.max(start - offset, 0), end - offset)
      offset += text.length
    }
    return found
  }

  equals(other: SourceText): boolean {
    return this === other || (this.length === other.length && this.commonStart(other) === this.length)
  }

  /** The number of code units that the two have in common at their start. */
  commonStart(other: SourceText): number {
    let common = 0
    const [left, right] = [new Walk(this.pieces, 1), new Walk(other.pieces, 1)]
    for (;;) {
      const length = Math.min(left.left, right.left)
      if (length === 0) return common
      const [one, two] = [left.take(length), right.take(length)]
      if (one !== two) return common + commonPrefix(one, two)
      common += length
    }
  }

  /** The number of code units, up to `limit`, that they have in common at their end. */
  commonEnd(other: SourceText, limit: number): number {
    let common = 0
    const [left, right] = [new Walk(this.pieces, -1), new Walk(other.pieces, -1)]
    for (;;) {
      const length = Math.min(left.left, right.left, limit - common)
      if (length === 0) return common
      const [one, two] = [left.take(length), right.take(length)]
      if (one !== two) return common + commonSuffix(one, two)
      common += length
    }
  }

  /** The complete text; assembled at each call, so only for rare use. */
  toString(): string {
    return this.pieces.map(({ text }) => text).join('')
  }

  private locate({ line, character }: Position): Place {
    let remaining = Math.max(line, 0)
    const last = this.pieces.length - 1
    for (const [index, piece] of this.pieces.entries()) {
      if (remaining < piece.lineBreaks || index === last) {
        return { piece: index, offset: offsetIn(piece.text, remaining, line < 0 ? 0 : character) }
      }
      remaining -= piece.lineBreaks
    }
    return { piece: 0, offset: 0 }
  }
}

/** Its lines are counted when an edit needs a line after it. */
class Piece {
  private counted = -1

  constructor(readonly text: string) {}

  get lineBreaks(): number {
    if (this.counted < 0) this.counted = countLineBreaks(this.text)
    return this.counted
  }
}

interface Place {
  readonly piece: number
  readonly offset: number
}

/** A screen or two: cheap to replace, and few even in a large schema. */
const PIECE = 4096

/** Pieces of about that size, each but the last of which ends with a line feed. */
function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = []
  let start = 0
  while (text.length - start > 2 * PIECE) {
    const end = text.indexOf('\n', start + PIECE) + 1
    if (end === 0) break
    pieces.push(new Piece(text.slice(start, end)))
    start = end
  }
  if (start < text.length) pieces.push(new Piece(text.slice(start)))
  return pieces
}

function countLineBreaks(text: string): number {
  let count = 0
  for (let start = behindLineBreak(text, 0); start >= 0; start = behindLineBreak(text, start)) count++
  return count
}

/** The start of the next line, or -1. A line ends with a line feed, a carriage return, or both, as in the protocol. */
function behindLineBreak(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 10) return at + 1
    if (code === 13) return text.charCodeAt(at + 1) === 10 ? at + 2 : at + 1
  }
  return -1
}

function offsetIn(text: string, line: number, character: number): number {
  let start = 0
  for (let passed = 0; passed < line; passed++) {
    start = behindLineBreak(text, start)
    if (start < 0) return text.length
  }
  const next = behindLineBreak(text, start)
  let end = next < 0 ? text.length : next
  while (end > start && (text[end - 1] === '\n' || text[end - 1] === '\r')) end--
  return Math.min(start + Math.max(character, 0), end)
}

/** Walks over pieces from one end, part by part. */
class Walk {
  /** The rest of the current piece; 0 after the last. */
  left: number
  private index: number

  constructor(
    private readonly pieces: readonly Piece[],
    private readonly step: 1 | -1,
  ) {
    this.index = step === 1 ? 0 : pieces.length - 1
    this.left = this.text.length
  }

  take(length: number): string {
    const { text, left } = this
    const start = this.step === 1 ? text.length - left : left - length
    this.left -= length
    if (this.left === 0) {
      this.index += this.step
      this.left = this.text.length
    }
    return length === text.length ? text : text.slice(start, start + length)
  }

  private get text(): string {
    return this.pieces[this.index]?.text ?? ''
  }
}

function commonPrefix(left: string, right: string): number {
  let length = 0
  while (length < left.length && left.charCodeAt(length) === right.charCodeAt(length)) length++
  return length
}

function commonSuffix(left: string, right: string): number {
  let length = 0
  while (
    length < left.length &&
    left.charCodeAt(left.length - 1 - length) === right.charCodeAt(right.length - 1 - length)
  ) {
    length++
  }
  return length
}
