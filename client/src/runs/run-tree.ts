import type { ChecklistStage, ChecklistStep, StageName } from '../../../protocol/src/index'
import type { Translate } from '../translate'
import { canUndo, phaseOf, type RunList } from './run-list'

export type RunNode = ProjectNode | StageNode | StepNode | GroupNode | NextNode

interface Node {
  /** Stable across changes, so that expanded rows stay expanded. */
  readonly id: string
  readonly label: string
  readonly description: string
  /** For a screen reader. */
  readonly spoken: string
}

/** A run, if there are several projects. */
export interface ProjectNode extends Node {
  readonly kind: 'project'
  readonly schemaUri: string
  /** `running canUndo`: its available actions. */
  readonly actions: string
  readonly children: readonly RunNode[]
}

export interface StageNode extends Node {
  readonly kind: 'stage'
  readonly state: ChecklistStage['state']
  readonly children: readonly RunNode[]
}

export interface StepNode extends Node {
  readonly kind: 'step'
  readonly state: ChecklistStep['state']
}

/** Steps of a long run, hidden until they are expanded. */
export interface GroupNode extends Node {
  readonly kind: 'group'
  readonly state: 'done' | 'waiting'
  readonly children: readonly StepNode[]
}

/** A likely next action. */
export interface NextNode extends Node {
  readonly kind: 'next'
  readonly command: string
  readonly schemaUri: string
}

/** The view's tree, independent of VS Code: the stages of the only run, or the runs of several projects with theirs. */
export function runsTree(lists: readonly RunList[], t: Translate, language: string): readonly RunNode[] {
  const [first, ...others] = lists
  if (first === undefined) return []
  if (others.length === 0) return runTree(first, t, language)
  return lists.map((list): ProjectNode => {
    const title = runTitle(list, t)
    const children = runTree(list, t, language).map((node) => below(node, list.schemaUri))
    const message = list.end?.message ?? t('running')
    return {
      ...{ kind: 'project', id: list.schemaUri, label: list.databaseLabel || title, schemaUri: list.schemaUri },
      description: list.databaseLabel === '' ? message : `${title}: ${message}`,
      spoken: `${list.databaseLabel}, ${title}: ${message}`,
      actions: [phaseOf(list), ...(canUndo(list) ? ['canUndo'] : [])].join(' '),
      children,
    }
  })
}

export function runTitle({ command }: RunList, t: Translate): string {
  return command === 'rollback' ? t('Rollback') : t('Guided Migration')
}

/** Ids are unique in the whole tree. */
function below<Any extends RunNode>(node: Any, schemaUri: string): Any {
  const id = `${schemaUri} ${node.id}`
  return 'children' in node
    ? { ...node, id, children: node.children.map((child) => below(child, schemaUri)) }
    : { ...node, id }
}

/** Each stage with its state and time, the steps of the migration, and the next actions. */
function runTree(list: RunList, t: Translate, language: string): readonly RunNode[] {
  const stages = list.stages.map((stage): StageNode => {
    const label = stageTitle(stage.name, t)
    const time = timeOf(stage, t, language)
    const description = [time, stage.detail].filter((words) => words !== '').join(', ')
    return {
      ...{ kind: 'stage', id: stage.name, label, description, state: stage.state },
      spoken: [label, stateWord(stage.state, t), description].filter((words) => words !== '').join(', '),
      children: stage.name === 'migrate' || stage.name === 'undo' ? stepNodes(list.steps, t) : [],
    }
  })
  const next = (list.end?.next ?? []).map(({ command, label }): NextNode => ({
    ...{ kind: 'next', id: `next ${command}`, label, command, schemaUri: list.schemaUri },
    description: t('next'),
    spoken: t('Next: {0}', label),
  }))
  return [...stages, ...next]
}

/** More would hide the running step, and all would be sent to the window with each change. */
const MOST_STEPS = 40
/** The number of steps of a long run that are shown before the running one. */
const NEXT_STEPS = 8

function stepNodes(steps: readonly ChecklistStep[], t: Translate): RunNode[] {
  const nodes = steps.map((step): StepNode => ({
    ...{ kind: 'step', id: `step ${step.index}`, label: step.title, description: '', state: step.state },
    spoken: `${step.title}, ${stateWord(step.state, t)}`,
  }))
  if (nodes.length <= MOST_STEPS) return nodes
  const isOpen = nodes.findIndex(({ state }) => state !== 'done')
  const first = isOpen < 0 ? nodes.length : isOpen
  const done = nodes.slice(0, first)
  const later = nodes.slice(first + 1 + NEXT_STEPS)
  return [
    ...groupOf('done', done, t('{0} steps done', done.length)),
    ...nodes.slice(first, first + 1 + NEXT_STEPS),
    ...groupOf('waiting', later, t('{0} more steps', later.length)),
  ]
}

function groupOf(state: GroupNode['state'], children: readonly StepNode[], label: string): RunNode[] {
  if (children.length < 2) return [...children]
  return [{ kind: 'group', id: `group ${state}`, label, description: '', spoken: label, state, children }]
}

function stageTitle(name: StageName, t: Translate): string {
  switch (name) {
    case 'check':
      return t('Check')
    case 'rehearse':
      return t('Rehearse')
    case 'backup':
      return t('Back up')
    case 'confirm':
      return t('Preview and confirm')
    case 'migrate':
      return t('Migrate')
    case 'schema':
      return t('Write the schema')
    case 'generate':
      return t('Generate the client')
    case 'actor':
      return t('Fill the audit fields')
    case 'application':
      return t("Edit the application's code")
    case 'smoke':
      return t('Test the application')
    case 'verify':
      return t('Verify')
    case 'undo':
      return t('Undo the steps')
  }
}

function stateWord(state: ChecklistStage['state'], t: Translate): string {
  switch (state) {
    case 'waiting':
      return t('waiting')
    case 'running':
      return t('running')
    case 'done':
      return t('done')
    case 'skipped':
      return t('skipped')
    case 'stopped':
      return t('stopped')
    case 'failed':
      return t('failed')
  }
}

/** The duration; while it runs, the start time, so that nothing ticks. */
function timeOf({ state, startedAt, endedAt }: ChecklistStage, t: Translate, language: string): string {
  if (startedAt === null || state === 'waiting' || state === 'skipped') return ''
  if (endedAt !== null) return durationOf(endedAt - startedAt, language)
  const since = new Date(startedAt).toLocaleTimeString(language)
  return state === 'running' ? t('since {0}', since) : t('started {0}', since)
}

function durationOf(milliseconds: number, language: string): string {
  const seconds = milliseconds / 1000
  if (seconds >= 60) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
  const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 }
  return `${seconds.toLocaleString(language, digits)} s`
}
