import type { Command } from 'commander'
import type { Terminal } from '../terminal'

/** What a file of commands, one heading of the help, adds its commands to. */
export interface CommandSetup {
  readonly program: Command
  readonly terminal: Terminal
  /** Takes the work of a command, which resolves to the exit code. */
  readonly finish: (work: Promise<number>) => Promise<void>
  /** Runs another command line, as the demo does. */
  readonly runAgain: (words: readonly string[], terminal: Terminal) => Promise<number>
}
