import type { SchemaModel } from '../schema/model'
import { inPlainEnglish } from '../text/phrase'
import { schemaInvalid } from './errors'
import type { ProjectPaths } from './project-paths'

/** The schema, or an AuditError if it does not parse: nothing is planned or written from an incomplete schema. */
export function completeSchema(schema: SchemaModel, paths: ProjectPaths): SchemaModel {
  const problems = schema.files.flatMap((file) =>
    file.problems.map(
      ({ message, range: { start: at } }) =>
        `${paths.display(file.path)}:${at.line + 1}:${at.character + 1} ${inPlainEnglish(message)}`,
    ),
  )
  if (problems.length > 0) throw schemaInvalid(problems)
  return schema
}
