import { missingAuditFields, type ModelField } from '../audit/missing-audit-fields'
import { namedAuditField } from '../schema/edits/audit-fields'
import { auditFieldEdits } from '../schema/edits/audit-field-edits'
import type { TextEdit } from '../schema/edits/text-edit'
import { findModel } from '../schema/lookup'
import type { Project } from '../project/project'
import type { Interaction } from './interaction'
import type { Skipped } from './stages'
import { text } from '../text/safe-text'

export interface SchemaUpdate {
  /** The audit fields that the schema lacked. */
  readonly fields: readonly ModelField[]
  readonly edits: readonly TextEdit[]
}

/**
 * What the schema lacks of the policy, as minimal text edits. A field that it has already, and that the migration gives
 * a column, a key and an index, is completed: without its relation and `@@index` Prisma would call those drift.
 */
export function schemaUpdate(project: Project, additions: readonly ModelField[]): SchemaUpdate {
  const schema = project.requireSchema()
  const policy = project.policyToPlan()
  if (policy === null) return { fields: [], edits: [] }
  const fields = missingAuditFields(schema, policy)
  const isMissing = (wanted: ModelField): boolean =>
    fields.some(({ model, field }) => model === wanted.model && field === wanted.field)
  const completed = additions.filter((addition) => {
    const model = findModel(schema, addition.model)?.model
    return model !== undefined && !isMissing(addition) && namedAuditField(policy, model, addition.field) !== null
  })
  return { fields, edits: auditFieldEdits(schema, policy, [...fields, ...completed]) }
}

/** Answers why nothing was written, if so. */
export async function applySchemaUpdate(
  project: Project,
  interaction: Interaction,
  update: SchemaUpdate,
): Promise<Skipped> {
  if (update.edits.length === 0) {
    interaction.output(text`Schema: nothing to write, the fields are there already.`)
    return 'nothing to write'
  }
  interaction.progress('Writing the schema')
  await interaction.applyEdits(update.edits, 'Add the audit fields')
  const files = [...new Set(update.edits.map((edit) => project.displayPath(edit.file)))]
  const fields = update.fields.map(({ model, field }) => `${model}.${field}`)
  const what = fields.length === 0 ? 'completed the audit fields' : `added ${fields.join(', ')}`
  interaction.output(text`Schema: ${what} in ${files.join(', ')}.`)
  return null
}
