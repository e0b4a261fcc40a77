import type { PreviewOptions } from '../migration/render/preview'
import { renderPreview } from '../migration/render/preview'
import { renderSummary } from '../migration/render/summary'
import type { RehearsalReport } from '../migration/rehearsal/model'
import type { Interaction } from './interaction'
import { lintOfPlan } from './lint'
import type { ProjectPlan } from './plan'
import { describeScope } from './target'

/** Shows the plan before it is asked about: whole in an editor, as a summary in a terminal. */
export async function showPlan(
  interaction: Interaction,
  planned: ProjectPlan,
  rehearsal: RehearsalReport | null = null,
): Promise<void> {
  const { plan } = planned
  const options = await previewOptions(planned, rehearsal)
  interaction.preview({
    title: 'Migration preview',
    languageId: 'markdown',
    text: renderPreview(plan, options),
    summary: renderSummary(plan, options),
  })
}

export async function previewOptions(
  { target, plan, database, history }: ProjectPlan,
  rehearsal: RehearsalReport | null,
): Promise<PreviewOptions> {
  const lint = await lintOfPlan(target, plan, database)
  return { databaseLabel: target.label, scope: describeScope(target), history, lint, rehearsal }
}
