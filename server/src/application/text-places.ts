import type { Position } from '../schema/model'

/** Positions from offsets in UTF-16 code units, and back. As in LSP, a line ends at `\n`, `\r\n` or a lone `\r`. */
export class TextPlaces {
  private readonly lineStarts: readonly number[]

  constructor(text: string) {
    this.lineStarts = [0, ...Array.from(text.matchAll(/\r\n|\n|\r/g), (match) => match.index + match[0].length)]
  }

  positionAt(offset: number): Position {
    let low = 0
    let high = this.lineStarts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((this.lineStarts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low, character: offset - (this.lineStarts[low] ?? 0) }
  }

  offsetAt({ line, character }: Position): number {
    return (this.lineStarts[line] ?? 0) + character
  }
}
