import type { DatabaseClient } from '../../../database/connect'
import type { AuditError } from '../../../errors'
import type { AuditFieldRemoval } from '../../../audit-fields/edits/audit-field-removals'
import type { AuditAddition, Step } from '../../model'
import { titleOfColumn } from '../../plan/titles'
import type { Waiting } from '../execution/blockers'
import { isForward } from '../prisma-history/history-roll-back'
import { readJournal, type JournalRun, type JournalStep } from '../journal/journal'
import { countPreservedColumns, readPreservedColumns } from '../preserved/preserved-columns'
import type { ColumnName } from '../preserved/row-key'
import { isOwnRun, schemasOf, type RunTarget } from '../journal/run-target'

export interface RollbackProgress {
  /** Of the step that is taken back. */
  readonly title: string
  /** Of all steps that are undone, newest first; the very same list throughout. */
  readonly titles: readonly string[]
  /** Zero-based. */
  readonly index: number
  readonly count: number
  /** Rows that were looked at while a column's values are preserved; null while something is undone. */
  readonly rowsDone: number | null
  /** Who keeps the step from its lock at this moment; null where nobody does. */
  readonly waiting: Waiting | null
}

export interface RollbackResult {
  readonly status: 'completed' | 'stopped'
  /** Titles of the steps that were taken back, in that order; empty where the journal knows of nothing. */
  readonly undone: readonly string[]
  /** What we made and left, each with the reason. */
  readonly left: readonly string[]
  /** What the application had written and now lies in `prisma_audit_kept.kept_value`. */
  readonly preservedValues: readonly PreservedCount[]
  /** Rows without a value in a column whose NULLs are not preserved: a later run fills them. */
  readonly withoutValue?: readonly (ColumnName & { readonly count: number })[]
  readonly remaining: readonly string[]
  /** The audit fields that the schema lacked before the runs that were rolled back. */
  readonly schemaFields: readonly AuditFieldRemoval[]
  /** What else the journal holds; nothing of it was touched. */
  readonly others: readonly StandingRun[]
}

/** A run that has something left in the database. */
export interface StandingRun {
  readonly startedAt: Date
  readonly schemas: readonly string[]
  /** How many steps a rollback would take back. */
  readonly steps: number
}

/** How many values of a column a rollback preserved. */
export interface PreservedCount extends ColumnName {
  /** NULLs included. */
  readonly count: number
  readonly nulls: number
}

/** What was to be done when the rollback began, and what lay there already. */
export interface Intent {
  /** The newest of the target's own; null where there is none. */
  readonly run: JournalRun | null
  /** What else stands and is not touched: older runs of the target, and runs of others. */
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

/** The run that is taken back, as the journal has it now; null where it is taken back already, or there is none. */
export async function readRunToUndo(client: DatabaseClient, { run }: Intent): Promise<JournalRun | null> {
  return (await standingRuns(client)).find(({ id }) => id === run?.id) ?? null
}

/** Those that have something left in the database, newest first. */
export async function standingRuns(client: DatabaseClient): Promise<JournalRun[]> {
  return (await readJournal(client)).filter((run) => run.state !== 'rolled back').reverse()
}

/** What the rollback tells while it runs and in the end, over all the connections that it took. */
export class RollbackReporter {
  private readonly shown: readonly string[]
  private readonly leftBehind: string[] = []
  /** How many steps are taken back. */
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

  /** An event trigger kept it from being dropped. */
  leaveJournal(reason: AuditError): void {
    this.leftBehind.push(`The journal (schema prisma_audit): ${reason.message} A later rollback drops it.`)
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

/** What was begun in a transaction and never marked was never committed. */
function isOurs({ state, step }: JournalStep): boolean {
  if (isForward(step)) return false
  return state === 'done' || (state === 'running' && step.transaction !== 'own')
}

/** A step that has nothing to take back is not told of. */
export function isShown(step: Step): boolean {
  return step.down.length > 0
}

/** What the run found missing in the schema, over all its parts. */
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
