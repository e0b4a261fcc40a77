import type { DatabaseModel } from '../database/model'
import { AuditError } from '../errors'
import type { PlannedHistory } from '../migration/history/planned-history'
import type { Plan } from '../migration/model'
import { planMigration } from '../migration/plan/plan-migration'
import { renderPreview } from '../migration/render/preview'
import type { Project } from '../project/project'
import { planHistory } from './history'
import type { CommandOutcome, Interaction } from './interaction'

export interface ProjectPlan {
  readonly plan: Plan
  /** What the plan was made from, read a moment ago. */
  readonly database: DatabaseModel
  /** What a run of it leaves in the project. */
  readonly history: PlannedHistory
}

/** Reads the catalog afresh and plans what removes the findings. Throws where there is no policy to plan from. */
export async function planProject(project: Project, interaction: Interaction): Promise<ProjectPlan> {
  const schema = project.requireSchema()
  const policy = project.requirePolicy()
  interaction.progress('Reading the catalog')
  const database = await project.readDatabase(interaction.signal)
  return {
    ...(await planHistory(project, interaction, planMigration({ schema, policy, database }), database)),
    database,
  }
}

export async function previewCommand(project: Project, interaction: Interaction): Promise<CommandOutcome> {
  const { plan, history } = await planProject(project, interaction)
  const { label } = await project.databaseUrl()
  interaction.preview({
    title: 'Migration preview',
    languageId: 'markdown',
    text: renderPreview(plan, { databaseLabel: label, history }),
  })
  const count = plan.steps.length
  return { status: 'done', message: count === 0 ? 'There is nothing to migrate.' : `The migration has ${count} steps.` }
}

/** A plan with a blocking refusal must not run: half of what the policy wants would look like all of it. */
export function refuseBlockedPlan(plan: Plan): void {
  const blocking = plan.refusals.filter((refusal) => refusal.blocking)
  if (blocking.length === 0) return
  throw new AuditError('plan-refused', {
    what: 'The migration is refused.',
    why: blocking.map((refusal) => `${refusal.model}: ${refusal.reason}`).join('\n'),
    nextStep: 'Change the policy or the database accordingly and plan again. Nothing was changed.',
  })
}
