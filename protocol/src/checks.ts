import { ProgressType, RequestType } from './message-types'

/** A check of the verification, as listed in the Test Explorer. Texts are safe to show. */
export interface ListedCheck {
  /** Stable across verifications. */
  readonly id: string
  readonly title: string
  readonly model: string
  /** Location in the schema: the audit field, or the model if the field is missing or the check covers all fields. */
  readonly uri: string
  readonly line: number
}

export interface ChecksAnswer {
  readonly checks: readonly ListedCheck[]
  /** Why there are none; null if there are some. */
  readonly problem: string | null
}

/** Client → server: lists a project's checks, from the catalog as last read. The database is not queried. */
export const ChecksRequest = new RequestType<{ readonly documentUri: string }, ChecksAnswer, void>('prismaAudit/checks')

export interface RunChecksParameters {
  readonly documentUri: string
  /** By `ListedCheck.id`; null for all. */
  readonly ids: readonly string[] | null
  /** The token of the `CheckProgress` notifications. */
  readonly progressToken: string
}

/**
 * Client → server: runs checks against the live database. Rejects if none can run; cancelling stops before the next
 * one.
 */
export const RunChecksRequest = new RequestType<RunChecksParameters, null, void>('prismaAudit/runChecks')

/** `state` is `started`, then the outcome. */
export type CheckProgressValue = ListedCheck &
  (
    | { readonly state: 'started' }
    | {
        readonly state: 'pass' | 'fail' | 'skipped'
        readonly expected: string
        /** What was found, or the reason why it was skipped. */
        readonly found: string
        /** To run it again in psql. */
        readonly sql: string
        readonly milliseconds: number
      }
  )

/** Server → client, with the token of `RunChecksParameters`. */
export const CheckProgress = new ProgressType<CheckProgressValue>()
