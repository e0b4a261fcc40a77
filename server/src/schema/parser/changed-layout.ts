import type { BlockBoundary, BoundaryList } from '../boundary-list'
import type { FileLayout, SchemaProblem } from '../model'
import type { SourceText } from '../source-text'
import { findBlocksBetween, type LineStart } from './block-boundaries'

/** The layout of a changed text, and how many blocks at its start and end are unchanged. */
export interface ChangedLayout {
  readonly layout: FileLayout
  readonly unchangedAtStart: number
  readonly unchangedAtEnd: number
  /** The number of lines by which the blocks at the end have moved. */
  readonly lines: number
}

/**
 * The result of `findBlocks` for `text`, scanning only from the last block before the change to the first one after it.
 * Null if that is not possible, because a block comment may extend anywhere.
 */
export function changedLayout(before: SourceText, layout: FileLayout, text: SourceText): ChangedLayout | null {
  const prefix = before.commonStart(text)
  const suffix = before.commonEnd(text, Math.min(before.length, text.length) - prefix)
  const changeEnd = text.length - suffix
  if (!layout.isPlain || !isPlainBetween(text, prefix - 1, changeEnd)) return null

  const { blocks } = layout
  let unchangedAtStart = firstFrom(blocks, prefix + 1)
  while (unchangedAtStart > 0 && blocks.next(unchangedAtStart - 1) < 0) unchangedAtStart--
  const position = unchangedAtStart === 0 ? 0 : blocks.next(unchangedAtStart - 1)
  const line = unchangedAtStart === 0 ? 0 : blocks.nextLine(unchangedAtStart - 1)

  const moved = text.length - before.length
  const change = { text, from: { position, line }, changeEnd, moved, blocks, unchangedAtStart }
  const firstBehind = nextBehind(blocks, unchangedAtStart, changeEnd - moved)
  // Usually, the edited block still ends where it ended; otherwise incomplete text may extend anywhere.
  const near = firstBehind === null ? null : scanChange(change, firstBehind + moved + 1)
  const found = near?.end ? near : scanChange(change, text.length)
  const { behind } = found
  const isEndKnown = found.end !== null && behind < blocks.length
  const lastLine = blocks.nextLine(behind)
  const lines = found.end === null || !isEndKnown ? 0 : found.end.line - lastLine
  const unchangedAtEnd = isEndKnown ? blocks.length - behind - 1 : 0
  const atEnd = isEndKnown ? layout.problems.filter(({ range }) => range.start.line >= lastLine) : []
  return {
    layout: {
      blocks: blocks.withMiddle(unchangedAtStart, found.blocks, unchangedAtEnd, moved, lines),
      problems: [
        ...layout.problems.filter(({ range }) => range.start.line < line),
        ...found.problems,
        ...atEnd.map((problem) => problemMovedBy(problem, lines)),
      ],
      isPlain: true,
    },
    unchangedAtStart,
    unchangedAtEnd,
    lines,
  }
}

interface Change {
  readonly text: SourceText
  readonly from: LineStart
  readonly changeEnd: number
  /** The number of code units by which text after the change has moved. */
  readonly moved: number
  /** The blocks of the previous text. */
  readonly blocks: BoundaryList
  readonly unchangedAtStart: number
}

/**
 * The blocks from the start of the change to the first line after it where a previous block ended too: that of the
 * index `behind`. `end` is null if there is no such line before `limit`.
 */
function scanChange({ text, from, changeEnd, moved, blocks, unchangedAtStart }: Change, limit: number) {
  const { position: base, line } = from
  let behind = unchangedAtStart
  const found = findBlocksBetween(text.slice(base, limit), { position: 0, line }, (at) => {
    const before = base + at - moved
    if (base + at < changeEnd) return false
    while (behind < blocks.length && blocks.next(behind) < before) behind++
    return blocks.next(behind) === before
  })
  return { ...found, blocks: found.blocks.map((block) => movedBy(block, base)), behind }
}

/** The first block whose `end` is not before the position. */
function firstFrom(blocks: BoundaryList, position: number): number {
  let low = 0
  let high = blocks.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (Math.max(blocks.next(middle), blocks.end(middle)) < position) low = middle + 1
    else high = middle
  }
  return low
}

/** The first offset of a line after a block, starting at the block with that index, that is not before the position. */
function nextBehind(blocks: BoundaryList, from: number, position: number): number | null {
  for (let index = from; index < blocks.length; index++) {
    const next = blocks.next(index)
    if (next >= 0 && next >= position) return next
  }
  return null
}

function movedBy(block: BlockBoundary, moved: number): BlockBoundary {
  const { start, end, next } = block
  return { ...block, start: start + moved, end: end + moved, next: next < 0 ? -1 : next + moved }
}

function problemMovedBy({ message, range: { start, end } }: SchemaProblem, lines: number): SchemaProblem {
  return {
    message,
    range: { start: { ...start, line: start.line + lines }, end: { ...end, line: end.line + lines } },
  }
}

function isPlainBetween(text: SourceText, start: number, end: number): boolean {
  const part = text.slice(Math.max(start, 0), end + 1)
  const length = end - Math.max(start, 0)
  for (let at = 0; at < length; at++) {
    const code = part.charCodeAt(at)
    if (code === 47 /* / */ && part.charCodeAt(at + 1) === 42 /* * */) return false
    if (code === 13 && part.charCodeAt(at + 1) !== 10) return false
  }
  return true
}
