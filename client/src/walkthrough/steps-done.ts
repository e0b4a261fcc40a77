import type { ProjectStatus } from '../../../protocol/src/index'

/** Whether each step of the walkthrough is done, by the context that completes it. */
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
    // A local database or a sandbox is detected, not configured by the user, so it does not count.
    'prismaAudit.done.environment':
      hasSetEnvironment ||
      projects.some(
        ({ environment, isReadOnly }) =>
          isReadOnly || environment === 'development' || environment === 'staging' || environment === 'production',
      ),
    'prismaAudit.done.guided': hasMigrated,
  }
}

/** The commands that succeeded in this window. */
export interface CommandsDone {
  readonly hasMigrated: boolean
  readonly hasSetEnvironment: boolean
}
