import { renderPreview } from '../migration/render/preview'
import type { Project } from '../project/project'
import type { CommandOutcome, Interaction } from './interaction'
import { lintOfPlan } from './lint'
import { confirmMigration, findMigrationWork, hasWork, migrateProject } from './migrate'
import { planProject } from './plan'
import { resolveTarget } from './target'

/**
 * Shows what would give the database everything that the schema says and it lacks, the policy's audit fields among it,
 * and carries it out where the user wants it.
 */
export async function planMissingCommand(project: Project, interaction: Interaction): Promise<CommandOutcome> {
  const target = await resolveTarget(project, interaction, { drift: true })
  const { plan, history, database } = await planProject(project, interaction, target)
  const lint = await lintOfPlan(target, plan, database)
  const text = renderPreview(plan, { databaseLabel: target.label, history, lint })
  interaction.preview({ title: 'Missing objects', languageId: 'markdown', text })
  const work = await findMigrationWork(project, interaction, target)
  if (!hasWork(work)) return { status: 'done', message: 'The database lacks nothing that the schema says.' }
  const agreed = await confirmMigration(interaction, work, NO_BACKUP)
  const result = agreed ? await migrateProject(project, interaction, work, NO_BACKUP, { keptValues: 'ask' }) : null
  if (result === null) return { status: 'cancelled', message: 'Nothing was changed.' }
  return result.status === 'completed'
    ? { status: 'done', message: `Made what was missing: ${result.applied.length} steps.` }
    : { status: 'cancelled', message: 'Stopped. Run it again to go on, or roll it back.' }
}

const NO_BACKUP = 'This command makes no backup of its own.'
