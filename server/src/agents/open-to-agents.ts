import type { Policy, PolicyDatabase } from '../audit-fields/policy'
import { AuditError } from '../errors'
import { standingWords, type DatabaseStanding } from '../project/database-standing'
import type { DatabaseTarget } from '../project/database-target'
import type { Project } from '../project/project'

/** What limits the calls of a server, beyond the environment of the database. */
export interface AgentLimits {
  /** No tool may write, whatever a person confirms. */
  readonly readOnly: boolean
  readonly declared: DeclaredDatabases
}

/**
 * What the policy has said about databases since the server started. An agent can edit the policy, so what an entry
 * protected stays protected.
 */
export class DeclaredDatabases {
  private readonly entries = new Map<string, PolicyDatabase>()

  add(policy: Policy | null): void {
    for (const entry of policy?.databases ?? []) this.entries.set(JSON.stringify(entry), entry)
  }

  get all(): readonly PolicyDatabase[] {
    return [...this.entries.values()]
  }
}

/**
 * The target of a call that only reads. PostgreSQL then refuses every write to a database that is closed to agents,
 * such as those with which plan and verify test a trigger.
 */
export function readableTarget<Target extends DatabaseTarget>(
  project: Project,
  target: Target,
  limits: AgentLimits,
): Target {
  const { standing } = target
  const isOpen = standing.readOnly !== null || whyClosed(project, target, limits) === null
  return isOpen ? target : { ...target, standing: { ...standing, readOnly: 'agents' } }
}

/** Throws `closed-to-agents`. Only a person can change that, and not through a call. */
export function requireOpenToAgents(project: Project, target: DatabaseTarget, limits: AgentLimits): void {
  const why = whyClosed(project, target, limits)
  if (why === null) return
  throw new AuditError('closed-to-agents', {
    what: `Agents can only read ${labelWithStanding(target)}.`,
    why,
    nextStep:
      'A person can run prisma-audit migrate or prisma-audit rollback in a terminal, or the command in VS Code.',
  })
}

export function labelWithStanding({ label, standing }: Pick<DatabaseTarget, 'label' | 'standing'>): string {
  return `${label} (${standingWords(standing)})`
}

function whyClosed(project: Project, { url, server, standing }: DatabaseTarget, limits: AgentLimits): string | null {
  if (limits.readOnly) return 'The server was started with --read-only.'
  if (!isWritable(standing))
    return 'They never write to production, to a read-only database, or to a remote database without an environment.'
  const { declared } = limits
  declared.add(project.policy)
  const answering = { server, writesRefused: null }
  if (!isWritable(project.standings.of(url, answering, { databases: declared.all })))
    return 'The policy protected it earlier in this session. A person can review the change of the policy and restart the server.'
  // A repository's policy may have been written by the agent.
  if (project.standings.of(url, answering, null).environment === null)
    return 'It is remote, and only the policy sets its environment: a person can set it with prisma-audit environment.'
  return null
}

function isWritable({ environment, readOnly }: DatabaseStanding): boolean {
  return environment !== null && environment !== 'production' && readOnly === null
}
