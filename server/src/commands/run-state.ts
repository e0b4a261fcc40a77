import type { AuditAddition, Plan, Step, Warning } from '../migration/model'
import { titleOfColumn } from '../migration/plan/titles'
import type { PlannedHistory } from '../migration/planned-history'
import { foldersOf } from '../migration/history/history-steps'
import { recordGroups } from '../migration/history/record-groups'
import { readJournal, type JournalRun } from '../migration/run/journal/journal'
import { isOwnRun } from '../migration/run/journal/run-target'
import { missingSteps } from '../migration/run/steps/missing-steps'
import type { DatabaseTarget } from '../project/database-target'
import { withClient } from '../database/connect'

/** What the journal says about an unfinished migration. */
export interface RunState {
  /** Steps that are applied, and their total; a started step that may be finished counts. */
  readonly applied: number
  readonly total: number
}

/**
 * The newest interrupted run of the target according to the journal; null if there is none. `unknown` if the database
 * does not respond in time. For use after a command stopped: it opens a new connection, without the command's signal.
 */
export async function readRunState(target: DatabaseTarget): Promise<RunState | null | 'unknown'> {
  try {
    const run = await readOpenRun(target)
    return run === null ? null : appliedSteps(run)
  } catch {
    return 'unknown'
  }
}

/** Whether a run of the target is complete and can be rolled back; false if the journal cannot be read. */
export async function isMigrated(target: DatabaseTarget): Promise<boolean> {
  return (await readOwnRuns(target).catch(() => [])).some(({ state }) => state === 'completed')
}

/** The run itself; rejects if it cannot be read. */
export async function readOpenRun(target: DatabaseTarget): Promise<JournalRun | null> {
  return (await readOwnRuns(target)).findLast(({ state }) => OPEN.includes(state)) ?? null
}

/**
 * The audit fields that the plan and the target's runs add, without those of runs that were rolled back, and without
 * those that schema and database had before, which a rollback leaves.
 */
export async function addedFields(
  target: DatabaseTarget,
  plan: Pick<Plan, 'additions' | 'steps'>,
): Promise<AuditAddition[]> {
  const runs = (await readOwnRuns(target)).filter(({ state }) => state === 'running' || state === 'completed')
  const recorded = runs.map(({ additions, steps }) => ({ additions, steps: steps.map(({ step }) => step) }))
  return [plan, ...recorded].flatMap(({ additions, steps }) => {
    const columns = new Set(
      steps.flatMap(({ kind, schema, table, object }) =>
        kind === 'add-column' && object !== null ? [titleOfColumn({ schema, table, column: object })] : [],
      ),
    )
    return additions.filter((each) => each.missingIn !== 'database' || columns.has(titleOfColumn(each)))
  })
}

async function readOwnRuns(target: DatabaseTarget): Promise<JournalRun[]> {
  const journal = await withClient(
    target.url,
    { connectTimeout: 5000, statementTimeout: 5000, server: target.server },
    (client) => readJournal(client),
  )
  return journal.filter((entry) => isOwnRun(entry, target))
}

/** Of as many steps as preview and checklist have. What a rollback need not undo counts until one begins. */
export function appliedSteps({ state: runState, steps }: JournalRun): RunState {
  const applied = steps.filter(({ state, step: { kind, transaction } }) => {
    if (state === 'running') return kind !== 'precondition' && transaction !== 'own'
    const needsNoUndo = kind === 'precondition' || state === 'already there'
    return state !== 'pending' && state !== 'undone' && !(needsNoUndo && runState === 'rolling back')
  })
  return { applied: applied.length, total: steps.length }
}

/** A run is also unfinished if only the application's writes failed afterwards. */
export function openTitles(run: JournalRun): string[] {
  const open = openSteps(run)
  return open.length === 0 ? ['Try the writes of the application'] : open.map(({ step }) => step.title)
}

/**
 * What a run writes after an interrupted one: its steps are those that are left, as the plan has them now, and those
 * that the interrupted run does not have.
 */
export function withRest(planned: PlannedHistory, unfinished: readonly JournalRun[]): PlannedHistory {
  if (unfinished.length === 0) return planned
  const fresh = new Map(planned.steps.map((step) => [step.id, step]))
  const left = unfinished.flatMap(openSteps).map(({ step }) => fresh.get(step.id) ?? step)
  const known = unfinished.flatMap(({ steps }) => steps)
  const added = recordGroups(planned.steps, (step) => step).flatMap((group): Step[] => {
    const missing = missingSteps(group.steps, known)
    return missing.length === 0 ? [] : [...missing, ...group.records]
  })
  const steps = [...left, ...added]
  const migrations =
    added.length === 0 || planned.form === 'prisma' ? foldersOf(steps).map(({ name }) => name) : planned.migrations
  return { ...planned, steps, migrations }
}

function openSteps({ steps }: JournalRun): JournalRun['steps'] {
  return steps.filter(({ state }) => state === 'pending' || state === 'running')
}

/** The plan finds the columns of an unfinished run there already, and does not know that they are its own. */
export function withoutOwnColumns(plan: Plan, unfinished: readonly JournalRun[]): Plan {
  const filled = unfinished.flatMap(openSteps).flatMap(({ step: { kind, schema, table, batch } }) => {
    return kind === 'populate' && batch !== null ? [titleOfColumn({ schema, table, column: batch.column })] : []
  })
  const added = unfinished.flatMap(({ steps }) =>
    steps.flatMap(({ state, step: { kind, schema, table, object } }) =>
      kind === 'add-column' && state === 'done' && object !== null
        ? [titleOfColumn({ schema, table, column: object })]
        : [],
    ),
  )
  const isOwn = ({ code, object }: Warning) =>
    (code === 'rows-without-value' && filled.includes(object)) ||
    (code === 'column-constrained' && added.includes(object))
  return { ...plan, warnings: plan.warnings.filter((warning) => !isOwn(warning)) }
}

const OPEN: readonly string[] = ['running', 'rolling back']
