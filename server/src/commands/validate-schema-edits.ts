import { lineOf } from '../text/safe-text'
import { AuditError } from '../errors'
import type { Project } from '../project/project'
import type { TextEdit } from '../schema/edits/text-edit'
import { newSchemaErrors, schemaErrors, type SchemaError } from '../schema/validation/new-schema-errors'
import { phrase, type Phrase } from '../text/phrase'

/**
 * Rejects edits that cannot be written, of a schema that Prisma rejects already, or after which it would; none is
 * written then. A half-typed schema would be saved with them, and `prisma generate` fail after it.
 */
export async function requireValidSchema(project: Project, edits: readonly TextEdit[]): Promise<void> {
  project.paths.requireWritable(edits.map(({ file }) => file))
  if (edits.length === 0) return
  await requireAcceptedByPrisma(project, phrase`Prisma rejects the schema, so it is not edited.`)
  const errors = await newSchemaErrors(project.schema, edits)
  if (errors.length > 0) throw schemaWouldBeInvalid(describeSchemaErrors(project, errors))
}

/**
 * Rejects a schema that Prisma itself rejects, before the database is changed: `prisma generate` would fail after it,
 * and what Prisma does not read is not what we planned from.
 */
export async function requireAcceptedByPrisma(
  project: Project,
  what: Phrase = phrase`Prisma rejects the schema, so the database is not changed.`,
): Promise<void> {
  const { schema, paths } = project
  const errors = await schemaErrors(schema)
  if (errors.length === 0) return
  const marked = schema.files.filter(({ text }) => text.toString().startsWith('\ufeff'))
  throw new AuditError('schema-invalid', {
    what,
    why: describeSchemaErrors(project, errors).map((error) => lineOf(error)),
    nextStep: [
      ...marked.map(
        ({ path }) => phrase`${paths.display(path)} begins with a byte order mark: save it as UTF-8 without one.`,
      ),
      phrase`Fix the errors (see \`prisma validate\`) and run the command again.`,
    ],
  })
}

export function describeSchemaErrors(project: Project, errors: readonly SchemaError[]): string[] {
  return errors.map(({ file, line, message }) => `${project.paths.display(file)}:${line + 1} ${message}`)
}

function schemaWouldBeInvalid(errors: readonly string[]): AuditError {
  return new AuditError('schema-would-be-invalid', {
    what: phrase`Prisma would reject the edited schema, so it is not saved.`,
    why: errors.map((error) => lineOf(error)),
    nextStep: phrase`Fix the errors in the schema or the policy, and run the command again.`,
  })
}
