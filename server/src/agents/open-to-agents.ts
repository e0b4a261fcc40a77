import { AuditError } from '../errors'
import { standingWords, type DatabaseStanding } from '../project/database-standing'
import type { DatabaseTarget } from '../project/database-target'
import { isProtected, type DeclaredDatabases } from '../project/declared-databases'
import type { Project } from '../project/project'
import { labelIn } from '../database/describe-url'
import { untranslated } from '../text/phrase'
import { inEnglish } from '../text/translate'

/** What limits the calls of a server, beyond the environment of the database. */
export interface AgentLimits {
  /** No tool may write, whatever a person confirms. */
  readonly readOnly: boolean
  readonly declared: DeclaredDatabases
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
  const why = whyClosed(project, target, limits)
  return why === null || standing.readOnly !== null
    ? target
    : { ...target, standing: { ...standing, readOnly: 'agents' } }
}

/** Throws `closed-to-agents`. Only a person can change that, and not through a call. */
export function requireOpenToAgents(project: Project, target: DatabaseTarget, limits: AgentLimits): void {
  const why = whyClosed(project, target, limits)
  if (why === null) return
  throw new AuditError('closed-to-agents', {
    what: untranslated`Agents can only read ${labelWithStanding(target)}.`,
    why: untranslated`${why}`,
    nextStep: untranslated`A person can run prisma-audit migrate or prisma-audit rollback in a terminal, or the command in VS Code.`,
  })
}

function labelWithStanding({ url, standing }: DatabaseTarget): string {
  return `${labelIn(inEnglish, { url })} (${standingWords(standing)})`
}

function whyClosed(project: Project, { url, server, standing }: DatabaseTarget, limits: AgentLimits): string | null {
  const { declared } = limits
  declared.add(project.policy)
  if (isProtected(standing)) declared.protect(url, server)
  if (limits.readOnly) return 'The server was started with --read-only.'
  if (!isWritable(standing))
    return 'They never write to production, to a read-only database, or to a remote database without an environment.'
  const answering = { server, writesRefused: null }
  if (declared.isProtected(server) || !isWritable(project.standings.of(url, answering, { databases: declared.all })))
    return `It was protected earlier in this session. ${RESTART}`
  if (declared.mayHide(url))
    return `A protected database has not answered since this session began, and this may be the same one under another name. ${RESTART}`
  // A repository's policy may have been written by the agent.
  if (project.standings.of(url, answering, null).environment === null)
    return 'It is remote, and only the policy sets its environment: a person can set it with prisma-audit environment.'
  return null
}

const RESTART =
  'A person can review what changed (the policy, the URL) and restart the server (in VS Code, reload the window).'

function isWritable({ environment, readOnly }: DatabaseStanding): boolean {
  return environment !== null && environment !== 'production' && readOnly === null
}
