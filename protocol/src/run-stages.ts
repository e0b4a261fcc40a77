/** The stages of a run, in sequence; `undo`, `schema` and `application` are those of a rollback. */
export type StageName =
  | 'check'
  | 'rehearse'
  | 'backup'
  | 'confirm'
  | 'migrate'
  | 'schema'
  | 'generate'
  | 'actor'
  | 'application'
  | 'smoke'
  | 'verify'
  | 'undo'

export interface ChecklistStage {
  readonly name: StageName
  /** `stopped`: the user cancelled the run or a question. */
  readonly state: 'waiting' | 'running' | 'done' | 'skipped' | 'stopped' | 'failed'
  /** Why it was skipped, or its progress: `12 of 65 steps`; often empty. */
  readonly detail: string
  /** Milliseconds since 1970. */
  readonly startedAt: number | null
  readonly endedAt: number | null
}

/** One step of `migrate` or `undo`. */
export interface ChecklistStep {
  readonly index: number
  readonly title: string
  readonly state: 'waiting' | 'running' | 'done' | 'stopped' | 'failed'
}
