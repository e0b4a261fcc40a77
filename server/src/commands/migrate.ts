import { withClient } from '../database/connect'
import type { PlannedHistory } from '../migration/history/planned-history'
import type { Plan } from '../migration/model'
import { readJournal } from '../migration/run/journal'
import { runPlan, type RunResult } from '../migration/run/run-plan'
import type { Project } from '../project/project'
import { historyTarget } from './history'
import type { CommandOutcome, Interaction } from './interaction'
import { planProject, refuseBlockedPlan } from './plan'

/** What there is to do in the database: a fresh plan, and perhaps the rest of a run that broke off. */
export interface MigrationWork {
  readonly plan: Plan
  readonly history: PlannedHistory
  /** Titles of the steps of a broken run that are still to be done, before those of the plan. */
  readonly unfinished: readonly string[]
}

export async function findMigrationWork(project: Project, interaction: Interaction): Promise<MigrationWork> {
  const { plan, history } = await planProject(project, interaction)
  refuseBlockedPlan(plan)
  const { migrationUrl } = await project.databaseUrl()
  const journal = await withClient(migrationUrl, { signal: interaction.signal }, readJournal)
  const open = journal
    .filter((run) => run.state === 'running')
    .flatMap((run) => run.steps.filter(({ state }) => state === 'pending' || state === 'running'))
  return { plan, history, unfinished: open.map(({ step }) => step.title) }
}

export function hasWork({ plan, unfinished }: MigrationWork): boolean {
  return plan.steps.length > 0 || unfinished.length > 0
}

/** The question before anything is changed: it names the database and its host. */
export async function confirmMigration(
  project: Project,
  interaction: Interaction,
  { plan, history, unfinished }: MigrationWork,
  remark: string,
): Promise<boolean> {
  const { label } = await project.databaseUrl()
  const titles = [...new Set([...unfinished, ...plan.steps.map((step) => step.title)])]
  const answer = await interaction.confirm({
    message: unfinished.length === 0 ? `Migrate ${label}?` : `Go on with the unfinished migration of ${label}?`,
    detail: [
      remark,
      ...filesRemark(history),
      ...plan.warnings.map((warning) => `Warning: ${warning}`),
      ...titles.map((title, index) => `${index + 1}. ${title}`),
    ].join('\n'),
    choices: [{ id: 'migrate', label: 'Migrate' }],
    yes: 'migrate',
  })
  return answer === 'migrate'
}

function filesRemark({ form, folder, migrations }: PlannedHistory): string[] {
  if (form === 'none') return []
  const what = form === 'prisma' ? `${migrations.length} migrations, recorded in Prisma's history` : 'its scripts'
  return [`It leaves ${what}, in ${folder}.`]
}

/** Carries the work out, with progress; the project's picture of the database is read again afterwards. */
export async function migrateProject(
  project: Project,
  interaction: Interaction,
  { plan }: MigrationWork,
): Promise<RunResult> {
  const { migrationUrl } = await project.databaseUrl()
  try {
    const result = await runPlan({
      url: migrationUrl,
      plan,
      history: await historyTarget(project, interaction),
      signal: interaction.signal,
      onWait: (holder) => interaction.progress(`Waiting for ${holder}`),
      onProgress: ({ title, index, count, rowsDone, rowsTotal }) => {
        const total = rowsTotal === null ? '' : ` of about ${rowsTotal.toLocaleString('en-US')}`
        const rows = rowsDone === null ? '' : ` (${rowsDone.toLocaleString('en-US')}${total} rows)`
        interaction.progress(`${title}${rows}`, (100 * index) / Math.max(1, count))
      },
    })
    interaction.output(renderRun(result))
    return result
  } finally {
    project.live.refreshSoon()
  }
}

export async function migrateCommand(project: Project, interaction: Interaction): Promise<CommandOutcome> {
  const work = await findMigrationWork(project, interaction)
  if (!hasWork(work)) return { status: 'done', message: 'There is nothing to migrate.' }
  const agreed = await confirmMigration(project, interaction, work, 'This command makes no backup of its own.')
  if (!agreed) return { status: 'cancelled', message: 'Nothing was changed.' }
  const result = await migrateProject(project, interaction, work)
  return result.status === 'completed'
    ? { status: 'done', message: `Migrated: ${result.applied.length} steps.` }
    : { status: 'cancelled', message: 'Stopped. Run the migration again to go on, or roll it back.' }
}

function renderRun(result: RunResult): string {
  return [
    result.resumed ? 'Migration (went on with a run that had broken off)' : 'Migration',
    ...result.applied.map((title) => `  done     ${title}`),
    ...result.alreadyThere.map((title) => `  there    ${title}`),
    ...result.remaining.map((title) => `  not yet  ${title}`),
  ].join('\n')
}
