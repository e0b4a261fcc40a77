import { ProgressType, RequestType } from 'vscode-languageserver-protocol'

/** One check of the verification, as the Test Explorer lists it. Texts are safe to show. */
export interface ListedCheck {
  /** Stays the same from one verification to the next. */
  readonly id: string
  readonly title: string
  readonly model: string
  /** In the schema: the audit field, or the model where that is missing or the check is about all of them. */
  readonly uri: string
  readonly line: number
}

export interface ChecksAnswer {
  readonly checks: readonly ListedCheck[]
  /** Why there are none; null where there are. */
  readonly problem: string | null
}

/** Client → server: the checks of a project, by the latest look at its database. Nothing is asked of that. */
export const ChecksRequest = new RequestType<{ readonly documentUri: string }, ChecksAnswer, void>('prismaAudit/checks')

export interface RunChecksParameters {
  readonly documentUri: string
  /** By `ListedCheck.id`; null for all. */
  readonly ids: readonly string[] | null
  /** Under which `CheckProgress` is sent. */
  readonly progressToken: string
}

/** Client → server: ask checks of the live database. Rejects where none can be asked; cancelling stops it between two. */
export const RunChecksRequest = new RequestType<RunChecksParameters, null, void>('prismaAudit/runChecks')

/** `state` is `started`, then how it ended. */
export type CheckProgressValue = ListedCheck &
  (
    | { readonly state: 'started' }
    | {
        readonly state: 'pass' | 'fail' | 'skipped'
        readonly expected: string
        /** What was found; the reason where it was skipped. */
        readonly found: string
        /** To be run again in psql. */
        readonly sql: string
        readonly milliseconds: number
      }
  )

/** Server → client, on the token of `RunChecksParameters`. */
export const CheckProgress = new ProgressType<CheckProgressValue>()
