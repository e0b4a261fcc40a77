import type { ProjectStatus } from '../../../protocol/src/index'

/** What package.json asks for in `when` clauses. */
export function contextsOf(projects: readonly ProjectStatus[]): Readonly<Record<string, boolean>> {
  return {
    'prismaAudit.hasProject': projects.length > 0,
    'prismaAudit.hasSandbox': projects.some(({ environment }) => environment === 'sandbox'),
  }
}
