import type { ProjectStatus } from '../../../protocol/src/index'

/** The project whose schema or root contains the document; the innermost if there are several. */
export function projectAround(document: string, projects: readonly ProjectStatus[]): ProjectStatus | undefined {
  const isInside = (folder: string) => document === folder || document.startsWith(`${folder.replace(/\/$/, '')}/`)
  const longest = (choose: (project: ProjectStatus) => string) =>
    projects
      .filter((project) => isInside(choose(project)))
      .sort((left, right) => choose(right).length - choose(left).length)[0]
  return longest(({ schemaUri }) => schemaUri) ?? longest(({ rootUri }) => rootUri)
}
