import type { Checklist, ChecklistStage, ChecklistStep } from '../../../protocol/src/index'

/** A run with all its steps, as the view shows it and as it is stored across a reload. */
export type RunList = Checklist

/** The list with the changes of a notification. */
export function merged(known: RunList | undefined, news: Checklist & { readonly isNew: boolean }): RunList {
  const { isNew, ...list } = news
  if (isNew || known === undefined) return list
  const steps = [...known.steps]
  for (const step of list.steps) steps[step.index] = step
  return { ...list, steps }
}

/**
 * Whether it has begun: a run that its first stage, the check, refuses has not. A rollback is listed only after it was
 * confirmed.
 */
export function isUnderWay({ command, stages }: RunList): boolean {
  return command === 'rollback' || stages.slice(1).some(({ state }) => state !== 'waiting')
}

/** The state of a stored list after a reload: its run ended with the window, and `message` says so. */
export function cutOff(list: RunList, message: string): RunList {
  if (list.end !== null) return list
  const stages = list.stages.map((stage): ChecklistStage =>
    stage.state === 'running' ? { ...stage, state: 'stopped' } : stage,
  )
  const steps = list.steps.map((step): ChecklistStep =>
    step.state === 'running' ? { ...step, state: 'stopped' } : step,
  )
  return { ...list, stages, steps, end: { status: 'cancelled', message, next: [] } }
}

/** The previous stages, updated from the journal: the progress of the steps. */
export function withJournal(known: RunList | undefined, journal: Checklist): RunList {
  if (known?.command !== journal.command) return journal
  const [broken] = journal.stages
  const stages = known.stages.map((stage) =>
    stage.name === broken?.name ? { ...stage, state: broken.state, detail: broken.detail } : stage,
  )
  return { ...journal, stages }
}

export type RunPhase = 'running' | 'stopped' | 'ended'

export function phaseOf({ end }: RunList): RunPhase {
  if (end === null) return 'running'
  return end.next?.some(({ command }) => command === 'guided' || command === 'rollback') === true &&
    end.status !== 'done'
    ? 'stopped'
    : 'ended'
}

/** Whether the run changed something that can be rolled back. */
export function canUndo(list: RunList): boolean {
  if (list.command !== 'guided' || list.end === null) return false
  const isMigrated = list.stages.some(({ name, state }) => name === 'migrate' && state === 'done')
  return isMigrated || list.end.next?.some(({ command }) => command === 'rollback') === true
}
