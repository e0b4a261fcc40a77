import type { Project } from '../project/project'
import type { CommandOutcome, Interaction } from './interaction'
import { planProject } from './plan'
import { showPlan } from './show-plan'
import { resolveTarget } from './target'

export async function previewCommand(project: Project, interaction: Interaction): Promise<CommandOutcome> {
  const target = await resolveTarget(project, interaction, { drift: false })
  const planned = await planProject(project, interaction, target)
  await showPlan(interaction, planned)
  const count = planned.plan.steps.length
  return { status: 'done', message: count === 0 ? 'There is nothing to migrate.' : `The migration has ${count} steps.` }
}
