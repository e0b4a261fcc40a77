/** The position of one block in its file. */
export interface BlockBoundary {
  /** Offset of the line on which the block's own comments start, or of its keyword's line if it has none. */
  readonly start: number
  /** Offset after the closing brace. */
  readonly end: number
  /** The line of the keyword. */
  readonly startLine: number
  /** The column of `start`: 0 unless the block starts after the closing brace of another. */
  readonly column: number
  /**
   * Offset of the line after the block, and its number, if the parser's state there does not depend on anything above;
   * otherwise -1.
   */
  readonly next: number
  readonly nextLine: number
}

/**
 * The boundaries of a file's blocks, in one array of numbers. An edit moves all later blocks: a thousand new objects
 * per keystroke would fill the memory with outdated positions. Immutable.
 */
export class BoundaryList {
  private constructor(private readonly numbers: Int32Array) {}

  static of(boundaries: readonly BlockBoundary[]): BoundaryList {
    const numbers = new Int32Array(boundaries.length * SIZE)
    boundaries.forEach((boundary, index) => write(numbers, index, boundary))
    return new BoundaryList(numbers)
  }

  get length(): number {
    return this.numbers.length / SIZE
  }

  at(index: number): BlockBoundary {
    const number = (position: number) => this.number(index, position)
    return {
      start: number(START),
      end: number(END),
      startLine: number(START_LINE),
      column: number(COLUMN),
      next: number(NEXT),
      nextLine: number(NEXT_LINE),
    }
  }

  startLine(index: number): number {
    return this.number(index, START_LINE)
  }

  end(index: number): number {
    return this.number(index, END)
  }

  next(index: number): number {
    return this.number(index, NEXT)
  }

  nextLine(index: number): number {
    return this.number(index, NEXT_LINE)
  }

  /**
   * With other blocks in place of those in the middle; those at the end have moved by this many code units and lines.
   */
  withMiddle(
    atStart: number,
    middle: readonly BlockBoundary[],
    atEnd: number,
    moved: number,
    lines: number,
  ): BoundaryList {
    const numbers = new Int32Array((atStart + middle.length + atEnd) * SIZE)
    numbers.set(this.numbers.subarray(0, atStart * SIZE))
    middle.forEach((boundary, index) => write(numbers, atStart + index, boundary))
    const first = (atStart + middle.length) * SIZE
    numbers.set(this.numbers.subarray(this.numbers.length - atEnd * SIZE), first)
    for (let at = first; at < numbers.length; at += SIZE) {
      add(numbers, at + START, moved)
      add(numbers, at + END, moved)
      add(numbers, at + START_LINE, lines)
      if ((numbers[at + NEXT] ?? -1) < 0) continue
      add(numbers, at + NEXT, moved)
      add(numbers, at + NEXT_LINE, lines)
    }
    return new BoundaryList(numbers)
  }

  /** -1 for an index out of range. */
  private number(index: number, position: number): number {
    return this.numbers[index * SIZE + position] ?? -1
  }
}

/** The numbers per block and their meaning. */
const SIZE = 6
const [START, END, START_LINE, COLUMN, NEXT, NEXT_LINE] = [0, 1, 2, 3, 4, 5] as const

function write(numbers: Int32Array, index: number, boundary: BlockBoundary): void {
  const { start, end, startLine, column, next, nextLine } = boundary
  numbers.set([start, end, startLine, column, next, nextLine], index * SIZE)
}

function add(numbers: Int32Array, at: number, amount: number): void {
  numbers[at] = (numbers[at] ?? 0) + amount
}
