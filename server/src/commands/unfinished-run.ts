import type { JournalRun } from '../migration/run/journal/journal'
import { isShown, openSteps } from '../migration/run/roll-back/roll-back-progress'
import type { DatabaseTarget } from '../project/database-target'
import { APPLICATION_STAGES } from './application-stages'
import type { ChecklistStage, StageName } from '../../../protocol/src/run-stages'
import type { ChecklistState, StepState } from './checklist'
import { appliedSteps, readOpenRun, type RunState } from './run-state'

export interface UnfinishedRun {
  readonly checklist: ChecklistState
  readonly state: RunState
}

/**
 * The checklist of an interrupted run according to the journal: for an editor that was closed, or for a run of someone
 * else. Null if there is none. Rejects if the journal cannot be read.
 */
export async function readUnfinishedRun(target: DatabaseTarget): Promise<UnfinishedRun | null> {
  const run = await readOpenRun(target)
  if (run === null) return null
  const isRollback = run.state === 'rolling back'
  const [broken, ...others]: StageName[] = isRollback
    ? ['undo', 'schema', 'application']
    : ['migrate', 'schema', 'generate', ...APPLICATION_STAGES, 'verify']
  const steps = isRollback ? undoneSteps(run) : migratedSteps(run)
  const done = steps.filter(({ state }) => state === 'done').length
  const stageOf = (name: StageName): ChecklistStage => ({
    ...{ name, detail: '', startedAt: null, endedAt: null, state: 'waiting' },
  })
  const stopped: ChecklistStage = {
    ...{ name: broken ?? 'migrate', state: 'stopped', endedAt: null },
    startedAt: run.startedAt.getTime(),
    detail: `${done}/${steps.length}`,
  }
  return {
    checklist: {
      command: isRollback ? 'rollback' : 'guided',
      databaseLabel: target.label,
      stages: [stopped, ...others.map(stageOf)],
      steps,
    },
    state: appliedSteps(run),
  }
}

function migratedSteps({ steps }: JournalRun): StepState[] {
  return steps.map(({ step, state }) => ({
    title: step.title,
    state: state === 'done' || state === 'already there' ? 'done' : state === 'running' ? 'stopped' : 'waiting',
  }))
}

/** Newest first, the order in which they are undone. */
function undoneSteps(run: JournalRun): StepState[] {
  const open = new Set(openSteps(run))
  return [...run.steps]
    .reverse()
    .filter((entry) => isShown(entry.step) && (entry.state === 'undone' || open.has(entry)))
    .map(({ step, state }) => ({ title: step.title, state: state === 'undone' ? 'done' : 'waiting' }))
}
