import type { Finding } from '../audit/finding'
import { localFinding } from '../audit/rules/local-finding'
import { fixedPhrase } from '../text/phrase'
import type { Project } from '../project/project'
import { SourceLines } from '../schema/edits/source-lines'
import { schemaErrors } from '../schema/validation/new-schema-errors'

/** What Prisma's own parser rejects, on its lines; nothing more of a line in which a syntax error was found already. */
export async function invalidSchema(project: Project, found: readonly Finding[]): Promise<Finding[]> {
  const { schema } = project
  const errors = await schemaErrors(schema)
  const linesOf = new Map(schema.files.map(({ path, text }) => [path, new SourceLines(text.toString())]))
  return errors.flatMap(({ file, line, message }) => {
    const shown = project.paths.display(file)
    const isKnown = found.some(
      (finding) => finding.code === 'schema-syntax' && finding.file === shown && finding.range.start.line === line,
    )
    if (isKnown) return []
    const written = linesOf.get(file)?.line(line) ?? ''
    const range = {
      start: { line, character: written.length - written.trimStart().length },
      end: { line, character: written.trimEnd().length },
    }
    return [
      {
        ...localFinding({ code: 'schema-invalid', severity: 'error', message: fixedPhrase(message), range }),
        file: shown,
      },
    ]
  })
}
