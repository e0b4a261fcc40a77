import type { ProjectStatus } from '../../../protocol/src/index'

/** The steps of the walkthrough, by the context that completes each, and whether what it asks for is so. */
export function stepsDone(
  projects: readonly ProjectStatus[],
  { hasMigrated, hasSetEnvironment }: CommandsDone,
): Readonly<Record<`prismaAudit.done.${string}`, boolean>> {
  return {
    'prismaAudit.done.connect': projects.some(({ connection }) => connection === 'connected'),
    'prismaAudit.done.policy': projects.some(({ policy }) => policy === 'valid'),
    'prismaAudit.done.check': projects.some(
      ({ policy, catalogReadAt }) => policy === 'valid' && catalogReadAt !== null,
    ),
    // That a database is local, or a sandbox, nobody has said: it protects nothing.
    'prismaAudit.done.environment':
      hasSetEnvironment ||
      projects.some(
        ({ environment, isReadOnly }) =>
          isReadOnly || environment === 'development' || environment === 'staging' || environment === 'production',
      ),
    'prismaAudit.done.guided': hasMigrated,
  }
}

/** What ended well in this window. */
export interface CommandsDone {
  readonly hasMigrated: boolean
  readonly hasSetEnvironment: boolean
}
