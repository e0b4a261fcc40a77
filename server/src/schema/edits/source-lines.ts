import type { Position, Range } from '../model'

/** A text split into lines as in LSP: by LF, CRLF or CR. */
export class SourceLines {
  /** The line ending for added lines. */
  readonly lineBreak: string
  private readonly starts: number[] = [0]

  constructor(private readonly text: string) {
    for (const { index, 0: lineBreak } of text.matchAll(/\r\n|\n|\r/g)) this.starts.push(index + lineBreak.length)
    this.lineBreak = text.includes('\r\n') ? '\r\n' : '\n'
  }

  get count(): number {
    return this.starts.length
  }

  /** The line without its line break; empty after the end. */
  line(number: number): string {
    const start = this.starts[number]
    if (start === undefined) return ''
    return this.text.slice(start, this.starts[number + 1]).replace(/[\r\n]+$/, '')
  }

  isBlank(number: number): boolean {
    return this.line(number).trim() === ''
  }

  endOf(number: number): Position {
    return { line: number, character: this.line(number).length }
  }

  offsetAt({ line, character }: Position): number {
    const start = this.starts[line]
    return start === undefined
      ? this.text.length
      : Math.min(start + character, this.starts[line + 1] ?? this.text.length)
  }

  positionAt(offset: number): Position {
    let low = 0
    let high = this.starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low, character: offset - (this.starts[low] ?? 0) }
  }

  slice({ start, end }: Range): string {
    return this.text.slice(this.offsetAt(start), this.offsetAt(end))
  }

  /**
   * The end of the comments that follow on the line, which may be on a later line; the position itself if there are
   * none. Includes trailing spaces.
   */
  endOfTrailingComments(position: Position): Position {
    const { text } = this
    let offset = this.offsetAt(position)
    for (;;) {
      const rest = /[ \t]*(\/\/[^\r\n]*|\/\*)?/y
      rest.lastIndex = offset
      const comment = rest.exec(text)?.[1]
      if (comment === undefined) {
        const place = this.positionAt(offset)
        const end = this.endOf(place.line)
        return this.line(place.line).slice(place.character).trim() === '' ? end : place
      }
      const close = comment === '/*' ? text.indexOf('*/', rest.lastIndex) : -1
      if (close < 0) return this.endOf(this.positionAt(offset).line)
      offset = close + 2
    }
  }
}
