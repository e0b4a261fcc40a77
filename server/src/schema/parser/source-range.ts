import type { Position, Range } from '../model'

/**
 * A range in one object of four numbers. A large schema keeps a hundred thousand ranges, of which hardly any is ever
 * looked at, so that its two positions are made when they are asked for.
 */
export class SourceRange implements Range {
  constructor(
    private readonly startLine: number,
    private readonly startCharacter: number,
    private readonly endLine: number,
    private readonly endCharacter: number,
  ) {}

  get start(): Position {
    return { line: this.startLine, character: this.startCharacter }
  }

  get end(): Position {
    return { line: this.endLine, character: this.endCharacter }
  }

  toJSON(): Range {
    return { start: this.start, end: this.end }
  }
}
