import type { ProjectStatus } from '../../../protocol/src/index'

/** What the empty view says: the value of `prismaAudit.welcome`, by which package.json chooses the text. */
export type Welcome = 'checking' | 'untrusted' | 'connect' | 'offline' | 'unfinished' | 'policy' | 'inStep'

/** The first thing that stands between the project and being in sync. */
export function welcomeOf(project: ProjectStatus | undefined): Welcome {
  if (project === undefined) return 'checking'
  const { connection, catalogReadAt, hasUnfinishedMigration, policy } = project
  if (connection === 'untrusted') return 'untrusted'
  if (connection === 'none' || connection === 'refused') return 'connect'
  if (connection === 'unreachable') return 'offline'
  if (hasUnfinishedMigration) return 'unfinished'
  if (connection === 'connecting' || catalogReadAt === null) return 'checking'
  return policy === 'none' ? 'policy' : 'inStep'
}
