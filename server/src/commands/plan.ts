import type { DatabaseModel } from '../database/model'
import { AuditError } from '../errors'
import type { PlannedHistory } from '../migration/history/planned-history'
import type { Plan } from '../migration/model'
import { planEverything } from '../migration/plan/plan-everything'
import { planMigration } from '../migration/plan/plan-migration'
import { renderPreview } from '../migration/render/preview'
import type { Project } from '../project/project'
import { planHistory } from './history'
import type { CommandOutcome, Interaction } from './interaction'
import { lintOfPlan } from './lint'

export interface ProjectPlan {
  readonly plan: Plan
  /** What the plan was made from, read a moment ago. */
  readonly database: DatabaseModel
  /** What a run of it leaves in the project. */
  readonly history: PlannedHistory
}

/**
 * Reads the catalog afresh and plans what removes the findings: those of the policy, and with `plansMissingObjects` all
 * that is missing. Throws where there is no policy to plan from.
 */
export async function planProject(project: Project, interaction: Interaction): Promise<ProjectPlan> {
  const schema = project.requireSchema()
  const policy = project.policyToPlan()
  interaction.progress('Reading the catalog')
  const database = await project.readDatabase(interaction.signal)
  const everything = project.plansMissingObjects || policy === null
  const plan = everything
    ? planEverything({ schema, policy, database, external: project.external })
    : planMigration({ schema, policy, database })
  return { ...(await planHistory(project, interaction, plan, database)), database }
}

export async function previewCommand(project: Project, interaction: Interaction): Promise<CommandOutcome> {
  const { plan, history } = await planProject(project, interaction)
  const { label } = await project.databaseUrl()
  const lint = await lintOfPlan(project, plan)
  interaction.preview({
    title: 'Migration preview',
    languageId: 'markdown',
    text: renderPreview(plan, { databaseLabel: label, history, lint }),
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
    why: blocking.map((refusal) => `${refusal.model}: ${refusal.reason}`),
    nextStep: 'Change the policy or the database accordingly and plan again. Nothing was changed.',
  })
}
