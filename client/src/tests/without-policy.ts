import type { ProjectStatus } from '../../../protocol/src/index'

/**
 * The projects that a run of all leaves out, by `schemaUri`: those without a policy were never set up, which is no failure.
 * If none has one, none is left out, so that each says what it lacks.
 */
export function projectsToLeaveOut(
  statuses: readonly Pick<ProjectStatus, 'schemaUri' | 'policy' | 'isPostgresql'>[],
): readonly string[] {
  const verifiable = statuses.filter(({ isPostgresql }) => isPostgresql)
  const without = verifiable.filter(({ policy }) => policy === 'none')
  return without.length === verifiable.length ? [] : without.map(({ schemaUri }) => schemaUri)
}
