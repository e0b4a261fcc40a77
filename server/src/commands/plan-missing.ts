import { renderPreview } from '../migration/render/preview'
import type { Project } from '../project/project'
import type { CommandOutcome, Interaction } from './interaction'
import { lintOfPlan } from './lint'
import { confirmMigration, findMigrationWork, hasWork, migrateProject } from './migrate'
import { planProject } from './plan'

/**
 * Shows what would give the database everything that the schema says and it lacks, the policy's audit fields among it,
 * and carries it out where the user wants it.
 */
export async function planMissingCommand(project: Project, interaction: Interaction): Promise<CommandOutcome> {
  project.plansMissingObjects = true
  try {
    const { plan, history } = await planProject(project, interaction)
    const { label } = await project.databaseUrl()
    const text = renderPreview(plan, { databaseLabel: label, history, lint: await lintOfPlan(project, plan) })
    interaction.preview({ title: 'Missing objects', languageId: 'markdown', text })
    const work = await findMigrationWork(project, interaction)
    if (!hasWork(work)) return { status: 'done', message: 'The database lacks nothing that the schema says.' }
    const agreed = await confirmMigration(project, interaction, work, NO_BACKUP)
    const result = agreed ? await migrateProject(project, interaction, work, NO_BACKUP, { keptValues: 'ask' }) : null
    if (result === null) return { status: 'cancelled', message: 'Nothing was changed.' }
    return result.status === 'completed'
      ? { status: 'done', message: `Made what was missing: ${result.applied.length} steps.` }
      : { status: 'cancelled', message: 'Stopped. Run it again to go on, or roll it back.' }
  } finally {
    project.plansMissingObjects = false
  }
}

const NO_BACKUP = 'This command makes no backup of its own.'
