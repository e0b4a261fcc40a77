import { auditedModels } from '../actor/audited-models'
import { AuditError, describeError } from '../errors'
import type { Plan } from '../migration/model'
import type { DatabaseTarget } from '../project/database-target'
import type { Project } from '../project/project'
import { VARIABLES_MISSING } from '../smoke/errors'
import { renderSmokeText } from '../smoke/render-results'
import { text } from '../text/safe-text'
import { ACTOR_DEFAULTS, actorCommand, actorRest } from './actor'
import { offerApplicationEdits } from './application'
import type { StageName } from '../../../protocol/src/run-stages'
import type { CommandOutcome, Interaction } from './interaction'
import { smokeOutcome, testApplication } from './smoke'
import { addedFields } from './run-state'
import type { Skipped, Stages } from './stages'
import { searchProject } from './search-project'

/** Which parts of the application a guided run updates. Undefined asks if someone can answer, and otherwise skips. */
export interface ApplicationChoices {
  /** Write the module that fills the user fields. An existing one is updated unless this is false. */
  readonly actor: boolean | undefined
  /** Edit the code that lists the models' fields. */
  readonly application: boolean
  /** Start the application and test it, if the policy describes it. */
  readonly smoke: boolean | undefined
}

export const APPLICATION_STAGES: readonly StageName[] = ['actor', 'application', 'smoke']

/** What failed on the way, for the end of the run, which still verifies the database. */
export interface ApplicationEnd {
  /** Sentences; empty if nothing failed. */
  readonly problems: readonly string[]
  /** Whether to suggest the command that writes the module. */
  readonly offersActor: boolean
  /** What the user has to do before the fields are filled; empty or one sentence. */
  readonly toDo: readonly string[]
}

/**
 * Updates the application after the database: the module that fills the fields, the code that shows them, and a test of
 * both.
 */
export async function followInApplication(
  project: Project,
  interaction: Interaction,
  choices: ApplicationChoices,
  { stages, target, plan }: { readonly stages: Stages; readonly target: DatabaseTarget; readonly plan: Plan },
): Promise<ApplicationEnd> {
  if (project.policy === null) {
    stages.pass(APPLICATION_STAGES, 'no policy')
    return { problems: [], offersActor: false, toDo: [] }
  }
  const problems: string[] = []
  const stage = async (name: StageName, work: () => Promise<Skipped>): Promise<void> => {
    try {
      await stages.runOrSkip(name, async () => {
        const skipped = await work()
        if (skipped !== null) interaction.output(text`Skipped: ${skipped}.`)
        return skipped
      })
    } catch (error) {
      interaction.signal.throwIfAborted()
      if (!(error instanceof AuditError)) throw error
      interaction.output(describeError(error, interaction.t))
      stages.skip(name, 'it failed')
      stages.fail(name)
      problems.push(describeError(error, interaction.t).split('\n', 1).join(''))
    }
  }
  const asking = offeringToSkip(interaction)
  await stage('actor', () => fillFields(project, asking, choices.actor))
  const rest = choices.actor === false ? null : await actorRest(project, interaction)
  const offer = rest?.offer ?? null
  const toAdd = rest?.toAdd ?? null
  if (offer !== null) interaction.output(offer)
  await stage('application', async () => {
    if (!choices.application) return 'by your choice'
    return await offerApplicationEdits(project, interaction, await addedFields(target, plan))
  })
  const known = problems.length
  await stage('smoke', async () => {
    const tested = await testOrSkip(project, asking, choices.smoke, target)
    if (typeof tested === 'string') return tested
    if (tested.status !== 'done') problems.push(tested.message)
    return null
  })
  if (problems.length > known) stages.fail('smoke')
  return { problems, offersActor: offer !== null, toDo: toAdd === null ? [] : [toAdd] }
}

/** In the middle of a run, `Cancel` would sound as if it ended the run. */
function offeringToSkip(interaction: Interaction): Interaction {
  return {
    ...interaction,
    confirm: async (question) => {
      const skip = { id: SKIP, label: interaction.t('Skip'), isCancel: true }
      const chosen = await interaction.confirm({ ...question, choices: [...question.choices, skip] })
      return chosen === SKIP ? null : chosen
    },
  }
}

const SKIP = 'skip'

/** Writes or updates the module. */
async function fillFields(project: Project, interaction: Interaction, isWanted: boolean | undefined): Promise<Skipped> {
  if (isWanted === false) return 'by your choice'
  if (auditedModels(project.schema, project.policyFile.require()).fieldNames.length === 0) return 'nothing to fill'
  const { clients, modules } = await searchProject(project, interaction)
  if (modules.length === 0 && isWanted !== true) {
    if (clients.length === 0) return 'no Prisma Client found'
    if (!interaction.isAttended) return 'not requested'
  }
  const outcome = await actorCommand(project, interaction, ACTOR_DEFAULTS)
  if (outcome.status === 'cancelled') return 'by your choice'
  interaction.output(text`${outcome.message}`)
  return null
}

/** The checks write through the application, so `--yes` does not start it, and neither does a production database. */
async function testOrSkip(
  project: Project,
  interaction: Interaction,
  isWanted: boolean | undefined,
  { standing }: DatabaseTarget,
): Promise<CommandOutcome | string> {
  if (isWanted === false) return 'by your choice'
  if (project.policyFile.require().application === null) return 'not in the policy'
  if (standing.environment === 'production') return 'production database'
  if (isWanted !== true && !interaction.isAttended) return 'not requested'
  try {
    const results = await testApplication(project, interaction, { ask: isWanted !== true })
    if (results === null) return 'by your choice'
    interaction.output(renderSmokeText(results))
    return smokeOutcome(results, interaction.t)
  } catch (error) {
    // The secrets of the test are only needed if the test was requested.
    if (isWanted === true || !(error instanceof AuditError) || error.code !== VARIABLES_MISSING) throw error
    interaction.output(describeError(error, interaction.t))
    return 'variables are not set'
  }
}
