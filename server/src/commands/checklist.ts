import type { ChecklistStage, ChecklistStep, StageName } from '../../../protocol/src/run-stages'
import { phraseOfTitle } from '../migration/plan/step-titles'
import { phraseIn } from '../text/phrase'
import type { Translate } from '../text/translate'

/** The state of a run, for a view that lists its stages. Plain data, created again on each change. */
export interface ChecklistState {
  readonly command: 'guided' | 'rollback'
  /** Empty until it is known. */
  readonly databaseLabel: string
  readonly stages: readonly ChecklistStage[]
  /** Of `migrate` or `undo`; the same object as long as it does not change. */
  readonly steps: readonly StepState[]
}

export type StepState = Omit<ChecklistStep, 'index'>

/** Tracks the checklist of one run and reports each change. */
export class RunChecklist {
  private databaseLabel = ''
  private stages: ChecklistStage[]
  private steps: StepState[] = []
  private titles: readonly string[] = []

  constructor(
    private readonly command: ChecklistState['command'],
    names: readonly StageName[],
    private readonly listener: { readonly t: Translate; readonly checklist?: (state: ChecklistState) => void },
  ) {
    this.stages = names.map((name) => ({ name, state: 'waiting', detail: '', startedAt: null, endedAt: null }))
    this.tell()
  }

  of(databaseLabel: string): void {
    this.databaseLabel = databaseLabel
    this.tell()
  }

  /** The stage that was running and has no other outcome is done. */
  begin(name: StageName): void {
    const before = this.stages.find(({ state }) => state === 'running')
    if (before !== undefined) this.end(before.name, 'done')
    this.change(name, { state: 'running', startedAt: Date.now() })
  }

  end(name: StageName, state: 'done' | 'skipped' | 'failed', detail = ''): void {
    if (state === 'done') this.steps = this.steps.map((step) => asDone(step))
    this.change(name, { state, detail, endedAt: Date.now() })
  }

  /** Marks the step at `index` as running, and those before it as done. */
  at(name: StageName, titles: readonly string[], index: number, detail: string): void {
    if (this.titles !== titles) {
      this.titles = titles
      this.steps = titles.map((title) => ({ title: phraseIn(this.listener.t, phraseOfTitle(title)), state: 'waiting' }))
    }
    const steps = this.steps.map((step, position) => {
      if (position < index) return asDone(step)
      return position === index && step.state !== 'running' ? { ...step, state: 'running' as const } : step
    })
    if (steps.some((step, position) => step !== this.steps[position])) this.steps = steps
    const place = `${index + 1}/${titles.length}`
    this.change(name, { detail: detail === '' ? place : `${place}, ${detail}` })
  }

  /** A run that is cancelled while a step ends reports no step after it, although that one is done. */
  stepsDone(count: number): void {
    this.steps = this.steps.map((step, position) => (position < count ? asDone(step) : step))
  }

  /**
   * Gives the running stage its outcome; later stages were not reached. If the run went on after a stage that failed,
   * that one has it. A question between two stages belongs to the next one.
   */
  close(status: 'done' | 'findings' | 'failed' | 'cancelled'): void {
    if (status === 'done') return
    const state = status === 'cancelled' ? 'stopped' : 'failed'
    this.steps = this.steps.map((step) => (step.state === 'running' ? { ...step, state } : step))
    const running = this.stages.find((stage) => stage.state === 'running')
    if (running === undefined && this.stages.some((stage) => stage.state === 'failed')) return
    const isWaiting = ({ state: known }: ChecklistStage) => known === 'waiting'
    const current = running ?? (state === 'stopped' ? this.stages.find(isWaiting) : this.stages.findLast(isEnded))
    if (current === undefined) return
    // How many steps are done, as the message says, and no longer which one is running or what it waits for.
    const done = this.steps.filter((step) => step.state === 'done').length
    const detail = current.detail === '' ? '' : `${done}/${this.steps.length}`
    this.change(current.name, { state, detail, endedAt: Date.now() })
  }

  private change(name: StageName, changes: Partial<ChecklistStage>): void {
    this.stages = this.stages.map((stage) => (stage.name === name ? { ...stage, ...changes } : stage))
    this.tell()
  }

  private tell(): void {
    const { command, databaseLabel, stages, steps } = this
    this.listener.checklist?.({ command, databaseLabel, stages, steps })
  }
}

function asDone(step: StepState): StepState {
  return step.state === 'done' ? step : { ...step, state: 'done' }
}

/** A failed verification has ended too. */
function isEnded({ state }: ChecklistStage): boolean {
  return state === 'done'
}
