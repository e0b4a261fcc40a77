import { AuditError } from '../errors'
import type { Project } from '../project/project'
import type { TextEdit } from '../schema/edits/text-edit'
import { newSchemaErrors, type SchemaError } from '../schema/validation/new-schema-errors'

/** Rejects edits that cannot be written, or after which Prisma would reject the schema; none is written then. */
export async function requireValidSchema(project: Project, edits: readonly TextEdit[]): Promise<void> {
  project.paths.requireWritable(edits.map(({ file }) => file))
  const errors = await newSchemaErrors(project.schema, edits)
  if (errors.length > 0) throw schemaWouldBeInvalid(describeSchemaErrors(project, errors))
}

export function describeSchemaErrors(project: Project, errors: readonly SchemaError[]): string[] {
  return errors.map(({ file, line, message }) => `${project.paths.display(file)}:${line + 1} ${message}`)
}

function schemaWouldBeInvalid(errors: readonly string[]): AuditError {
  return new AuditError('schema-would-be-invalid', {
    what: 'Prisma would reject the edited schema, so it is not saved.',
    why: errors,
    nextStep: 'Fix the errors in the schema or the policy, and run the command again.',
  })
}
