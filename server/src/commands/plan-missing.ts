import { renderPreview } from '../migration/render/preview'
import type { Project } from '../project/project'
import type { CommandOutcome, Interaction } from './interaction'
import { confirmMigration, findMigrationWork, hasWork, migrateProject } from './migrate'
import { planProject } from './plan'

/**
 * Shows what would give the database everything that the schema says and it lacks, the policy's audit fields among it,
 * and carries it out where the user wants it.
 */
export async function planMissingCommand(project: Project, interaction: Interaction): Promise<CommandOutcome> {
  project.plansMissingObjects = true
  try {
    const { plan } = await planProject(project, interaction)
    const { label } = await project.databaseUrl()
    const text = renderPreview(plan, { databaseLabel: label })
    interaction.preview({ title: 'Missing objects', languageId: 'markdown', text })
    const work = await findMigrationWork(project, interaction)
    if (!hasWork(work)) return { status: 'done', message: 'The database lacks nothing that the schema says.' }
    const agreed = await confirmMigration(project, interaction, work, 'This command makes no backup of its own.')
    if (!agreed) return { status: 'cancelled', message: 'Nothing was changed.' }
    const result = await migrateProject(project, interaction, work)
    return result.status === 'completed'
      ? { status: 'done', message: `Made what was missing: ${result.applied.length} steps.` }
      : { status: 'cancelled', message: 'Stopped. Run it again to go on, or roll it back.' }
  } finally {
    project.plansMissingObjects = false
  }
}
