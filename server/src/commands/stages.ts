import type { SafeText } from '../text/safe-text'
import { text, textOf } from '../text/safe-text'
import type { CommandOutcome, Interaction } from './interaction'

/** Why a stage was left out, such as `--no-backup`; null where it was done. */
export type Skipped = string | null

/** What a guided run has done and left out so far, for its last line, wherever it ends. */
export class Stages {
  private readonly finished: string[] = []
  private readonly skipped: string[] = []
  private current = ''
  private hasBegunToMigrate = false

  constructor(private readonly interaction: Interaction) {}

  enter(name: string): void {
    this.interaction.signal.throwIfAborted()
    this.current = name
    this.interaction.output(text`\n── ${name}`)
  }

  async run<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    this.enter(name)
    const result = await work()
    this.finish(name)
    return result
  }

  /** The same for work that may find that there is nothing to do, or that it may not: it answers why. */
  async runOrSkip(name: string, work: () => Promise<Skipped>): Promise<void> {
    this.enter(name)
    this.end(name, await work())
  }

  end(name: string, skipped: Skipped): void {
    if (skipped === null) this.finish(name)
    else this.skip(name, skipped)
  }

  finish(name: string): void {
    this.finished.push(name.toLowerCase())
  }

  skip(name: string, why: string): void {
    this.skipped.push(`${name.toLowerCase()} (${why})`)
  }

  /** From here on, or since the run that this one goes on with, something in the database may have been changed. */
  begunToMigrate(): void {
    this.hasBegunToMigrate = true
  }

  summary(): string {
    const skipped = this.skipped.length === 0 ? '' : ` Skipped: ${this.skipped.join(', ')}.`
    return `Done: ${this.finished.join(', ')}.${skipped}`
  }

  turnedAway(): CommandOutcome {
    return { status: 'cancelled', message: `Cancelled. ${this.databaseState()}` }
  }

  cancelMessage(): string {
    return `Stopped during: ${this.current.toLowerCase()}. ${this.databaseState()}`
  }

  describeStop(): SafeText {
    const done = this.finished.length === 0 ? 'nothing' : this.finished.join(', ')
    const skipped = this.skipped.length === 0 ? [] : [`Skipped: ${this.skipped.join(', ')}.`]
    return textOf([
      '',
      `Stopped during: ${this.current}.`,
      `Done before that: ${done}.`,
      ...skipped,
      this.databaseState(),
    ])
  }

  private databaseState(): string {
    if (this.finished.includes('migrate')) {
      return 'The database is migrated. Run the guided migration again to continue, or roll back.'
    }
    if (this.hasBegunToMigrate) {
      return 'The migration may be partly applied. Run it again to continue, or roll it back.'
    }
    return 'The database was not changed.'
  }
}
