import { BoundaryList, type BlockBoundary } from '../boundary-list'
import type { FileLayout, Range, SchemaProblem } from '../model'
import { phrase } from '../../text/phrase'

/**
 * Finds where blocks start and end, without parsing their contents. A block ends at a line that starts with `}`, as in
 * Prisma's grammar, or, if that is missing, before the next line that opens a block. Linear in the text's length.
 */
export function findBlocks(text: string): FileLayout {
  const scan = new BoundaryScan(text)
  scan.run({ position: 0, line: 0 }, () => false)
  const { blocks, problems, isPlain } = scan
  return { blocks: BoundaryList.of(blocks), problems, isPlain }
}

/**
 * The same for a part of a plain text, from the start of a line outside any block to one that `isEnd` accepts, or to
 * the end of the text, where `end` is null.
 */
export function findBlocksBetween(
  text: string,
  from: LineStart,
  isEnd: (position: number) => boolean,
): { blocks: readonly BlockBoundary[]; problems: readonly SchemaProblem[]; end: LineStart | null } {
  const scan = new BoundaryScan(text, true)
  const end = scan.run(from, isEnd)
  return { blocks: scan.blocks, problems: scan.problems, end }
}

export interface LineStart {
  readonly position: number
  readonly line: number
}

interface Comments {
  readonly start: number
  readonly line: number
}

interface OpenBlock {
  readonly start: number
  readonly startLine: number
  readonly column: number
  /** False for a block of an unknown kind or without a name, which is skipped. */
  readonly known: boolean
  readonly headerStart: number
  readonly headerEnd: number
  /** Offset after the last line that is neither blank nor a comment. */
  contentEnd: number
}

class BoundaryScan {
  readonly blocks: { -readonly [Key in keyof BlockBoundary]: BlockBoundary[Key] }[] = []
  readonly problems: SchemaProblem[] = []
  private readonly header = /(?:model|enum|view|type|datasource|generator)[ \t]+[^\s{}()[\]"@,:=/]+[ \t]*\{/y
  private readonly anyHeader = /[\w-]+(?:[ \t]+[\w-]+)?[ \t]*\{/y
  readonly isPlain: boolean
  private readonly hasLoneCarriageReturn: boolean
  private readonly lastCommentClose: number
  private nextBlockComment: number
  private line = 0
  private open: OpenBlock | null = null
  /** The comment lines directly above the current line. */
  private comments: Comments | null = null
  /** A run of unknown lines: one problem for all of them. */
  private strayRange: Range | null = null

  constructor(
    private readonly text: string,
    isKnownToBePlain = false,
  ) {
    this.hasLoneCarriageReturn = !isKnownToBePlain && text.includes('\r') && /\r(?!\n)/.test(text)
    this.nextBlockComment = isKnownToBePlain ? -1 : text.indexOf('/*')
    this.lastCommentClose = this.nextBlockComment < 0 ? -1 : text.lastIndexOf('*/')
    this.isPlain = !this.hasLoneCarriageReturn && this.nextBlockComment < 0
  }

  /** Scans to a line outside any block that `isEnd` accepts and returns it; null at the end of the text. */
  run(from: LineStart, isEnd: (position: number) => boolean): LineStart | null {
    const { text } = this
    let { position } = from
    this.line = from.line
    while (position < text.length) {
      if (this.isAtRest() && isEnd(position)) return { position, line: this.line }
      const known = this.blocks.length
      const lineEnd = this.endOfLine(position)
      const first = this.firstOfLine(position, lineEnd)
      const end = this.endOfLogicalLine(first, lineEnd)
      this.readLine(position, first, end)
      if (end > lineEnd) this.line += this.countLineBreaks(lineEnd, end)
      position = this.behindLineBreak(end)
      this.line++
      const last = this.blocks.at(-1)
      if (last !== undefined && this.blocks.length > known && this.isAtRest()) {
        last.next = position
        last.nextLine = this.line
      }
    }
    if (this.open !== null) this.close(this.open, this.open.contentEnd)
    this.flushStrayLines()
    return null
  }

  /** The state does not depend on anything that was read so far. */
  private isAtRest(): boolean {
    return this.open === null && this.comments === null && this.strayRange === null
  }

  private readLine(lineStart: number, first: number, end: number): void {
    const { text, open } = this
    if (first >= end) {
      this.comments = null
      return
    }
    const code = text.charCodeAt(first)
    if (code === 47 /* / */ && this.isComment(first)) {
      this.comments ??= { start: lineStart, line: this.line }
      return
    }
    if (open !== null && code === 125 /* } */) this.closeAtBrace(open, lineStart, first, end)
    else if (!this.openBlock(lineStart, lineStart, first, end)) this.readOther(open, lineStart, first, end)
    this.comments = null
  }

  private readOther(open: OpenBlock | null, lineStart: number, first: number, end: number): void {
    if (open !== null) {
      open.contentEnd = end
      return
    }
    const { line } = this
    const start = this.strayRange?.start ?? { line, character: first - lineStart }
    this.strayRange = { start, end: { line, character: this.trimmedEnd(first, end) - lineStart } }
  }

  /** Opens a block if the line is a block header; a block that is still open then lacks its closing brace. */
  private openBlock(start: number, lineStart: number, first: number, end: number): boolean {
    const known = this.matchesHeader(this.header, first)
    const unknown = !known && this.open === null && this.matchesHeader(this.anyHeader, first)
    if (!known && !unknown) return false
    this.flushStrayLines()
    if (this.open !== null) this.close(this.open, this.open.contentEnd)
    const behindBrace = (known ? this.header : this.anyHeader).lastIndex
    this.open = {
      start: this.comments?.start ?? start,
      startLine: this.line,
      column: start - lineStart,
      known,
      headerStart: first - lineStart,
      headerEnd: behindBrace - lineStart,
      contentEnd: end,
    }
    const brace = this.braceThatEndsTheHeader(behindBrace, end)
    if (brace >= 0) this.close(this.open, brace + 1)
    return true
  }

  private matchesHeader(header: RegExp, first: number): boolean {
    header.lastIndex = first
    return header.test(this.text)
  }

  private closeAtBrace(open: OpenBlock, lineStart: number, brace: number, end: number): void {
    this.close(open, brace + 1)
    this.comments = null
    // Prisma accepts a block that starts after the closing brace of another.
    const next = this.firstOfLine(brace + 1, end)
    if (next < end && !this.isComment(next) && !this.openBlock(next, lineStart, next, end)) {
      this.readOther(null, lineStart, next, end)
    }
  }

  private close(open: OpenBlock, end: number): void {
    this.open = null
    const { start, startLine, column } = open
    if (open.known) {
      this.blocks.push({ start, end, startLine, column, next: -1, nextLine: -1 })
      return
    }
    this.problems.push({
      message: phrase`This is not a block of the Prisma schema language: expected model, view, enum, type, datasource or generator, a name and {.`,
      range: {
        start: { line: startLine, character: open.headerStart },
        end: { line: startLine, character: open.headerEnd },
      },
    })
  }

  private flushStrayLines(): void {
    if (this.strayRange === null) return
    this.problems.push({ message: phrase`This line is outside any block.`, range: this.strayRange })
    this.strayRange = null
  }

  private isComment(position: number): boolean {
    const next = this.text.charCodeAt(position + 1)
    return (
      this.text.charCodeAt(position) === 47 && (next === 47 || (next === 42 && this.lastCommentClose >= position + 2))
    )
  }

  /** The brace in `model A { id Int }`, or -1: Prisma requires it on a new line, but the block must still end here. */
  private braceThatEndsTheHeader(start: number, end: number): number {
    let brace = -1
    this.walkCode(start, end, (code, position) => {
      if (code === 125) brace = position
      else if (!isBlank(code)) brace = -1
    })
    return brace
  }

  /** The end of the line, or of the line on which a block comment that starts here ends. */
  private endOfLogicalLine(start: number, lineEnd: number): number {
    if (this.nextBlockComment < 0 || this.nextBlockComment >= lineEnd) return lineEnd
    const end = this.walkCode(start, lineEnd, () => undefined)
    if (this.nextBlockComment < end) this.nextBlockComment = this.text.indexOf('/*', end)
    return end
  }

  /** Skips text that is neither comment nor string, and returns the end of the line on which that ended. */
  private walkCode(start: number, lineEnd: number, visit: (code: number, position: number) => void): number {
    const { text } = this
    let end = lineEnd
    for (let position = start; position < end; position++) {
      const code = text.charCodeAt(position)
      if (code === 34 /* " */) position = this.closingQuote(position + 1, end)
      else if (code === 47 && text.charCodeAt(position + 1) === 47) break
      else if (code === 47 && text.charCodeAt(position + 1) === 42) {
        if (this.lastCommentClose < position + 2) break
        position = text.indexOf('*/', position + 2) + 1
        if (position >= end) end = this.endOfLine(position)
      } else visit(code, position)
    }
    return end
  }

  private closingQuote(start: number, end: number): number {
    for (let position = start; position < end; position++) {
      const code = this.text.charCodeAt(position)
      if (code === 34) return position
      if (code === 92 /* \ */) position++
    }
    return end
  }

  private endOfLine(position: number): number {
    const { text } = this
    if (!this.hasLoneCarriageReturn) {
      const end = text.indexOf('\n', position)
      return end < 0 ? text.length : end
    }
    let end = position
    while (end < text.length && text.charCodeAt(end) !== 10 && text.charCodeAt(end) !== 13) end++
    return end
  }

  private behindLineBreak(end: number): number {
    return this.text.charCodeAt(end) === 13 && this.text.charCodeAt(end + 1) === 10 ? end + 2 : end + 1
  }

  private countLineBreaks(start: number, end: number): number {
    let count = 0
    for (let at = this.endOfLine(start); at < end; at = this.endOfLine(this.behindLineBreak(at))) count++
    return count
  }

  private firstOfLine(position: number, end: number): number {
    let first = position
    while (first < end && isBlank(this.text.charCodeAt(first))) first++
    return first
  }

  private trimmedEnd(start: number, end: number): number {
    let last = end
    while (last > start && isBlank(this.text.charCodeAt(last - 1))) last--
    return last
  }
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 13 || code === 0xa0 || code === 0xfeff
}
