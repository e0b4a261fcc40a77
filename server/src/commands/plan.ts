import type { DatabaseModel } from '../database/model'
import { AuditError } from '../errors'
import type { PlannedHistory } from '../migration/planned-history'
import type { Plan } from '../migration/model'
import { modelNames, type ModelNames } from '../migration/plan/model-names'
import { planEverything } from '../migration/plan/plan-everything'
import { planMigration } from '../migration/plan/plan-migration'
import { refusalLines } from '../migration/render/refusal-lines'
import type { Project } from '../project/project'
import { planHistory } from './history'
import { askTheRows } from './ask-rows'
import { computing, type Interaction } from './interaction'
import { policyOf, type Target } from './target'
import { withTriedTriggers } from './try-triggers'
import { waitForLock } from './wait-for-lock'
import { phrase, type Phrase } from '../text/phrase'
import { describeUrl } from '../database/describe-url'
import type { DatabaseStanding } from '../project/database-standing'

export interface ProjectPlan {
  /** Where it is to run. */
  readonly target: Target
  readonly plan: Plan
  /** Of the schema that it is based on, for what a person reads. */
  readonly models: ModelNames
  /** What the plan is based on, read just before. */
  readonly database: DatabaseModel
  /** What a run of it writes into the project. */
  readonly history: PlannedHistory
}

/**
 * Reads the catalog of the target and plans what fixes the findings: those of the policy, those of drift, or both, as
 * the target says. Throws if there is no policy to plan from.
 */
export async function planProject(project: Project, interaction: Interaction, target: Target): Promise<ProjectPlan> {
  const schema = project.requireSchema()
  const policy = policyOf(project, target)
  interaction.progress(interaction.t('Reading the catalog'))
  const database = await waitForLock(target, interaction, async () => {
    const read = await project.readTarget(target, interaction.signal)
    return await withTriedTriggers(interaction, target, { schema, policy, database: read })
  })
  const { external } = project
  const plan = await computing(interaction, () =>
    policy === null || target.plans !== 'audit fields'
      ? planEverything({ schema, policy, database, external })
      : planMigration({ schema, policy, database }),
  )
  return await waitForLock(target, interaction, async () => {
    const judged = withReadOnly(await askTheRows(target, interaction, plan), target)
    const recorded = await planHistory(project, interaction, target, judged, database)
    return { ...recorded, models: modelNames(schema, database.defaultSchema), database, target }
  })
}

/** A plan for a read-only server is shown too, with the remark that it cannot run there. */
export function withReadOnly(plan: Plan, { standing, label, url }: Pick<Target, 'standing' | 'label' | 'url'>): Plan {
  const { readOnly } = standing
  if (readOnly === null || plan.steps.length === 0) return plan
  const text = WHERE_TO_RUN[readOnly](describeUrl(url).named)
  return { ...plan, warnings: [{ code: 'read-only', object: label, text }, ...plan.warnings] }
}

const WHERE_TO_RUN: Readonly<Record<NonNullable<DatabaseStanding['readOnly']>, (where: Phrase) => Phrase>> = {
  replica: (where) => phrase`${where} is on a standby, which is read-only: run this migration on the primary server.`,
  session: (where) =>
    phrase`${where} is read-only for this role (default_transaction_read_only): run this migration with a role that can write.`,
  marked: (where) =>
    phrase`${where} is marked as read-only: this migration does not run until a person removes the mark.`,
  agents: (where) => phrase`${where} is read-only for agents: only a person can run this migration.`,
}

/** A notification has no more than this. */
function refusedFor([first = '', ...others]: readonly string[]): Phrase {
  if (others.length === 0) return phrase`The migration is refused because of ${first}.`
  return others.length === 1
    ? phrase`The migration is refused because of ${first} and 1 more model.`
    : phrase`The migration is refused because of ${first} and ${others.length} more models.`
}

/** A plan with a blocking refusal must not run: part of what the policy requires would look like all of it. */
export function refuseBlockedPlan(plan: Plan): void {
  const blocking = plan.refusals.filter((refusal) => refusal.blocking)
  if (blocking.length === 0) return
  const [misspelled] = blocking.filter(({ code }) => code === 'model-unknown')
  if (misspelled !== undefined) {
    throw new AuditError('policy-invalid', {
      what: misspelled.reason,
      why: refusalLines(blocking.filter((refusal) => refusal !== misspelled)),
      nextStep: phrase`Fix the errors and run the command again. Nothing was changed.`,
    })
  }
  throw new AuditError('plan-refused', {
    what: refusedFor([...new Set(blocking.map(({ model }) => model))]),
    why: refusalLines(blocking),
    nextStep: phrase`Change the policy or the database, then plan again. Nothing was changed.`,
  })
}
