import type { FixSources } from '../editor/fixes/finding-fixes'
import type { Project } from '../project/project'
import { SourceLines } from '../schema/edits/source-lines'
import type { SchemaFile } from '../schema/model'
import type { Translate } from '../text/translate'

/** The current state of the project, from which fixes are made; each file is split into lines once. */
export function fixSourcesOf(t: Translate, project: Project): FixSources {
  const known = new Map<SchemaFile, SourceLines>()
  return {
    t,
    schema: project.schema,
    index: project.findings.databaseIndex,
    sidesOf: (model) => project.findings.sidesOf(model),
    linesOf: (file) => {
      const lines = known.get(file) ?? new SourceLines(file.text.toString())
      known.set(file, lines)
      return lines
    },
  }
}
