import type { Secrets } from '../database/secrets'
import type { TerminalWriter } from './terminal-writer'
import type { EnvironmentVariables } from '../platform/environment-variables'

/** What the command line has of the process that it runs in. */
export interface Terminal {
  readonly version: string
  readonly input: NodeJS.ReadStream
  /** Data, for pipes and files; and what a person follows. */
  readonly output: TerminalWriter
  /** Progress, questions and errors. */
  readonly log: TerminalWriter
  /** What no line may hold. */
  readonly secrets: Secrets
  readonly environment: EnvironmentVariables
  /** Absolute. */
  readonly workingFolder: string
  /** Aborted by the first interrupt (Ctrl-C): the work stops at the next safe point. */
  readonly signal: AbortSignal
  /** Aborts it, for an interrupt that came otherwise. */
  readonly interrupt: () => void
}
