import { NotificationType, RequestType } from 'vscode-languageserver-protocol'
import type { ChecklistStage, ChecklistStep } from './run-stages'

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
