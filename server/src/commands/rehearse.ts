import type { RehearsalReport } from '../migration/rehearsal/model'
import { rehearseMigration } from '../migration/rehearsal/rehearse-migration'
import { renderRehearsalText } from '../migration/render/rehearsal'
import type { Project } from '../project/project'
import type { CommandOutcome, Interaction } from './interaction'
import { planProject, refuseBlockedPlan, type ProjectPlan } from './plan'
import { showPlan } from './show-plan'
import { requireTarget, resolveTarget } from './target'
import { phraseIn } from '../text/phrase'
import { inEnglish, type Translate } from '../text/translate'

/**
 * Rehearses a plan on a copy of the project's database, in the scratch database if one was given. Returns null if the
 * plan has no steps. The real database is only read.
 */
export async function rehearseProject(
  project: Project,
  interaction: Interaction,
  { plan, database, target }: Pick<ProjectPlan, 'plan' | 'database' | 'target'>,
): Promise<RehearsalReport | null> {
  if (plan.steps.length === 0) return null
  await requireTarget(target, interaction)
  return await rehearseMigration({
    url: target.url,
    plan,
    schemas: database.schemas,
    scratchUrl: project.choices.scratchUrl,
    environment: project.environment,
    signal: interaction.signal,
    onProgress: (message, percentage) => interaction.progress(phraseIn(interaction.t, message), percentage),
  })
}

/** The command in an editor: the preview including the rehearsal. */
export async function rehearseCommand(project: Project, interaction: Interaction): Promise<CommandOutcome> {
  const target = await resolveTarget(project, interaction, { drift: false })
  const planned = await planProject(project, interaction, target)
  refuseBlockedPlan(planned.plan)
  const rehearsal = await rehearseProject(project, interaction, planned)
  if (rehearsal === null) return { status: 'done', message: interaction.t('There is nothing to rehearse.') }
  interaction.output(renderRehearsalText(rehearsal))
  await showPlan(interaction, planned, rehearsal)
  return rehearsalOutcome(rehearsal, interaction.t)
}

export function rehearsalOutcome(
  { outcome, steps, failures }: RehearsalReport,
  t: Translate = inEnglish,
): CommandOutcome {
  if (outcome === 'passed') {
    const message =
      steps.length === 1
        ? t('Rehearsed: 1 step, up and down twice.')
        : t('Rehearsed: {0} steps, up and down twice.', steps.length)
    return { status: 'done', message }
  }
  const message =
    failures.length === 1
      ? t('The rehearsal failed: one failure; see the preview. The database was not changed.')
      : t('The rehearsal failed: {0} failures; see the preview. The database was not changed.', failures.length)
  return { status: 'findings', message }
}
