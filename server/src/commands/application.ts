import { findApplicationEdits } from '../application/find-application-edits'
import { listApplicationFiles } from '../application/list-application-files'
import { requiredAuditFields } from '../audit-fields/requirements'
import type { Project } from '../project/project'
import type { Interaction } from './interaction'
import { text } from '../text/safe-text'

/**
 * Offers the edits that carry the audit fields into the selects and the interfaces of the application's code. All that
 * the policy requires is looked for, not only what this run added, so that a run that stopped before is completed.
 */
export async function offerApplicationEdits(project: Project, interaction: Interaction): Promise<void> {
  interaction.progress('Looking for code that reads the models')
  const policy = project.requirePolicy()
  const files = await listApplicationFiles(project.codeRoot, {
    signal: interaction.signal,
    openTexts: await interaction.unsavedTexts(),
    onLimit: (count) => interaction.output(text`Application: only the first ${count} source files were looked at.`),
  })
  const additions = requiredAuditFields(project.schema, policy)
  const { edits, notes } = findApplicationEdits({ files, schema: project.schema, policy, additions })
  for (const note of notes) interaction.output(text`Application: ${note}`)
  if (edits.length === 0) {
    interaction.output(text`Application: no select and no interface lacks the audit fields.`)
    return
  }
  const applied = await interaction.offerEdits(edits, "Add the audit fields to the application's code")
  interaction.output(
    applied ? text`Application: ${edits.length} edits applied.` : text`Application: the code was left as it is.`,
  )
}
