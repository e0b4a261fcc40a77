import type { Secrets } from '../secrets'
import type { DataText } from '../text/data-text'
import { lineOf, visible, type SafeLine, type SafeText } from '../text/safe-text'

/**
 * The only way to the terminal. Text is made visible once more: nothing that a terminal obeys comes from anyone but this
 * class. It has no colours, and its one control sequence, which clears the line of the progress, is for terminals only.
 */
export class TerminalWriter {
  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly secrets: Secrets,
  ) {}

  get isTerminal(): boolean {
    return this.stream.isTTY
  }

  /** For whoever asks a question, and writes nothing but its own words. */
  get raw(): NodeJS.WriteStream {
    return this.stream
  }

  /** Whole lines: a line's end is added where it lacks. */
  writeText(text: SafeText): void {
    const shown = visible(this.secrets.blotOut(text))
    this.stream.write(shown.endsWith('\n') ? shown : `${shown}\n`)
  }

  /** Exact, for a file or a pipe. A terminal would obey what is in a name, so there it is shown. */
  writeData(data: DataText): void {
    const kept = this.secrets.blotOutKnown(data)
    this.stream.write(this.isTerminal ? visible(kept) : kept)
  }

  /** Writes over the line that the cursor is in; for a terminal. */
  overwriteLine(line: SafeLine): void {
    const room = Math.max(20, this.stream.columns - 1)
    this.stream.write(`${CLEAR_LINE}${lineOf(this.secrets.blotOut(line)).slice(0, room)}`)
  }

  clearLine(): void {
    this.stream.write(CLEAR_LINE)
  }
}

const CLEAR_LINE = '\r\u001b[2K'
