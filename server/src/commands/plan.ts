import type { DatabaseClient } from '../database/connect'
import type { DatabaseModel } from '../database/model'
import { quoteIdentifier, quoteQualified } from '../database/quote'
import { AuditError } from '../errors'
import type { PlannedHistory } from '../migration/planned-history'
import type { Plan, Refusal, Step } from '../migration/model'
import { planEverything } from '../migration/plan/plan-everything'
import { planMigration } from '../migration/plan/plan-migration'
import { renderPreview } from '../migration/render/preview'
import { checkPrecondition } from '../migration/run/precondition'
import type { Project } from '../project/project'
import { planHistory } from './history'
import type { CommandOutcome, Interaction } from './interaction'
import { lintOfPlan } from './lint'
import { policyOf, resolveTarget, withTarget, type Target } from './target'

export interface ProjectPlan {
  /** Where it is to be carried out. */
  readonly target: Target
  readonly plan: Plan
  /** What the plan was made from, read a moment ago. */
  readonly database: DatabaseModel
  /** What a run of it leaves in the project. */
  readonly history: PlannedHistory
}

/**
 * Reads the catalog of the target afresh and plans what removes the findings there: those of the policy, those of drift, or
 * both, as the target says. Throws where there is no policy to plan from.
 */
export async function planProject(project: Project, interaction: Interaction, target: Target): Promise<ProjectPlan> {
  const schema = project.requireSchema()
  const policy = policyOf(project, target)
  interaction.progress('Reading the catalog')
  const database = await project.readTarget(target, interaction.signal)
  const plan =
    policy === null || target.plans !== 'audit fields'
      ? planEverything({ schema, policy, database, external: project.external })
      : planMigration({ schema, policy, database })
  const asked = await askTheRows(target, interaction, plan)
  const judged = {
    ...plan,
    refusals: [...plan.refusals, ...asked.refusals],
    warnings: [...plan.warnings, ...asked.warnings],
  }
  return { ...(await planHistory(project, interaction, target, judged, database)), database, target }
}

/**
 * What the catalog does not say: values of a column that was there before and that name no user, which refuse the plan,
 * and who the first user is, which is told. A table that takes too long to look through is left to the run, which asks again
 * before its first step.
 */
async function askTheRows(
  target: Target,
  interaction: Interaction,
  plan: Plan,
): Promise<Pick<Plan, 'refusals' | 'warnings'>> {
  const conditions = plan.steps.filter(({ kind, scans }) => kind === 'precondition' && scans)
  const fills = plan.steps.filter(({ id, batch }) => id.startsWith('populate:') && batch?.isOneValue === true)
  const refusals: Refusal[] = []
  const warnings: string[] = []
  if (conditions.length + fills.length === 0) return { refusals, warnings }
  const options = { statementTimeout: LONGEST_LOOK }
  const ask = async (client: DatabaseClient): Promise<void> => {
    for (const step of conditions) {
      const error = await failureOf(checkPrecondition(client, step), interaction)
      if (error?.code === 'precondition-failed') {
        refusals.push({ model: step.table, reason: `${error.message} ${error.nextStep}`, blocking: true })
      }
    }
    for (const step of fills) warnings.push(...(await describeFill(client, step).catch(() => [])))
  }
  await withTarget(target, interaction, ask, options)
  return { refusals, warnings }
}

/** Null, too, for whatever is no answer of ours (too long, not allowed): the run says it itself. */
async function failureOf(work: Promise<void>, { signal }: Interaction): Promise<AuditError | null> {
  try {
    await work
    return null
  } catch (error) {
    signal.throwIfAborted()
    return error instanceof AuditError ? error : null
  }
}

/**
 * `The rows of "public"."Lead" that stand already get the user 4 as "ownerId".` Not how many they are: an estimate that
 * changes meanwhile would make it another warning, and the run ask again.
 */
async function describeFill(client: DatabaseClient, { batch, schema, table }: Step): Promise<string[]> {
  if (batch?.value === null || batch === null) return []
  const { rows } = await client.query<{ user: string | null }>(`SELECT ${batch.value}::pg_catalog.text AS "user"`)
  const user = rows[0]?.user ?? null
  if (user === null) return []
  const column = quoteIdentifier(batch.column)
  return [`The rows of ${quoteQualified(schema, table)} that stand already get the user ${user} as ${column}.`]
}

/** Milliseconds. */
const LONGEST_LOOK = 10_000

export async function previewCommand(project: Project, interaction: Interaction): Promise<CommandOutcome> {
  const target = await resolveTarget(project, interaction, { drift: false })
  const { plan, history, database } = await planProject(project, interaction, target)
  const lint = await lintOfPlan(target, plan, database)
  interaction.preview({
    title: 'Migration preview',
    languageId: 'markdown',
    text: renderPreview(plan, { databaseLabel: target.label, history, lint }),
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
