import type { ProjectStatus } from '../../../protocol/src/index'

/** What package.json asks for in `when` clauses, and what completes the steps of the walkthrough. */
export function contextsOf(projects: readonly ProjectStatus[]): Readonly<Record<string, boolean>> {
  const some = (is: (project: ProjectStatus) => boolean) => projects.some(is)
  return {
    'prismaAudit.hasProject': projects.length > 0,
    'prismaAudit.hasSandbox': some(({ environment }) => environment === 'sandbox'),
    'prismaAudit.isConnected': some(({ connection }) => connection === 'connected'),
    'prismaAudit.hasPolicy': some(({ policy }) => policy === 'valid'),
    'prismaAudit.hasChecked': some(({ policy, catalogReadAt }) => policy === 'valid' && catalogReadAt !== null),
    'prismaAudit.knowsEnvironment': some(({ environment }) => environment !== null && environment !== 'remote'),
  }
}

/** Set once a migration has ended well. */
export const HAS_MIGRATED = 'prismaAudit.hasMigrated'
