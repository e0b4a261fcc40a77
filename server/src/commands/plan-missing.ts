import type { Project } from '../project/project'
import type { CommandOutcome, Interaction } from './interaction'
import { confirmMigration, findMigrationWork, hasWork, migrateProject } from './migrate'
import { planProject } from './plan'
import { showPlan } from './show-plan'
import { resolveTarget } from './target'

/**
 * Shows what would give the database everything that the schema says and it lacks, the policy's audit fields among it,
 * and carries it out where the user wants it.
 */
export async function planMissingCommand(project: Project, interaction: Interaction): Promise<CommandOutcome> {
  const target = await resolveTarget(project, interaction, { drift: true })
  await showPlan(interaction, await planProject(project, interaction, target))
  const work = await findMigrationWork(project, interaction, target)
  if (!hasWork(work)) return { status: 'done', message: 'The database has everything that the schema defines.' }
  const agreed = await confirmMigration(interaction, work, NO_BACKUP)
  const result = agreed ? await migrateProject(project, interaction, work, NO_BACKUP, { preservedValues: 'ask' }) : null
  if (result === null) return { status: 'cancelled', message: 'Nothing was changed.' }
  return result.status === 'completed'
    ? { status: 'done', message: `Created the missing objects: ${result.applied.length} steps.` }
    : { status: 'cancelled', message: 'Stopped. Run it again to continue, or roll it back.' }
}

const NO_BACKUP = 'This command makes no backup.'
