import type { AuditAddition } from '../migration/model'
import { auditFieldEdits } from '../audit-fields/edits/audit-field-edits'
import { madeForSchema } from '../schema/edits/made-for'
import type { TextEdit } from '../schema/edits/text-edit'
import type { Project } from '../project/project'
import type { Interaction } from './interaction'
import { requireValidSchema } from './validate-schema-edits'
import type { Skipped } from './stages'
import { policyOf, type Target } from './target'
import { boundedList } from '../text/bounded-list'
import { text } from '../text/safe-text'
import { untilUnchanged } from './until-unchanged'

export interface SchemaUpdate {
  /** The audit fields that the schema lacked. */
  readonly fields: readonly Pick<AuditAddition, 'model' | 'field'>[]
  readonly edits: readonly TextEdit[]
}

/**
 * Adds what the policy requires and the schema lacks, as minimal text edits. An existing field that gets a column, a
 * key and an index is completed, because Prisma would report those as drift without its relation and `@@index`. Only
 * what the plan contains is written, because a rollback removes what the journal knows.
 */
export function schemaUpdate(project: Project, target: Target, additions: readonly AuditAddition[]): SchemaUpdate {
  const schema = project.requireSchema()
  const policy = policyOf(project, target)
  if (policy === null) return { fields: [], edits: [] }
  const fields = additions.filter(({ missingIn }) => missingIn !== 'database')
  return { fields, edits: madeForSchema(schema, auditFieldEdits(schema, policy, additions)) }
}

/**
 * Writes the update of the schema as it is now: it may have been edited since the run started, and even between the
 * validation and the edit, here or by another program. Returns the reason if nothing was written.
 */
export async function applySchemaUpdate(
  project: Project,
  interaction: Interaction,
  work: SchemaWork,
): Promise<Skipped> {
  return await untilUnchanged(interaction, 'Schema', () => editSchema(project, interaction, work))
}

interface SchemaWork {
  readonly target: Target
  readonly additions: readonly AuditAddition[]
}

async function editSchema(
  project: Project,
  interaction: Interaction,
  { target, additions }: SchemaWork,
): Promise<Skipped> {
  project.readSchemaAgain()
  const update = schemaUpdate(project, target, additions)
  if (update.edits.length === 0) {
    const why = additions.length === 0 ? 'no audit field was missing' : 'the fields already exist'
    interaction.output(text`Schema: unchanged, ${why}.`)
    return 'nothing to write'
  }
  interaction.progress(interaction.t('Writing the schema'))
  await requireValidSchema(project, update.edits)
  await interaction.applyEdits(update.edits, interaction.t('Add the audit fields'))
  const files = [...new Set(update.edits.map((edit) => project.paths.display(edit.file)))]
  const fields = update.fields.map(({ model, field }) => `${model}.${field}`)
  const what =
    fields.length === 0 ? 'completed the audit fields' : `added ${boundedList(fields, 10, 'fields').join(', ')}`
  interaction.output(text`Schema: ${what} in ${files.join(', ')}.`)
  return null
}
