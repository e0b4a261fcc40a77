import { describeUrl, labelIn } from '../database/describe-url'
import type { PreviewOptions } from '../migration/render/preview'
import { renderPreview } from '../migration/render/preview'
import { renderSummary } from '../migration/render/summary'
import type { RehearsalReport } from '../migration/rehearsal/model'
import type { Interaction, PreviewDocument } from './interaction'
import { lintOfPlan } from './lint'
import type { ProjectPlan } from './plan'
import { describeScope } from './target'

/** Shows a plan without a question: in full in an editor, as a summary in a terminal. */
export async function showPlan(
  interaction: Interaction,
  planned: ProjectPlan,
  rehearsal: RehearsalReport | null = null,
): Promise<void> {
  interaction.preview(await planDocument(interaction, planned, rehearsal))
}

/** Shows a plan before the question; false if the user dismissed it. */
export async function reviewPlan(
  interaction: Interaction,
  planned: ProjectPlan,
  rehearsal: RehearsalReport | null = null,
): Promise<boolean> {
  const document = await planDocument(interaction, planned, rehearsal)
  return await interaction.review(document)
}

async function planDocument(
  interaction: Interaction,
  planned: ProjectPlan,
  rehearsal: RehearsalReport | null,
): Promise<PreviewDocument> {
  const { plan, target } = planned
  const options = await previewOptions(planned, rehearsal, interaction)
  return {
    title: interaction.t('Migration: {0}', describeUrl(target.url).database),
    subject: `Migration of ${target.label}`,
    // Rendered when shown: for a thousand models it is 18 MB, and nobody shows more than one of them.
    get text() {
      return renderPreview(plan, options)
    },
    get folded() {
      return renderPreview(plan, { ...options, form: 'folded' })
    },
    get summary() {
      return renderSummary(plan, options)
    },
  }
}

export async function previewOptions(
  { target, plan, models, database, history }: ProjectPlan,
  rehearsal: RehearsalReport | null,
  interaction: Interaction,
): Promise<PreviewOptions> {
  const lint = await lintOfPlan(target, plan, database, interaction)
  const { t } = interaction
  return { databaseLabel: labelIn(t, target), models, scope: describeScope(target, t), history, lint, rehearsal, t }
}
