import type { SafeText } from '../text/safe-text'
import { text, textOf } from '../text/safe-text'
import type { DatabaseTarget } from '../project/database-target'
import type { StageName } from '../../../protocol/src/run-stages'
import { RunChecklist } from './checklist'
import type { CommandOutcome, Interaction, NextAction } from './interaction'
import { isMigrated, readRunState, type RunState } from './run-state'
import { inEnglish, type Translate } from '../text/translate'
import { labelIn } from '../database/describe-url'

/** Why a stage was skipped, such as `--no-backup`; null if it was done. */
export type Skipped = string | null

/** What a guided run has done and skipped so far, for its last line and its checklist. */
export class Stages {
  private readonly finished: StageName[] = []
  private readonly skipped: { readonly name: StageName; readonly why: string }[] = []
  private readonly checklist: RunChecklist
  private current: StageName = 'check'
  private hasBegunToMigrate = false
  private target: DatabaseTarget | null = null
  /** The target of a run without work for the migration: an earlier run may have migrated it. */
  private passed: DatabaseTarget | null = null

  constructor(
    private readonly interaction: Interaction,
    names: readonly StageName[],
  ) {
    this.checklist = new RunChecklist('guided', names, interaction)
  }

  of(target: DatabaseTarget): void {
    this.checklist.of(labelIn(this.interaction.t, target))
  }

  enter(name: StageName): void {
    // What ended before the user cancelled is done: the run stops during the next one.
    this.current = name
    this.checklist.begin(name)
    this.interaction.signal.throwIfAborted()
    this.interaction.output(text`\n── ${TITLES[name]}`)
  }

  async run<Result>(name: StageName, work: () => Promise<Result>): Promise<Result> {
    this.enter(name)
    const result = await work()
    this.finish(name)
    return result
  }

  /** The same for work that may find nothing to do, or may not be allowed to: it returns the reason. */
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
    this.skipped.push({ name, why })
    this.checklist.end(name, 'skipped', skipWord(this.interaction.t, why))
  }

  /** For a stage that ended, but not well; the run continues. */
  fail(name: StageName): void {
    this.checklist.end(name, 'failed')
  }

  /** For a run without work for the migration. */
  passMigration(target: DatabaseTarget): void {
    this.passed = target
    this.pass(['rehearse', 'backup', 'confirm', 'migrate'], 'nothing to migrate')
  }

  /** For a run without work for these stages, which is reported elsewhere. */
  pass(names: readonly StageName[], why: string): void {
    for (const name of names) this.checklist.end(name, 'skipped', skipWord(this.interaction.t, why))
  }

  /** A step of the migration is running. */
  step({ titles, index, detail }: StepProgress): void {
    this.checklist.at('migrate', titles, index, detail)
  }

  /** Of the steps of the migration, as many are done as the journal says. */
  stepsDone(count: number): void {
    this.checklist.stepsDone(count)
  }

  close(status: CommandOutcome['status']): void {
    this.checklist.close(status)
  }

  /** From here on, or since the run that this one continues, the database may have been changed. */
  begunToMigrate(target: DatabaseTarget): void {
    this.hasBegunToMigrate = true
    this.target = target
  }

  /** The state in the journal, for the sentences below; query it once the work has stopped. */
  async stateOfRun(): Promise<Stopped> {
    if (this.finished.includes('migrate')) return 'migrated'
    if (this.passed !== null) return (await isMigrated(this.passed)) ? 'migrated' : null
    if (!this.hasBegunToMigrate || this.target === null) return null
    return await readRunState(this.target)
  }

  summary(): string {
    const { t } = this.interaction
    const done = t('Done: {0}.', this.done(t))
    return this.skipped.length === 0 ? done : `${done} ${t('Skipped: {0}.', this.leftOut(t))}`
  }

  turnedAway(): CommandOutcome {
    const { t } = this.interaction
    return { status: 'cancelled', message: `${t('Cancelled.')} ${databaseState(null, t)}` }
  }

  cancelled(state: Stopped): CommandOutcome {
    const { t } = this.interaction
    const message = `${t('Stopped during: {0}.', stageWords(t)[this.current])} ${databaseState(state, t)}`
    return { status: 'cancelled', message, next: nextAfterStop(state) }
  }

  describeStop(state: Stopped): SafeText {
    const done = this.finished.length === 0 ? 'nothing' : this.done(inEnglish)
    const skipped = this.skipped.length === 0 ? [] : [`Skipped: ${this.leftOut(inEnglish)}.`]
    return textOf([
      '',
      `Stopped during: ${TITLES[this.current]}.`,
      `Done before that: ${done}.`,
      ...skipped,
      databaseState(state),
    ])
  }

  private done(t: Translate): string {
    return this.finished.map((name) => stageWords(t)[name]).join(', ')
  }

  private leftOut(t: Translate): string {
    return this.skipped.map(({ name, why }) => `${stageWords(t)[name]} (${skipWord(t, why)})`).join(', ')
  }
}

/** A step as the runner reports it. */
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
  actor: 'Fill the audit fields',
  application: "Application's code",
  smoke: 'Test the application',
  verify: 'Verify',
  undo: 'Roll back',
}

/** The state of the database when a command stopped; null if nothing was changed. */
export type Stopped = RunState | 'unknown' | 'migrated' | null

export function databaseState(state: Stopped, t: Translate = inEnglish): string {
  if (state === 'migrated') return t('The database is migrated. Run it again to continue, or roll it back.')
  if (state === 'unknown') {
    return t('The migration may be partly applied. Run it again to continue, or roll it back.')
  }
  if (state === null) return t('The database was not changed.')
  const { applied, total } = state
  return t('{0} of {1} steps are applied. Run it again to continue, or roll it back.', applied, total)
}

/** The stages as they are listed in a sentence. */
function stageWords(t: Translate): Readonly<Record<StageName, string>> {
  return {
    check: t('check'),
    rehearse: t('rehearse'),
    backup: t('back up'),
    confirm: t('preview and confirm'),
    migrate: t('migrate'),
    schema: t('write the schema'),
    generate: t('generate'),
    actor: t('fill the audit fields'),
    application: t("application's code"),
    smoke: t('test the application'),
    verify: t('verify'),
    undo: t('roll back'),
  }
}

function skipWord(t: Translate, why: string): string {
  const words: Readonly<Record<string, string>> = {
    'it failed': t('it failed'),
    'edits not applied': t('edits not applied'),
    'by your choice': t('by your choice'),
    'nothing to migrate': t('nothing to migrate'),
    'nothing to write': t('nothing to write'),
    'Prisma is not installed': t('Prisma is not installed'),
    'no policy': t('no policy'),
    'nothing to fill': t('nothing to fill'),
    'no Prisma Client found': t('no Prisma Client found'),
    'not requested': t('not requested'),
    'not in the policy': t('not in the policy'),
    'production database': t('production database'),
    'variables are not set': t('variables are not set'),
  }
  return words[why] ?? why
}

/** A run of which no step is applied yet is unfinished too: the journal has it, and the status bar says so. */
export function nextAfterStop(state: Stopped): readonly NextAction[] {
  return state === null ? [] : ['continue', 'roll-back']
}
