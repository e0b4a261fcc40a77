import type { DatabaseClient } from '../../database/connect'
import { quoteQualified } from '../../database/quote'
import type { Step } from '../model'
import { PRECONDITION_FAILED } from '../plan/steps/precondition'
import { unclaimedLocks } from './lock-modes'
import { deleteGeneratedRows } from './generated-rows'
import type {
  GeneratedRows,
  PassName,
  RehearsalFailure,
  RehearsedPass,
  RehearsedStatement,
  RehearsedStep,
} from './model'
import type { Observer } from './observe'
import { isProven, RehearsalStop, requireProof, scriptUp, stepDown, stepUp } from './rehearse-step'
import type { Watcher } from './watcher'
import { phrase, type Phrase } from '../../text/phrase'

export interface PassesOptions {
  readonly client: DatabaseClient
  readonly observer: Observer
  readonly watcher: Watcher | null
  readonly steps: readonly Step[]
  /** The reason why a step is not rehearsed, by its identifier. */
  readonly skipped: ReadonlyMap<string, Phrase>
  readonly rows: readonly GeneratedRows[]
  readonly onStep: (pass: PassName, step: Step, index: number) => void
}

/** The passes up and down, and their results. */
export class Passes {
  readonly failures: RehearsalFailure[] = []
  readonly passes: RehearsedPass[] = []
  readonly notes: string[] = []
  private rows: readonly GeneratedRows[]
  /** The steps that the latest pass up applied, in order. */
  private standing: Step[] = []
  private readonly outcomes = new Map<string, RehearsedStep['outcome']>()
  private readonly seenUp = new Map<string, RehearsedStatement[]>()
  private readonly seenDown = new Map<string, RehearsedStatement[]>()

  constructor(private readonly options: PassesOptions) {
    this.rows = options.rows
  }

  /** Runs the steps; returns whether all were applied. */
  async up(): Promise<boolean> {
    return await this.pass('up', this.options.steps, (step) => this.stepUp(step))
  }

  /** Undoes what the latest pass up applied, newest first; returns whether all of it was undone. */
  async down(): Promise<boolean> {
    return await this.pass('down', [...this.standing].reverse(), (step) => this.stepDown(step))
  }

  /** In the same way as the scripts for psql, without observing locks. */
  async upAgain(): Promise<boolean> {
    return await this.pass('up again', this.options.steps, (step) => this.stepUpAgain(step))
  }

  async downAgain(): Promise<boolean> {
    const { client } = this.options
    const session = { client, observer: null, watcher: null }
    return await this.pass('down again', [...this.standing].reverse(), (step) => stepDown(session, step, []))
  }

  generatedRows(): readonly GeneratedRows[] {
    return this.rows
  }

  rehearsedSteps(): RehearsedStep[] {
    return this.options.steps.map((step) => ({
      id: step.id,
      title: step.title,
      outcome: this.outcomes.get(step.id) ?? 'not reached',
      claimed: { mode: step.lock.mode, tables: step.lock.tables, rewrites: step.rewrites },
      up: this.seenUp.get(step.id) ?? [],
      down: this.seenDown.get(step.id) ?? [],
    }))
  }

  private async pass(name: PassName, steps: readonly Step[], work: (step: Step) => Promise<void>): Promise<boolean> {
    const start = performance.now()
    const before = this.failures.length
    let isWhole = true
    if (name === 'up' || name === 'up again') this.standing = []
    for (const [index, step] of steps.entries()) {
      if (this.options.skipped.has(step.id)) {
        this.outcomes.set(step.id, 'skipped')
        continue
      }
      this.options.onStep(name, step, index)
      try {
        await work(step)
      } catch (error) {
        if (!(error instanceof RehearsalStop)) throw error
        this.fail(name, step, { kind: error.kind, message: error.said, sql: error.sql })
        isWhole = false
        break
      }
    }
    await this.judgeRest(name)
    const outcome = this.failures.length === before ? 'passed' : 'failed'
    this.passes.push({ name, outcome, milliseconds: Math.round(performance.now() - start) })
    return isWhole
  }

  private async stepUp(step: Step): Promise<void> {
    const { client } = this.options
    if (step.batch === null && (await isProven(client, step))) {
      this.outcomes.set(step.id, 'already there')
      return
    }
    const seen: RehearsedStatement[] = []
    this.seenUp.set(step.id, seen)
    this.outcomes.set(step.id, 'passed')
    const { filled } = await this.withRowsOrWithout(step, seen)
    if (filled !== null) await this.requireFilled(step, filled)
    this.standing.push(step)
    this.judge('up', step, seen)
  }

  /** Generated rows may not meet a precondition. Then it is rehearsed without rows. */
  private async withRowsOrWithout(step: Step, seen: RehearsedStatement[]): Promise<{ filled: number | null }> {
    try {
      return await stepUp(this.options, step, seen)
    } catch (error) {
      if (!(error instanceof RehearsalStop) || error.code !== PRECONDITION_FAILED) throw error
      await this.takeAway(step, phrase`the migration requires it to be empty`)
      return await stepUp(this.options, step, seen)
    }
  }

  /**
   * An expression of the policy may have no value for generated rows. A walk that skips rows for another reason is
   * wrong.
   */
  private async requireFilled(step: Step, filled: number): Promise<void> {
    if (await isProven(this.options.client, step)) return
    const table = quoteQualified(step.schema, step.table)
    const rows = this.rows.find((entry) => entry.table === table)?.rows ?? 0
    if (filled >= rows && rows > 0) await this.takeAway(step, phrase`the policy's SQL has no value for generated rows`)
    await requireProof(this.options.client, step)
  }

  private async takeAway(step: Step, reason: Phrase): Promise<void> {
    const { client, observer } = this.options
    this.rows = await deleteGeneratedRows(client, quoteQualified(step.schema, step.table), this.rows, reason)
    await observer.forgetFiles(client)
  }

  private async stepDown(step: Step): Promise<void> {
    const seen: RehearsedStatement[] = []
    this.seenDown.set(step.id, seen)
    await stepDown(this.options, step, seen)
    this.judge('down', step, seen)
  }

  private async stepUpAgain(step: Step): Promise<void> {
    const { client } = this.options
    if (this.outcomes.get(step.id) === 'already there') return
    await scriptUp({ client, observer: null, watcher: null }, step)
    if (step.batch !== null) await requireProof(client, step)
    this.standing.push(step)
  }

  /** Compares what was observed with what the plan declares; it declares no locks for the way down. */
  private judge(pass: 'up' | 'down', step: Step, seen: readonly RehearsedStatement[]): void {
    const { observer } = this.options
    for (const { sql, locks, rewrites } of seen) {
      const strong = pass === 'up' ? unclaimedLocks(locks ?? [], step.lock, (table) => observer.rootOf(table)) : []
      for (const { table, mode } of strong) {
        const isNamed = step.lock.tables.includes(table)
        const message = isNamed
          ? phrase`Took ${mode} on ${table}, but the plan says ${step.lock.mode}.`
          : phrase`Took ${mode} on ${table}, but the plan does not list that table.`
        this.fail(pass, step, { kind: 'lock', message, sql })
      }
      for (const name of step.rewrites ? [] : rewrites) {
        const message = phrase`Rewrote ${name}, but the plan says that nothing is rewritten.`
        this.fail(pass, step, { kind: 'rewrite', message, sql })
      }
    }
  }

  /** Rewrites by a statement outside a transaction, other than those of its step's tables. */
  private async judgeRest(pass: PassName): Promise<void> {
    if (pass !== 'up' && pass !== 'down') return
    for (const name of await this.options.observer.anywhere(this.options.client)) {
      const message = phrase`A statement outside a transaction rewrote ${name}, which no step lists.`
      this.failures.push({ kind: 'rewrite', pass, stepId: null, message, sql: null })
    }
  }

  private fail(pass: PassName, step: Step, what: Pick<RehearsalFailure, 'kind' | 'message' | 'sql'>): void {
    this.outcomes.set(step.id, 'failed')
    this.failures.push({ ...what, pass, stepId: step.id })
  }
}
