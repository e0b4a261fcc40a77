import type { BlockBoundary, FileLayout, SchemaProblem } from '../model'
import { findBlocksBetween } from './block-boundaries'

/** The layout of a changed text, and how many blocks at its start and its end are those of the text before. */
export interface ChangedLayout {
  readonly layout: FileLayout
  readonly keptAtStart: number
  readonly keptAtEnd: number
  /** By how many lines the blocks at the end have moved. */
  readonly lines: number
}

/**
 * What `findBlocks` says of `text`, found by scanning only from the last block before the change to the first one behind
 * it. Null where that cannot be told, because a block comment may reach anywhere.
 */
export function changedLayout(before: string, layout: FileLayout, text: string): ChangedLayout | null {
  const prefix = commonPrefix(before, text)
  const suffix = commonSuffix(before, text, Math.min(before.length, text.length) - prefix)
  const changeEnd = text.length - suffix
  if (!layout.isPlain || !isPlainBetween(text, prefix - 1, changeEnd)) return null

  const { blocks } = layout
  let keptAtStart = firstFrom(blocks, prefix + 1)
  while (keptAtStart > 0 && (blocks[keptAtStart - 1]?.next ?? -1) < 0) keptAtStart--
  const { next: position, nextLine: line } = blocks[keptAtStart - 1] ?? { next: 0, nextLine: 0 }

  const moved = text.length - before.length
  let behind = keptAtStart
  const found = findBlocksBetween(text, { position, line }, (at) => {
    if (at < changeEnd) return false
    while (behind < blocks.length && (blocks[behind]?.next ?? -1) < at - moved) behind++
    return blocks[behind]?.next === at - moved
  })

  const last = found.end === null ? undefined : blocks[behind]
  const lines = found.end === null || last === undefined ? 0 : found.end.line - last.nextLine
  const keptAtEnd = last === undefined ? 0 : blocks.length - behind - 1
  const atEnd = last === undefined ? [] : layout.problems.filter(({ range }) => range.start.line >= last.nextLine)
  return {
    layout: {
      blocks: [
        ...blocks.slice(0, keptAtStart),
        ...found.blocks,
        ...blocks.slice(blocks.length - keptAtEnd).map((block) => movedBy(block, moved, lines)),
      ],
      problems: [
        ...layout.problems.filter(({ range }) => range.start.line < line),
        ...found.problems,
        ...atEnd.map((problem) => problemMovedBy(problem, lines)),
      ],
      isPlain: true,
    },
    keptAtStart,
    keptAtEnd,
    lines,
  }
}

/** The first block whose `end` is not before the position. */
function firstFrom(blocks: readonly BlockBoundary[], position: number): number {
  let low = 0
  let high = blocks.length
  while (low < high) {
    const middle = (low + high) >> 1
    const block = blocks[middle]
    if (block !== undefined && Math.max(block.next, block.end) < position) low = middle + 1
    else high = middle
  }
  return low
}

function movedBy(block: BlockBoundary, moved: number, lines: number): BlockBoundary {
  const { start, end, startLine, column, next, nextLine } = block
  return {
    start: start + moved,
    end: end + moved,
    startLine: startLine + lines,
    column,
    next: next < 0 ? -1 : next + moved,
    nextLine: next < 0 ? -1 : nextLine + lines,
  }
}

function problemMovedBy({ message, range: { start, end } }: SchemaProblem, lines: number): SchemaProblem {
  return {
    message,
    range: { start: { ...start, line: start.line + lines }, end: { ...end, line: end.line + lines } },
  }
}

function isPlainBetween(text: string, start: number, end: number): boolean {
  for (let at = Math.max(start, 0); at < end; at++) {
    const code = text.charCodeAt(at)
    if (code === 47 /* / */ && text.charCodeAt(at + 1) === 42 /* * */) return false
    if (code === 13 && text.charCodeAt(at + 1) !== 10) return false
  }
  return true
}

/** Comparing slices is many times faster than comparing characters. */
const CHUNK = 2048

function commonPrefix(left: string, right: string): number {
  const limit = Math.min(left.length, right.length)
  let at = 0
  while (at + CHUNK <= limit && left.slice(at, at + CHUNK) === right.slice(at, at + CHUNK)) at += CHUNK
  while (at < limit && left.charCodeAt(at) === right.charCodeAt(at)) at++
  return at
}

function commonSuffix(left: string, right: string, limit: number): number {
  const sliceOf = (text: string, length: number) => text.slice(text.length - length - CHUNK, text.length - length)
  let length = 0
  while (length + CHUNK <= limit && sliceOf(left, length) === sliceOf(right, length)) length += CHUNK
  while (length < limit && left.charCodeAt(left.length - 1 - length) === right.charCodeAt(right.length - 1 - length)) {
    length++
  }
  return length
}
