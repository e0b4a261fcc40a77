import type { RollbackResult } from '../migration/run/roll-back'
import type { Project } from '../project/project'
import { auditFieldRemovals } from '../audit-fields/edits/audit-field-removals'
import { madeForSchema } from '../schema/edits/made-for'
import { newSchemaErrors } from '../schema/validation/new-schema-errors'
import type { Interaction } from './interaction'
import { describeSchemaErrors } from './validate-schema-edits'
import { listNames } from '../text/bounded-list'
import { text, textOf, type SafeText } from '../text/safe-text'
import { untilUnchanged } from './until-unchanged'

/** The result for the fields in the schema. */
export interface SchemaEdit {
  hasChanged: boolean
  said: SafeText | null
  failure: { readonly error: unknown } | null
}

/**
 * Only the journal decides what is undone in the database; if the schema does not parse or there is no policy, the
 * schema is left unchanged.
 */
export async function takeBackFields(
  project: Project,
  interaction: Interaction,
  schemaFields: RollbackResult['schemaFields'],
  edit: SchemaEdit,
): Promise<void> {
  if (schemaFields.length === 0) return
  await untilUnchanged(interaction, 'Schema', () => removeFields(project, interaction, schemaFields, edit))
}

async function removeFields(
  project: Project,
  interaction: Interaction,
  schemaFields: RollbackResult['schemaFields'],
  edit: SchemaEdit,
): Promise<void> {
  project.readSchemaAgain()
  const { policy, schema } = project
  const names = schemaFields.map(({ model, field }) => `${model}.${field}`)
  // Only of what the user has to remove is each name wanted.
  const fields = names.join(', ')
  if (policy === null || schema.files.some(({ problems }) => problems.length > 0)) {
    const why = policy === null ? 'there is no valid policy' : 'it has syntax errors'
    edit.said = text`Schema: unchanged, because ${why}. Remove ${fields} yourself.`
    return
  }
  const removals = madeForSchema(schema, auditFieldRemovals(schema, policy, schemaFields))
  if (removals.length === 0) return
  const files = [...new Set(removals.map(({ file }) => file))]
  if (!project.paths.mayWrite(files)) {
    const shown = files.map((file) => project.paths.display(file)).join(', ')
    edit.said = text`Schema: not changed, because ${shown} is outside the project. Remove ${fields} yourself.`
    return
  }
  const errors = await newSchemaErrors(schema, removals)
  if (errors.length > 0) {
    const lines = removals.map(({ file, range }) => {
      const [first, last] = [range.start.line + 1, range.end.line + 1]
      return `${project.paths.display(file)}:${first}${first === last ? '' : `-${last}`}`
    })
    edit.said = textOf([
      `Schema: unchanged. Prisma would reject it without ${fields}:`,
      ...describeSchemaErrors(project, errors),
      `Edit these lines yourself: ${lines.join(', ')}.`,
    ])
    return
  }
  await interaction.applyEdits(removals, interaction.t('Remove the audit fields'))
  edit.hasChanged = true
  edit.said = text`Schema: removed ${listNames(names, MOST_NAMED)}. Generate Prisma Client again.`
}

const MOST_NAMED = 12
