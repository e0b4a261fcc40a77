import type { Name, Position, Range } from '../model'

/**
 * A range in one object of two numbers. A large schema has a hundred thousand ranges, most of which are never read, so
 * the two positions are created on demand.
 */
export function sourceRange(startLine: number, startCharacter: number, endLine: number, endCharacter: number): Range {
  return startCharacter < LONGEST_LINE && endCharacter < LONGEST_LINE
    ? new SourceRange(startLine * LONGEST_LINE + startCharacter, endLine * LONGEST_LINE + endCharacter)
    : { start: { line: startLine, character: startCharacter }, end: { line: endLine, character: endCharacter } }
}

/** A name in one object, like a range: a large schema has thirty thousand. */
export function sourceName(text: string, range: Range): Name {
  return range instanceof SourceRange ? new SourceName(text, range.first, range.last) : { text, range }
}

/** So that V8 stores a position in a block of two thousand lines inside the object. */
const LONGEST_LINE = 2 ** 20

class SourceRange implements Range {
  constructor(
    readonly first: number,
    readonly last: number,
  ) {}

  get start(): Position {
    return position(this.first)
  }

  get end(): Position {
    return position(this.last)
  }

  toJSON(): Range {
    return { start: this.start, end: this.end }
  }
}

class SourceName implements Name {
  constructor(
    readonly text: string,
    private readonly first: number,
    private readonly last: number,
  ) {}

  get range(): Range {
    return new SourceRange(this.first, this.last)
  }

  toJSON(): Name {
    return { text: this.text, range: this.range }
  }
}

function position(place: number): Position {
  return { line: Math.floor(place / LONGEST_LINE), character: place % LONGEST_LINE }
}
