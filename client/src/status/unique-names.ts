import type { ProjectStatus } from '../../../protocol/src/index'

/**
 * Makes the names unique: projects with the same root, or folders with the same name, also get what distinguishes their
 * schemas.
 */
export function withUniqueNames(projects: readonly ProjectStatus[]): readonly ProjectStatus[] {
  return projects.map((project) => {
    const others = projects.filter((other) => other !== project && other.name === project.name)
    if (others.length === 0) return project
    const own = decodeURI(project.schemaUri).split('/')
    const shared = Math.min(...others.map(({ schemaUri }) => sharedLength(own, decodeURI(schemaUri).split('/'))))
    return { ...project, name: `${project.name} (${shortest(own.slice(shared)).join('/')})` }
  })
}

/** The status bar has little room, and nearly every schema has this name. */
function shortest(segments: readonly string[]): readonly string[] {
  return segments.length > 1 && segments.at(-1) === 'schema.prisma' ? segments.slice(0, -1) : segments
}

function sharedLength(left: readonly string[], right: readonly string[]): number {
  const different = left.findIndex((segment, index) => segment !== right[index])
  return different < 0 ? left.length - 1 : different
}
