import type { ServerIdentity } from '../../database/server-identity'
import { DEFAULT_SCHEMA } from '../../database/search-path'
import type { Plan } from '../model'
import type { WritesBefore, WritesReport } from './preconditions/application-writes'
import type { BlockedOptions, BlockerWatch } from './execution/blocker-watch'
import type { HistoryTarget } from './prisma-history/history'
import type { RestoredValues } from './preserved/restore-values'
import type { RunProgress, RunReporter } from './steps/run-reporter'
import type { RunTarget } from './journal/run-target'

/** What a run and a rollback have in common. */
export interface ExecutionOptions extends BlockedOptions, RunTarget {
  readonly url: string
  /** The server that the plan was made for, or whose run was shown; see `SessionOptions`. */
  readonly server?: ServerIdentity
  /** Checked between steps and between batches; long statements on the server are cancelled. Both can be resumed. */
  readonly signal?: AbortSignal
  /** Milliseconds to wait for another migration; default 30,000. */
  readonly waitForOther?: number
  /** Called with the name of the session that is waited for. */
  readonly onWait?: (holder: string) => void
  /** Called before the application's writes are tested, which takes as long as the steps on many tables. */
  readonly onTestWrites?: () => void
  /** Where the SQL of the run is written in the project; omitted: nowhere. */
  readonly history?: HistoryTarget
  /** Milliseconds that one attempt waits for a lock, default 300, and the number of attempts, default 40. */
  readonly lockTimeout?: number
  readonly lockAttempts?: number
}

export interface RunOptions extends ExecutionOptions {
  /** Made from the current catalog. A plan without steps still resumes an unfinished run. */
  readonly plan: Plan
  readonly onProgress?: (progress: RunProgress) => void
  /** The statement timeout in milliseconds for statements that hold their lock only briefly; default 60,000. */
  readonly statementTimeout?: number
  /**
   * For values that a rollback preserved of a column that the plan adds; default `leave`. See `readPreservedValues`.
   */
  readonly preservedValues?: 'put back' | 'leave'
}

export interface RunResult {
  /** `stopped`: the signal was aborted; run again to resume, or roll back. */
  readonly status: 'completed' | 'stopped'
  /** In the journal; null if there was nothing to do. */
  readonly runId: string | null
  /** Whether an unfinished run was resumed. */
  readonly resumed: boolean
  /** Titles of the applied steps, including those of the resumed run. */
  readonly applied: readonly string[]
  /** Titles of the steps whose result already existed. */
  readonly alreadyThere: readonly string[]
  readonly remaining: readonly string[]
  /** The result for values that a rollback preserved, per column. */
  readonly putBack: readonly RestoredValues[]
  /** Whether the application can write as before; null if the run did not get that far. */
  readonly writes: WritesReport | null
}

export interface WatchedOptions extends RunOptions {
  readonly signal: AbortSignal
  readonly watch: BlockerWatch
  readonly reporter: RunReporter
  /** Outlives a lost connection: once a step is applied, the writes before it cannot be tested any more. */
  readonly memory: { before: WritesBefore | null }
}

/** Prisma looks names up in the schema of the URL, the target's first one. */
export function lookupSchemaOf({ schemas }: RunTarget): string {
  return schemas?.[0] ?? DEFAULT_SCHEMA
}
