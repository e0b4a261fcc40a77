import { NotificationType, RequestType } from 'vscode-languageserver-protocol'

/** What a run does, one after the other; `undo`, `schema` and `application` are those of a rollback. */
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

/** `stopped`: the user cancelled, or turned away from a question. */
export type StageState = 'waiting' | 'running' | 'done' | 'skipped' | 'stopped' | 'failed'

export interface ChecklistStage {
  readonly name: StageName
  readonly state: StageState
  /** Why it was skipped, or what it is at: `12 of 65 steps`; often empty. */
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

/** How the guided run or the rollback of a project stands. */
export interface Checklist {
  readonly schemaUri: string
  readonly command: 'guided' | 'rollback'
  /** `app on localhost:5432`; empty before it is known. */
  readonly databaseLabel: string
  readonly stages: readonly ChecklistStage[]
  /** Those that changed since the last notification of this run; all of them in an answer. */
  readonly steps: readonly ChecklistStep[]
  /** Null while it runs. */
  readonly end: {
    readonly status: 'done' | 'findings' | 'failed' | 'cancelled'
    readonly message: string
    /** What one would want next: server commands with their labels. */
    readonly next?: readonly { readonly command: string; readonly label: string }[]
  } | null
}

/** Server → client: a run began (`isNew`), went on, or ended. */
export const ChecklistNotification = new NotificationType<Checklist & { readonly isNew: boolean }>(
  'prismaAudit/checklist',
)

/** Client → server: what the journal says of a run that broke off; null where none did. */
export const UnfinishedRunRequest = new RequestType<{ readonly documentUri: string }, Checklist | null, void>(
  'prismaAudit/unfinishedRun',
)
