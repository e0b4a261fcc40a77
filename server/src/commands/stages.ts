import type { SafeText } from '../text/safe-text'
import { text, textOf } from '../text/safe-text'
import type { DatabaseTarget } from '../project/live-database'
import { RunChecklist, type StageName } from './checklist'
import type { CommandOutcome, Interaction, NextAction } from './interaction'
import { readRunState, type RunState } from './run-state'

/** Why a stage was left out, such as `--no-backup`; null where it was done. */
export type Skipped = string | null

/** What a guided run has done and left out so far, for its last line, wherever it ends, and for its checklist. */
export class Stages {
  private readonly finished: StageName[] = []
  private readonly skipped: string[] = []
  private readonly checklist: RunChecklist
  private current: StageName = 'check'
  private hasBegunToMigrate = false
  private target: DatabaseTarget | null = null

  constructor(
    private readonly interaction: Interaction,
    names: readonly StageName[],
  ) {
    this.checklist = new RunChecklist('guided', names, interaction)
  }

  of({ label }: DatabaseTarget): void {
    this.checklist.of(label)
  }

  enter(name: StageName): void {
    this.interaction.signal.throwIfAborted()
    this.current = name
    this.checklist.begin(name)
    this.interaction.output(text`\n── ${TITLES[name]}`)
  }

  async run<Result>(name: StageName, work: () => Promise<Result>): Promise<Result> {
    this.enter(name)
    const result = await work()
    this.finish(name)
    return result
  }

  /** The same for work that may find that there is nothing to do, or that it may not: it answers why. */
  async runOrSkip(name: StageName, work: () => Promise<Skipped>): Promise<void> {
    this.enter(name)
    this.end(name, await work())
  }

  end(name: StageName, skipped: Skipped): void {
    if (skipped === null) this.finish(name)
    else this.skip(name, skipped)
  }

  finish(name: StageName): void {
    this.finished.push(name)
    this.checklist.end(name, 'done')
  }

  skip(name: StageName, why: string): void {
    this.skipped.push(`${TITLES[name].toLowerCase()} (${why})`)
    this.checklist.end(name, 'skipped', why)
  }

  /** Of a run in which there is nothing to do for these: their absence is told otherwise. */
  pass(names: readonly StageName[], why: string): void {
    for (const name of names) this.checklist.end(name, 'skipped', why)
  }

  /** A step of the migration is at work. */
  step({ titles, index, detail }: StepProgress): void {
    this.checklist.at('migrate', titles, index, detail)
  }

  close(status: CommandOutcome['status']): void {
    this.checklist.close(status)
  }

  /** From here on, or since the run that this one goes on with, something in the database may have been changed. */
  begunToMigrate(target: DatabaseTarget): void {
    this.hasBegunToMigrate = true
    this.target = target
  }

  /** What the journal says now, for the sentences below; to be asked once the work has stopped. */
  async stateOfRun(): Promise<Stopped> {
    if (this.finished.includes('migrate')) return 'migrated'
    if (!this.hasBegunToMigrate || this.target === null) return null
    return await readRunState(this.target)
  }

  summary(): string {
    const skipped = this.skipped.length === 0 ? '' : ` Skipped: ${this.skipped.join(', ')}.`
    return `Done: ${this.done()}.${skipped}`
  }

  turnedAway(): CommandOutcome {
    return { status: 'cancelled', message: `Cancelled. ${databaseState(null)}` }
  }

  cancelled(state: Stopped): CommandOutcome {
    const message = `Stopped during: ${TITLES[this.current].toLowerCase()}. ${databaseState(state)}`
    return { status: 'cancelled', message, next: nextAfterStop(state) }
  }

  describeStop(state: Stopped): SafeText {
    const done = this.finished.length === 0 ? 'nothing' : this.done()
    const skipped = this.skipped.length === 0 ? [] : [`Skipped: ${this.skipped.join(', ')}.`]
    return textOf([
      '',
      `Stopped during: ${TITLES[this.current]}.`,
      `Done before that: ${done}.`,
      ...skipped,
      databaseState(state),
    ])
  }

  private done(): string {
    return this.finished.map((name) => TITLES[name].toLowerCase()).join(', ')
  }
}

/** A step as the runner tells of it. */
export interface StepProgress {
  readonly titles: readonly string[]
  readonly index: number
  readonly detail: string
}

const TITLES: Readonly<Record<StageName, string>> = {
  check: 'Check',
  rehearse: 'Rehearse',
  backup: 'Back up',
  confirm: 'Preview and confirm',
  migrate: 'Migrate',
  schema: 'Write the schema',
  generate: 'Generate',
  verify: 'Verify',
  application: "Application's code",
  undo: 'Roll back',
}

/** How the database stands where a command stopped; null where nothing was changed. */
export type Stopped = RunState | 'unknown' | 'migrated' | null

export function databaseState(state: Stopped): string {
  if (state === 'migrated') return 'The database is migrated. Run it again to continue, or roll it back.'
  if (state === 'unknown') return 'The migration may be partly applied. Run it again to continue, or roll it back.'
  if (state === null || state.applied === 0) return 'The database was not changed.'
  return `${state.applied} of ${state.total} steps are applied. Run it again to continue, or roll it back.`
}

export function nextAfterStop(state: Stopped): readonly NextAction[] {
  const hasChanged = state === 'migrated' || state === 'unknown' || (state !== null && state.applied > 0)
  return hasChanged ? ['continue', 'roll-back'] : []
}
