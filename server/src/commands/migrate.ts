import type { PlannedHistory } from '../migration/planned-history'
import { longestLock, planFigures } from '../migration/render/plan-figures'
import { differenceOfPlans, newWarnings } from '../migration/plan/plan-difference'
import { readJournal } from '../migration/run/journal/journal'
import { readPreservedValues } from '../migration/run/preserved/preserved-columns'
import { requireFiringTriggers } from '../migration/run/session/session-triggers'
import type { RunResult } from '../migration/run/run-options'
import { runPlan } from '../migration/run/run-plan'
import { isOwnRun } from '../migration/run/journal/run-target'
import type { Project } from '../project/project'
import { percentageOf, renderProgressDetail } from '../report/progress'
import { waitingNow, whenBlocked } from './blocked'
import { backUpFirst } from './back-up'
import { historyTarget } from './history'
import type { CommandOutcome, Interaction, Question } from './interaction'
import {
  decidePreservedValues,
  preservedValuesFor,
  renderPutBack,
  type PreservedValuesChoice,
  type RestorableValues,
} from './preserved-values'
import { planProject, refuseBlockedPlan, type ProjectPlan } from './plan'
import { openTitles, readRunState, withoutOwnColumns, withRest } from './run-state'
import { reviewPlan } from './show-plan'
import { databaseState, nextAfterStop, type StepProgress } from './stages'
import { describeScope, nothingToMigrate, resolveTarget, withTarget, type Target } from './target'
import { requireAcceptedByPrisma } from './validate-schema-edits'
import { waitForLock } from './wait-for-lock'
import { confirmWrite, requireWritable, type Writable } from './writable'
import { boundedList } from '../text/bounded-list'
import { textOf, type SafeText } from '../text/safe-text'
import type { Translate } from '../text/translate'
import { counted } from '../text/amounts'
import { labelIn } from '../database/describe-url'
import { phraseOfTitle } from '../migration/plan/step-titles'
import { phrase, phraseIn } from '../text/phrase'

/** The work in the database: a fresh plan, and possibly the rest of an interrupted run. */
export interface MigrationWork extends ProjectPlan {
  /** Titles of the remaining steps of an interrupted run, before those of the plan. */
  readonly unfinished: readonly string[]
  /** Values that a rollback preserved, in columns that the plan adds. */
  readonly preserved: readonly RestorableValues[]
}

/** The same, for a database that may be written to. */
export interface WritableWork extends MigrationWork {
  readonly target: Writable<Target>
  /** The files of the schema that the command edits after the migration; omitted: none. */
  readonly schemaFiles?: readonly string[]
}

export interface MigrateOptions {
  readonly preservedValues: PreservedValuesChoice
  /** Called before anything in the database is changed, and again from time to time. */
  readonly onChange?: () => void
  /** Called when a step starts, and on its progress. */
  readonly onStep?: (progress: StepProgress) => void
}

export async function findMigrationWork(
  project: Project,
  interaction: Interaction,
  target: Target,
): Promise<MigrationWork> {
  const planned = await planProject(project, interaction, target)
  const { plan } = planned
  refuseBlockedPlan(plan)
  const { journal, preserved } = await withTarget(target, interaction, async (client) => {
    if (plan.steps.length > 0) await requireFiringTriggers(client)
    return { journal: await readJournal(client), preserved: await readPreservedValues(client) }
  })
  const unfinished = journal.filter((run) => run.state === 'running' && isOwnRun(run, target))
  return {
    ...planned,
    plan: withoutOwnColumns(plan, unfinished),
    history: withRest(planned.history, unfinished),
    unfinished: unfinished.flatMap(openTitles),
    preserved: preservedValuesFor(plan, preserved),
  }
}

/** See `requireWritable`. The rest of an interrupted run needs no schema; a new plan needs one that Prisma accepts. */
export async function requireWritableWork(
  project: Project,
  interaction: Interaction,
  work: MigrationWork,
): Promise<WritableWork | null> {
  if (work.plan.steps.length > 0) await requireAcceptedByPrisma(project)
  const target = await requireWritable(project, interaction, work.target)
  return target === null ? null : { ...work, target }
}

export function hasWork({ plan, unfinished }: MigrationWork): boolean {
  return plan.steps.length > 0 || unfinished.length > 0
}

/**
 * The question before anything is changed, after the plan was shown. It contains the database, its host and a summary
 * of the plan in four lines. `yes` is what `--yes` selects.
 */
export async function confirmMigration(
  interaction: Interaction,
  work: WritableWork,
  remark: string,
  yes: 'migrate' | null = 'migrate',
): Promise<boolean> {
  const { t } = interaction
  const isNew = work.unfinished.length === 0
  const answer = await confirmWrite(interaction, work.target, {
    ...migrationQuestion(t, work, remark),
    choices: [{ id: 'migrate', label: isNew ? t('Migrate') : t('Continue') }],
    yes,
  })
  return answer === 'migrate'
}

/** What is asked, and below it the remark and the summary. */
export function migrationQuestion(
  t: Translate,
  work: MigrationWork & Pick<WritableWork, 'schemaFiles'>,
  remark: string,
): Pick<Question, 'message' | 'detail'> {
  const { target, history, unfinished, schemaFiles = [] } = work
  const label = labelIn(t, target)
  const lock = longestLock(history.steps, t)
  const figures = history.steps.length === 0 ? [] : [`${planFigures(work, t)}.`]
  return {
    message: unfinished.length === 0 ? t('Migrate {0}?', label) : t('Continue the unfinished migration of {0}?', label),
    detail: [
      remark,
      [...openRemark(t, work), ...figures, describeScope(target, t)].join(' '),
      ...(lock === null ? [] : [t('Longest lock: {0}.', lock)]),
      ...filesRemark(t, history, schemaFiles),
    ],
  }
}

/** Unless the figures are of nothing else. */
function openRemark(t: Translate, { unfinished: { length }, history: { steps } }: MigrationWork): string[] {
  if (length === 0 || length === steps.length) return []
  return [
    length === 1 ? t('1 step of the unfinished run is left.') : t('{0} steps of the unfinished run are left.', length),
  ]
}

function filesRemark(t: Translate, history: PlannedHistory, schemaFiles: readonly string[]): string[] {
  const [first, ...others] = schemaFiles
  const schema = first === undefined ? [] : [others.length === 0 ? first : t('{0} schema files', schemaFiles.length)]
  const files = [...schema, ...historyRemark(t, history)]
  return files.length === 0 ? [] : [t('Files: {0}.', files.join('; '))]
}

function historyRemark(t: Translate, { form, folder, migrations }: PlannedHistory): string[] {
  if (form === 'none' || migrations.length === 0) return []
  if (form !== 'prisma') return [t('scripts in {0}', folder)]
  const { length } = migrations
  return [
    length === 1
      ? t("1 migration in {0}, recorded in Prisma's history", folder)
      : t("{0} migrations in {1}, recorded in Prisma's history", length, folder),
  ]
}

/**
 * Runs the confirmed work, with progress, after checking once more that it is still the same. Null if the user
 * dismissed a question. Refreshes the project's snapshot afterwards.
 */
export async function migrateProject(
  project: Project,
  interaction: Interaction,
  agreed: WritableWork,
  remark: string,
  options: MigrateOptions,
): Promise<RunResult | null> {
  const work = await refreshedWork(project, interaction, agreed, remark)
  if (work === null) return null
  const preservedValues = await decidePreservedValues(interaction, work.preserved, options.preservedValues)
  if (preservedValues === null) return null
  const { target, plan } = work
  const { t } = interaction
  try {
    const carryOut = () =>
      runPlan({
        ...target,
        plan,
        history: historyTarget(project, interaction, target),
        signal: interaction.signal,
        onWait: (holder) => interaction.progress(t('Waiting for {0}', holder)),
        onTestWrites: () => interaction.progress(t("Testing the application's writes")),
        preservedValues,
        ...whenBlocked(interaction),
        onProgress: (progress) => {
          const { step, title, index, count, waiting } = progress
          if (step.kind !== 'precondition') options.onChange?.()
          const detail = renderProgressDetail({ ...progress, waiting: waitingNow(waiting, t) }, t)
          options.onStep?.({ titles: progress.titles, index, detail })
          interaction.progress(phraseIn(t, phraseOfTitle(title)), percentageOf(progress, index, count), detail)
        },
      })
    // A run continues where it stopped, so it can be called again.
    const result = await waitForLock(target, interaction, carryOut, phrase`Begin the migration`)
    interaction.output(renderRun(result))
    return result
  } finally {
    project.live.refreshSoon()
  }
}

/**
 * Reads the schema and the catalog again just before the run. If the plan differs from the one that was shown, shows
 * the difference and asks again, until the confirmed plan is the one to run. Null if the user dismissed the question.
 */
async function refreshedWork(
  project: Project,
  interaction: Interaction,
  shown: WritableWork,
  remark: string,
): Promise<WritableWork | null> {
  let agreed = shown
  for (;;) {
    project.readSchemaAgain()
    const { target, schemaFiles = [] } = agreed
    const now = { ...(await findMigrationWork(project, interaction, target)), target, schemaFiles }
    if (now.plan.steps.length > 0) await requireAcceptedByPrisma(project)
    const difference = differenceOfPlans(agreed.plan, now.plan)
    // The sizes of tables decide which migrations are written: those that were shown, also if a table grew or is locked.
    if (difference.length === 0) return { ...now, plan: { ...now.plan, tableBytes: agreed.plan.tableBytes ?? {} } }
    interaction.output(
      textOf(['The database has changed since the plan was shown. Changes in the new plan:', ...difference]),
    )
    if (now.plan.steps.length === 0 && now.unfinished.length === 0) return now
    if (!(await reviewPlan(interaction, now))) return null
    // An agreement given in advance covers what the policy requires, but not a new warning.
    const isWarned = newWarnings(agreed.plan, now.plan).length > 0
    const changed = `${interaction.t('The plan changed.')} ${remark}`
    if (!(await confirmMigration(interaction, now, changed, isWarned ? null : 'migrate'))) return null
    agreed = now
  }
}

export async function migrateCommand(
  project: Project,
  interaction: Interaction,
  options: MigrateOptions & {
    readonly drift: boolean
    /** Back up before the question; omitted: no. */
    readonly backup?: boolean
  },
): Promise<CommandOutcome> {
  const { t } = interaction
  const target = await resolveTarget(project, interaction, options)
  const found = await findMigrationWork(project, interaction, target)
  if (!hasWork(found)) return { status: 'done', message: nothingToMigrate(target, found.plan, t) }
  const work = await requireWritableWork(project, interaction, found)
  if (work === null) return notChanged(t)
  if (!(await reviewPlan(interaction, work))) return notChanged(t)
  const backup =
    options.backup === true
      ? await backUpFirst(project, interaction, work)
      : { remark: t('This command does not create a backup.') }
  if (backup === null || !(await confirmMigration(interaction, work, backup.remark))) return notChanged(t)
  const result = await migrateProject(project, interaction, work, backup.remark, options)
  if (result === null) return notChanged(t)
  if (result.status === 'completed') {
    return { status: 'done', message: migrated(t, result.applied.length), next: ['verify'] }
  }
  const state = await readRunState(work.target)
  return { status: 'cancelled', message: `${t('Stopped.')} ${databaseState(state, t)}`, next: nextAfterStop(state) }
}

/** None is left where another run applied them after the plan was shown. */
function migrated(t: Translate, steps: number): string {
  if (steps === 0) return t('Nothing left to migrate: every step has already been applied.')
  return steps === 1 ? t('Migrated: 1 step.') : t('Migrated: {0} steps.', steps)
}

function notChanged(t: Translate): CommandOutcome {
  return { status: 'cancelled', message: `${t('Cancelled.')} ${databaseState(null, t)}` }
}

function renderRun(result: RunResult): SafeText {
  return textOf([
    result.resumed ? 'Migration (continued an interrupted run)' : 'Migration',
    ...boundedList(
      result.applied.map((title) => `  done     ${title}`),
      20,
      'steps done',
    ),
    ...boundedList(
      result.alreadyThere.map((title) => `  exists   ${title}`),
      20,
      'steps already in place',
    ),
    ...boundedList(
      result.remaining.map((title) => `  not yet  ${title}`),
      20,
      'steps not done yet',
    ),
    ...renderPutBack(result.putBack),
    ...renderWrites(result.writes),
  ])
}

/** What is not proven is reported, and never counted as proven. */
function renderWrites(writes: RunResult['writes']): string[] {
  if (writes === null) return []
  const { proven, notProven } = writes
  return [
    ...(proven > 0
      ? [
          `  proven   ${counted(proven, 'table accepts', 'tables accept')} the application's writes without the new columns`,
        ]
      : []),
    ...notProven.slice(0, MOST_DOUBTS).map((what) => `  not proven: ${what}`),
    ...(notProven.length > MOST_DOUBTS ? [`  not proven: ${notProven.length - MOST_DOUBTS} more`] : []),
  ]
}

const MOST_DOUBTS = 10
