import { searchOnce, type SearchScope } from '../application/search/application-search'
import { codeModels } from '../application/model-additions'
import type { ApplicationEdit } from '../application/model'
import type { ModelAuditField } from '../audit-fields/present-fields'
import { requiredAuditFields } from '../audit-fields/requirements'
import type { Project } from '../project/project'
import type { Policy } from '../audit-fields/policy'
import type { Interaction } from './interaction'
import type { Skipped } from './stages'
import { counted } from '../text/amounts'
import { text } from '../text/safe-text'
import { untilUnchanged } from './until-unchanged'

/**
 * Offers edits that add the audit fields to the application's code, with the likely ones selected. It looks for those
 * of this run and of earlier ones, so that an interrupted run is completed. What the models had before any run is left
 * alone: a rollback would not take such an edit back. Returns the reason if edits were offered and none was applied.
 */
export async function offerApplicationEdits(
  project: Project,
  interaction: Interaction,
  added: readonly ModelAuditField[],
): Promise<Skipped> {
  const policy = project.policyFile.require()
  return await untilUnchanged(interaction, 'Application', () => searchAndOffer(project, interaction, policy, added))
}

async function searchAndOffer(
  project: Project,
  interaction: Interaction,
  policy: Policy,
  added: readonly ModelAuditField[],
): Promise<Skipped> {
  interaction.progress(interaction.t('Searching the code for reads of the models'))
  // The policy may have changed since an earlier run.
  const wanted = requiredAuditFields(project.schema, policy).filter((required) =>
    added.some(({ model, field }) => model === required.model && field === required.field),
  )
  const scope = await scopeOf(project, interaction, policy, wanted)
  const { edits, notes, skippedFrom } = await searchOnce(interaction.signal, (search) => search.edits(scope))
  sayLimit(interaction, skippedFrom)
  project.paths.requireWritable(edits.map(({ file }) => file))
  for (const note of notes) interaction.output(text`Application: ${note}`)
  if (edits.length === 0) {
    interaction.output(text`Application: the code shows all added audit fields.`)
    return null
  }
  sayUnlikely(project, interaction, edits)
  const applied = await interaction.offerEdits(edits, interaction.t("Add the audit fields to the application's code"))
  interaction.output(applied ? text`Application: the edits are applied.` : text`Application: the code is unchanged.`)
  if (applied) return null
  // Who cancels a run discards its edits, too: it stopped here.
  interaction.signal.throwIfAborted()
  return 'edits not applied'
}

/** Lists each unselected edit with its reasons, because a terminal shows no selection and a review no reasons. */
function sayUnlikely(project: Project, interaction: Interaction, edits: readonly ApplicationEdit[]): void {
  for (const { file, place, title, evidence } of edits.filter(({ isTicked }) => !isTicked)) {
    const where = `${project.paths.display(file)}:${String(place.start.line + 1)}`
    interaction.output(text`Application: less likely, not selected: ${where}: ${title} (${evidence.join('; ')})`)
  }
}

/**
 * After a rollback, offers to remove what those edits wrote for fields that are no longer in the schema. Returns
 * whether it was removed.
 */
export async function offerApplicationRemovals(
  project: Project,
  interaction: Interaction,
  gone: readonly ModelAuditField[],
): Promise<boolean> {
  const { policy } = project
  if (policy === null || gone.length === 0) return false
  return await untilUnchanged(interaction, 'Application', () =>
    searchAndOfferRemovals(project, interaction, policy, gone),
  )
}

async function searchAndOfferRemovals(
  project: Project,
  interaction: Interaction,
  policy: Policy,
  gone: readonly ModelAuditField[],
): Promise<boolean> {
  interaction.progress(interaction.t('Searching the code for the removed fields'))
  const scope = await scopeOf(project, interaction, policy, gone)
  const found = await searchOnce(interaction.signal, (search) => search.removals(scope))
  sayLimit(interaction, found.skippedFrom)
  const edits = found.edits.filter(({ file }) => project.paths.mayWrite([file]))
  for (const note of found.notes) interaction.output(text`Application: ${note}`)
  if (edits.length === 0) return false
  const applied = await interaction.offerEdits(
    edits,
    interaction.t("Remove the audit fields from the application's code"),
  )
  interaction.output(
    applied ? text`Application: ${counted(edits.length, 'edit')} undone.` : text`Application: the code is unchanged.`,
  )
  return applied
}

async function scopeOf(
  project: Project,
  interaction: Interaction,
  policy: Policy,
  additions: readonly ModelAuditField[],
): Promise<SearchScope> {
  return {
    root: project.paths.applicationRoot,
    schemaPath: project.location.schemaPath,
    models: codeModels(project.schema, policy, additions),
    openTexts: await interaction.unsavedTexts(),
  }
}

function sayLimit(interaction: Interaction, skippedFrom: number | null): void {
  if (skippedFrom !== null) interaction.output(text`Application: only the first ${skippedFrom} source files were read.`)
}
