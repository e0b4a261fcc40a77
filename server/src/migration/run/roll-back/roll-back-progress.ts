import type { DatabaseClient } from '../../../database/connect'
import type { AuditError } from '../../../errors'
import type { AuditFieldRemoval } from '../../../audit-fields/edits/audit-field-removals'
import type { AuditAddition, Step } from '../../model'
import { titleOfColumn } from '../../plan/titles'
import type { Waiting } from '../../../database/blockers'
import { isForward } from '../prisma-history/history-roll-back'
import { readJournal, type JournalRun, type JournalStep } from '../journal/journal'
import { countPreservedColumns, readPreservedColumns } from '../preserved/preserved-columns'
import type { ColumnName } from '../preserved/row-key'
import { isOwnRun, schemasOf, type RunTarget } from '../journal/run-target'

export interface RollbackProgress {
  /** Of the step that is being undone. */
  readonly title: string
  /** Of all steps to undo, newest first; the same list throughout. */
  readonly titles: readonly string[]
  /** Zero-based. */
  readonly index: number
  readonly count: number
  /** Rows read so far while a column's values are preserved; null while a step is undone. */
  readonly rowsDone: number | null
  /** What currently blocks the step; null if nothing does. */
  readonly waiting: Waiting | null
}

export interface RollbackResult {
  readonly status: 'completed' | 'stopped'
  /** Titles of the undone steps, in order; empty if the journal has none. */
  readonly undone: readonly string[]
  /** What we created and did not drop, each with the reason. */
  readonly left: readonly string[]
  /** Values written by the application, now in `prisma_audit_kept.kept_value`. */
  readonly preservedValues: readonly PreservedCount[]
  /** Rows without a value in a column whose NULLs are not preserved: a later run fills them. */
  readonly withoutValue?: readonly (ColumnName & { readonly count: number })[]
  readonly remaining: readonly string[]
  /** The audit fields that the schema lacked before the runs that were rolled back. */
  readonly schemaFields: readonly AuditFieldRemoval[]
  /** The other runs in the journal, which were not touched. */
  readonly others: readonly StandingRun[]
}

/** A run that has not been rolled back. */
export interface StandingRun {
  readonly startedAt: Date
  readonly schemas: readonly string[]
  /** The number of steps that a rollback would undo. */
  readonly steps: number
}

/** The number of values of a column that a rollback preserved. */
export interface PreservedCount extends ColumnName {
  /** NULLs included. */
  readonly count: number
  readonly nulls: number
}

/** The work and the preserved columns as found when the rollback began. */
export interface Intent {
  /** The target's newest run; null if there is none. */
  readonly run: JournalRun | null
  /** Runs that are not touched: older runs of the target, and those of others. */
  readonly others: readonly JournalRun[]
  readonly preservedBefore: ReadonlySet<string>
}

export async function readIntent(client: DatabaseClient, target: RunTarget): Promise<Intent> {
  const preservedBefore = (await readPreservedColumns(client))
    .filter(({ state }) => state === 'kept')
    .map(({ id }) => id)
  const standing = await standingRuns(client)
  const run = standing.find((entry) => isOwnRun(entry, target)) ?? null
  return { run, others: standing.filter((entry) => entry !== run), preservedBefore: new Set(preservedBefore) }
}

/** The current journal of the run to undo; null if it is already undone, or there is none. */
export async function readRunToUndo(client: DatabaseClient, { run }: Intent): Promise<JournalRun | null> {
  return (await standingRuns(client)).find(({ id }) => id === run?.id) ?? null
}

/** The runs that have not been rolled back, newest first. */
export async function standingRuns(client: DatabaseClient): Promise<JournalRun[]> {
  return (await readJournal(client)).filter((run) => run.state !== 'rolled back').reverse()
}

/** Reports progress and the result of the rollback across all its connections. */
export class RollbackReporter {
  private readonly shown: readonly string[]
  private readonly leftBehind: string[] = []
  /** The number of undone steps. */
  undone: number
  /** See `RollbackResult`. */
  withoutValue: readonly (ColumnName & { readonly count: number })[] = []

  constructor(
    private readonly intent: Intent,
    private readonly onProgress: ((progress: RollbackProgress) => void) | undefined,
    run: JournalRun | null,
  ) {
    this.shown = openStepsOf(intent.run)
      .filter(({ step }) => isShown(step))
      .map(({ step }) => step.title)
    this.undone = this.shown.length - openStepsOf(run).filter(({ step }) => isShown(step)).length
  }

  begin(step: Step): void {
    if (isShown(step)) this.report(step.title, null)
  }

  keeping({ schema, table, column }: ColumnName, rowsDone: number): void {
    this.report(`Preserve the values written to ${titleOfColumn({ schema, table, column })}`, rowsDone)
  }

  finish(step: Step, isFunctionKept: boolean): void {
    if (isShown(step)) this.undone++
    if (isFunctionKept) this.leftBehind.push(`${step.title}: not dropped, because another trigger calls it.`)
    if (step.kind === 'add-enum-value') this.leftBehind.push(`${step.title}: PostgreSQL cannot drop an enum value.`)
  }

  /** For an event trigger that rejects dropping it. */
  leaveJournal(reason: AuditError): void {
    this.leftBehind.push(journalLeft(reason))
  }

  async result(status: RollbackResult['status'], client: DatabaseClient): Promise<RollbackResult> {
    const run = await readRunToUndo(client, this.intent)
    const open = openStepsOf(run).filter(({ step }) => isShown(step)).length
    const preserved = (await countPreservedColumns(client)).filter(
      ({ id, state }) => state === 'kept' && !this.intent.preservedBefore.has(id),
    )
    const done = this.shown.length - open
    return {
      status,
      undone: this.shown.slice(0, done),
      left: this.leftBehind,
      preservedValues: preserved.map(({ schema, table, column, values, nulls }) => ({
        ...{ schema, table, column, nulls },
        count: values + nulls,
      })),
      ...(this.withoutValue.length > 0 ? { withoutValue: this.withoutValue } : {}),
      remaining: this.shown.slice(done),
      schemaFields: schemaFieldsOf(this.intent.run?.additions ?? []),
      others: this.intent.others.map(describeRun),
    }
  }

  waiting(waiting: Waiting): void {
    this.report(waiting.title, null, waiting)
  }

  private report(title: string, rowsDone: number | null, waiting: Waiting | null = null): void {
    this.onProgress?.({ title, titles: this.shown, index: this.undone, count: this.shown.length, rowsDone, waiting })
  }
}

/** For an event trigger that rejects dropping the journal. */
export function journalLeft(reason: AuditError): string {
  return `The journal (schema prisma_audit): ${reason.message} A later rollback drops it.`
}

export function describeRun(run: JournalRun): StandingRun {
  return {
    startedAt: run.startedAt,
    schemas: schemasOf(run),
    steps: openSteps(run).filter(({ step }) => isShown(step)).length,
  }
}

function openStepsOf(run: JournalRun | null): JournalStep[] {
  return run === null ? [] : openSteps(run)
}

/** Newest first. */
export function openSteps(run: JournalRun): JournalStep[] {
  return [...run.steps].reverse().filter(isOurs)
}

/** A step with its own transaction that was started and never marked was not committed. */
function isOurs({ state, step }: JournalStep): boolean {
  if (isForward(step)) return false
  return state === 'done' || (state === 'running' && step.transaction !== 'own')
}

/** The number of steps that were run and have nothing to undo: checks, fills of a new column, entries of a history. */
export function withoutUndo(run: JournalRun): number {
  return run.steps.filter(({ state, step }) => state === 'done' && !isShown(step)).length
}

/** A step without anything to undo is not reported. */
export function isShown(step: Step): boolean {
  return step.down.length > 0
}

/** The fields that the schema lacked, with the parts of all additions. */
export function schemaFieldsOf(additions: readonly AuditAddition[]): AuditFieldRemoval[] {
  const fields = new Map<string, Required<AuditFieldRemoval>>()
  for (const addition of additions) {
    const { model, field } = addition
    const key = `${model}.${field}`
    const parts = [...(fields.get(key)?.parts ?? []), ...addition.schemaLacks]
    if (parts.length > 0) fields.set(key, { model, field, parts })
  }
  return [...fields.values()]
}
