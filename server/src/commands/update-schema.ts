import { missingAuditFields, type ModelField } from '../audit/missing-audit-fields'
import { auditFieldEdits } from '../schema/edits/audit-field-edits'
import type { TextEdit } from '../schema/edits/text-edit'
import type { Project } from '../project/project'
import type { Interaction } from './interaction'

export interface SchemaUpdate {
  /** The audit fields that the schema lacked. */
  readonly fields: readonly ModelField[]
  readonly edits: readonly TextEdit[]
}

/** What the schema lacks of the policy, as minimal text edits. */
export function schemaUpdate(project: Project): SchemaUpdate {
  const schema = project.requireSchema()
  const policy = project.requirePolicy()
  const fields = missingAuditFields(schema, policy)
  return { fields, edits: auditFieldEdits(schema, policy, fields) }
}

export async function applySchemaUpdate(
  project: Project,
  interaction: Interaction,
  update: SchemaUpdate,
): Promise<void> {
  if (update.edits.length === 0) {
    interaction.output('Schema: nothing to write, the fields are there already.')
    return
  }
  interaction.progress('Writing the schema')
  await interaction.applyEdits(update.edits, 'Add the audit fields')
  const files = [...new Set(update.edits.map((edit) => project.displayPath(edit.file)))]
  const fields = update.fields.map(({ model, field }) => `${model}.${field}`)
  interaction.output(`Schema: added ${fields.join(', ')} in ${files.join(', ')}.`)
}
