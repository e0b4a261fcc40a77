import { setImmediate } from 'node:timers/promises'
import { findApplicationEdits } from '../application/find-application-edits'
import { findApplicationRemovals } from '../application/find-application-removals'
import { listApplicationFiles } from '../application/list-application-files'
import type { ApplicationEdit, SourceText } from '../application/model'
import { requiredAuditFields } from '../audit-fields/requirements'
import type { Project } from '../project/project'
import type { ModelAuditField } from '../audit-fields/present-fields'
import { computing, type Interaction } from './interaction'
import { text } from '../text/safe-text'

/**
 * Offers the edits that carry the audit fields into the selects and the interfaces of the application's code. All that
 * the policy requires is looked for, not only what this run added, so that a run that stopped before is completed.
 */
export async function offerApplicationEdits(project: Project, interaction: Interaction): Promise<void> {
  interaction.progress('Searching the code for reads of the models')
  const policy = project.policyFile.require()
  const files = await readFiles(project, interaction)
  const additions = requiredAuditFields(project.schema, policy)
  const edits: ApplicationEdit[] = []
  const notes: string[] = []
  for (const part of partsOf(files)) {
    // Parsing leaves nobody else a turn: an interrupt is seen between two parts.
    await setImmediate(undefined, { signal: interaction.signal })
    const found = findApplicationEdits({ files: part, schema: project.schema, policy, additions })
    edits.push(...found.edits)
    notes.push(...found.notes)
  }
  project.paths.requireWritable(edits.map(({ file }) => file))
  for (const note of notes) interaction.output(text`Application: ${note}`)
  if (edits.length === 0) {
    interaction.output(text`Application: all selects and interfaces have the audit fields.`)
    return
  }
  const applied = await interaction.offerEdits(edits, "Add the audit fields to the application's code")
  interaction.output(
    applied ? text`Application: ${edits.length} edits applied.` : text`Application: the code is unchanged.`,
  )
}

/**
 * After a rollback: offers to take out of the application's code what the edits above wrote for these fields, which the
 * schema does not have any more.
 */
export async function offerApplicationRemovals(
  project: Project,
  interaction: Interaction,
  gone: readonly ModelAuditField[],
): Promise<void> {
  const { policy, schema } = project
  if (policy === null || gone.length === 0) return
  interaction.progress('Searching the code for the removed fields')
  const files = await readFiles(project, interaction)
  const found = await computing(interaction, () => findApplicationRemovals({ files, schema, policy, additions: gone }))
  const edits = found.edits.filter(({ file }) => project.paths.mayWrite([file]))
  for (const note of found.notes) interaction.output(text`Application: ${note}`)
  if (edits.length === 0) return
  const applied = await interaction.offerEdits(edits, "Take the audit fields out of the application's code")
  interaction.output(
    applied ? text`Application: ${edits.length} edits taken back.` : text`Application: the code is unchanged.`,
  )
}

async function readFiles(project: Project, interaction: Interaction): Promise<readonly SourceText[]> {
  return await listApplicationFiles(project.paths.codeRoot, {
    signal: interaction.signal,
    openTexts: await interaction.unsavedTexts(),
    onLimit: (count) => interaction.output(text`Application: only the first ${count} source files were read.`),
  })
}

/** In the same order, none of more than about a megabyte. */
function partsOf(files: readonly SourceText[]): SourceText[][] {
  const parts: SourceText[][] = []
  let size = Infinity
  for (const file of files) {
    if (size + file.text.length > LARGEST_PART) {
      parts.push([])
      size = 0
    }
    parts.at(-1)?.push(file)
    size += file.text.length
  }
  return parts
}

/** Characters. */
const LARGEST_PART = 1_000_000
