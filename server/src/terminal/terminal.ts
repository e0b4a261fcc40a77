/** What the command line has of the process that it runs in. */
export interface Terminal {
  readonly version: string
  readonly input: NodeJS.ReadStream
  /** Data, for pipes and files. */
  readonly output: NodeJS.WriteStream
  /** Progress, questions and errors. */
  readonly log: NodeJS.WriteStream
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Absolute. */
  readonly workingFolder: string
  /** Aborted by the first interrupt (Ctrl-C): the work stops at the next safe point. */
  readonly signal: AbortSignal
}
