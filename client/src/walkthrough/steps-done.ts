import type { ProjectStatus } from '../../../protocol/src/index'

/** The steps of the walkthrough, by the context that completes each, and whether what it asks for is so. */
export function stepsDone(
  projects: readonly ProjectStatus[],
  hasMigrated: boolean,
): Readonly<Record<`prismaAudit.done.${string}`, boolean>> {
  return {
    'prismaAudit.done.connect': projects.some(({ connection }) => connection === 'connected'),
    'prismaAudit.done.policy': projects.some(({ policy }) => policy === 'valid'),
    'prismaAudit.done.check': projects.some(
      ({ policy, catalogReadAt }) => policy === 'valid' && catalogReadAt !== null,
    ),
    'prismaAudit.done.environment': projects.some(
      ({ environment }) => environment !== null && environment !== 'remote',
    ),
    'prismaAudit.done.guided': hasMigrated,
  }
}
