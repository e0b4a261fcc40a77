import { NotificationType, RequestType } from './message-types'
import type { ChecklistStage, ChecklistStep } from './run-stages'

/** The progress of a project's guided run or rollback. */
export interface Checklist {
  readonly schemaUri: string
  readonly command: 'guided' | 'rollback'
  /** `app on localhost:5432`; empty before it is known. */
  readonly databaseLabel: string
  readonly stages: readonly ChecklistStage[]
  /** The steps that changed since the last notification of this run; in an answer, all of them. */
  readonly steps: readonly ChecklistStep[]
  /** Null while it runs. */
  readonly end: {
    readonly status: 'done' | 'findings' | 'failed' | 'cancelled'
    readonly message: string
    /** Likely next actions: server commands with their labels. */
    readonly next?: readonly { readonly command: string; readonly label: string }[]
  } | null
}

/** Server → client: a run started (`isNew`), progressed or ended. */
export const ChecklistNotification = new NotificationType<Checklist & { readonly isNew: boolean }>(
  'prismaAudit/checklist',
)

/** Client → server: returns what the journal says about an interrupted run; null if there is none. */
export const UnfinishedRunRequest = new RequestType<{ readonly documentUri: string }, Checklist | null, void>(
  'prismaAudit/unfinishedRun',
)
