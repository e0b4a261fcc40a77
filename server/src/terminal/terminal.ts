import type { Secrets } from '../database/secrets'
import type { TerminalWriter } from './terminal-writer'
import type { EnvironmentVariables } from '../platform/environment-variables'

/** The parts of the process that the command line uses. */
export interface Terminal {
  readonly version: string
  readonly input: NodeJS.ReadStream
  /** Data for pipes and files, and output for people. */
  readonly output: TerminalWriter
  /** Progress, questions and errors. */
  readonly log: TerminalWriter
  /** Secrets that no line may contain. */
  readonly secrets: Secrets
  readonly environment: EnvironmentVariables
  /** Absolute. */
  readonly workingFolder: string
  /** Aborted by the first interrupt (Ctrl-C): the work stops at the next safe point. */
  readonly signal: AbortSignal
  /** Aborts it, for an interrupt that arrived another way. */
  readonly interrupt: () => void
}
