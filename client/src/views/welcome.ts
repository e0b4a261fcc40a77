import type { ProjectStatus } from '../../../protocol/src/index'

/** The content of the empty view: the value of `prismaAudit.welcome`, which selects the text in package.json. */
export type Welcome = 'checking' | 'untrusted' | 'connect' | 'offline' | 'unfinished' | 'policy' | 'inStep'

/** The first obstacle to being in sync. */
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
