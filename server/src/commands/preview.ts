import { planFigures } from '../migration/render/plan-figures'
import type { Project } from '../project/project'
import type { CommandOutcome, Interaction } from './interaction'
import { planProject } from './plan'
import { showPlan } from './show-plan'
import { nothingToMigrate, resolveTarget } from './target'

/**
 * Shows what a migration would do. With `drift`, also for everything else that the schema defines and the database
 * lacks.
 */
export async function previewCommand(
  project: Project,
  interaction: Interaction,
  options: { readonly drift: boolean },
): Promise<CommandOutcome> {
  const target = await resolveTarget(project, interaction, options)
  const planned = await planProject(project, interaction, target)
  await showPlan(interaction, planned)
  const { t } = interaction
  const { plan } = planned
  if (plan.steps.length === 0) return { status: 'done', message: nothingToMigrate(target, plan, t) }
  return { status: 'done', message: t('Planned: {0}.', planFigures(planned, t)), isShown: true }
}
