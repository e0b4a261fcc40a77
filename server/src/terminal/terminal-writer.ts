import type { Secrets } from '../database/secrets'
import type { DataText } from '../text/data-text'
import { lineOf, sqlToRead, visible, type SafeLine, type SafeText } from '../text/safe-text'
import type { EnvironmentVariables } from '../platform/environment-variables'

/**
 * The only way to the terminal. Text is escaped once more: only this class writes control sequences, to clear the
 * progress line and for color, both only on a terminal.
 */
export class TerminalWriter {
  private hasProgress = false

  /** `log` shows the progress, which is cleared before anything else is written. */
  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly secrets: Secrets,
    private readonly log: TerminalWriter | null = null,
    private readonly environment: EnvironmentVariables = process.env,
  ) {}

  get isTerminal(): boolean {
    return this.stream.isTTY
  }

  private get hasColour(): boolean {
    return this.isTerminal && !this.environment.NO_COLOR && this.environment.TERM !== 'dumb'
  }

  /** For a prompt, which writes only its own text. */
  get raw(): NodeJS.WriteStream {
    return this.stream
  }

  /** Whole lines: adds a missing line ending. */
  writeText(text: SafeText): void {
    const shown = visible(this.secrets.blotOut(text))
    this.write(shown.endsWith('\n') ? shown : `${shown}\n`)
  }

  /** The same in red on a terminal, unless the user disabled colors (https://no-color.org). */
  writeError(text: SafeText): void {
    const shown = visible(this.secrets.blotOut(text)).replace(/\n$/, '')
    this.write(this.hasColour ? `${RED}${shown}${RESET}\n` : `${shown}\n`)
  }

  /** Exact, for a file or a pipe. A terminal would interpret names, so there they are escaped. */
  writeData(data: DataText): void {
    const kept = this.secrets.blotOutKnown(data)
    this.write(this.isTerminal ? visible(kept) : kept)
  }

  /** The same for SQL, where a name may contain a line break. */
  writeSql(script: DataText): void {
    const kept = this.secrets.blotOutKnown(script)
    this.write(this.isTerminal ? sqlToRead(kept) : kept)
  }

  /** Overwrites the shown progress; for a terminal. */
  showProgress(line: SafeLine): void {
    // A terminal may not report its width.
    const room = Math.max(20, (this.stream.columns || 80) - 1)
    this.stream.write(`${CLEAR_LINE}${lineOf(this.secrets.blotOut(line)).slice(0, room)}`)
    this.hasProgress = true
  }

  clearProgress(): void {
    if (this.hasProgress) this.stream.write(CLEAR_LINE)
    this.hasProgress = false
  }

  private write(shown: string): void {
    this.clearProgress()
    this.log?.clearProgress()
    this.stream.write(shown)
  }
}

const RED = '\u001b[31m'
const RESET = '\u001b[0m'
const CLEAR_LINE = '\r\u001b[2K'
