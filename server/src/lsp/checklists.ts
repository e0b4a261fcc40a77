import type { Connection } from 'vscode-languageserver'
import {
  ChecklistNotification,
  type Checklist,
  type ChecklistStage,
  type ChecklistStep,
  type CommandOutcome,
  type StageName,
} from '../../../protocol/src/index'
import type { ChecklistState, StepState } from '../commands/checklist'
import { databaseState, nextAfterStop } from '../commands/stages'
import type { Project } from '../project/project'
import type { Secrets } from '../database/secrets'
import { notificationLine } from '../text/notification-text'
import { lineOf } from '../text/safe-text'
import type { Translate } from '../text/translate'
import { nextCommand } from './next-command'
import { uriOfPath } from './uris'

/** Sends the client the progress of one run: all stages each time, but only the steps that changed. */
export class ChecklistSender {
  private latest: ChecklistState | null = null
  private sentAt = 0

  constructor(
    private readonly connection: Connection,
    private readonly project: Project,
    private readonly secrets: Secrets,
  ) {}

  send(state: ChecklistState): void {
    const before = this.latest
    // Rows are counted many times a second. A message that only updates a count can be skipped: the next one includes
    // it.
    const isMerelyFurther = before !== null && before.steps === state.steps && isSameBut(before, state)
    if (isMerelyFurther && Date.now() - this.sentAt < QUIET_MILLISECONDS) return
    this.tell(state, changedSteps(before?.steps ?? [], state.steps), null, before === null)
    this.latest = state
    this.sentAt = Date.now()
  }

  /** Null if the run has not reached the stage, or has none. */
  stateOf(name: StageName): ChecklistStage['state'] | null {
    return this.latest?.stages.find((stage) => stage.name === name)?.state ?? null
  }

  /** Sends how the command ended, if it has a checklist. */
  end({ status, message, next = [] }: CommandOutcome): void {
    if (this.latest !== null) this.tell(this.latest, [], { status, message, next }, false)
  }

  private tell(state: ChecklistState, steps: readonly ChecklistStep[], end: Checklist['end'], isNew: boolean): void {
    const list = toProtocol(state, steps, { project: this.project, secrets: this.secrets })
    void this.connection.sendNotification(ChecklistNotification, { ...list, end, isNew })
  }
}

/** What the journal says about an interrupted run; null if there is none. Rejects if the journal cannot be read. */
export async function unfinishedChecklist(project: Project, secrets: Secrets, t: Translate): Promise<Checklist | null> {
  const { readUnfinishedRun } = await import('../commands/unfinished-run')
  const run = await readUnfinishedRun(await project.databaseTarget(AbortSignal.timeout(10_000)))
  if (run === null) return null
  const { checklist, state } = run
  const steps = checklist.steps.map((step, index) => ({ index, ...step }))
  const next = nextAfterStop(state).map((action) => nextCommand(t, action, checklist.command))
  return {
    ...toProtocol(checklist, steps, { project, secrets }),
    end: { status: 'cancelled', message: notificationLine(databaseState(state, t)), next },
  }
}

function toProtocol(
  { command, databaseLabel, stages }: ChecklistState,
  steps: readonly ChecklistStep[],
  { project, secrets }: { readonly project: Project; readonly secrets: Secrets },
): Omit<Checklist, 'end'> {
  const line = (foreign: string) => notificationLine(secrets.blotOut(lineOf(foreign)))
  return {
    schemaUri: uriOfPath(project.location.schemaPath),
    command,
    databaseLabel: notificationLine(databaseLabel),
    stages: stages.map((stage) => ({ ...stage, detail: line(stage.detail) })),
    steps: steps.map((step) => ({ ...step, title: line(step.title) })),
  }
}

const QUIET_MILLISECONDS = 250

function isSameBut(before: ChecklistState, state: ChecklistState): boolean {
  const known = (stage: ChecklistStage, index: number) => before.stages[index]?.state === stage.state
  return before.databaseLabel === state.databaseLabel && state.stages.every(known)
}

function changedSteps(before: readonly StepState[], steps: readonly StepState[]): ChecklistStep[] {
  return steps.flatMap((step, index) => (before[index] === step ? [] : [{ index, ...step }]))
}
