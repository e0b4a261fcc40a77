import type { SmokeTest } from '../backup/proof/rehearse-restore'
import { reasonInOneLine } from '../backup/errors'
import { withClient } from '../database/connect'
import { AuditError } from '../errors'
import type { DatabaseTarget } from '../project/database-target'
import type { Project } from '../project/project'
import { phrase, type Phrase } from '../text/phrase'
import type { Interaction } from './interaction'
import { smokeResult, testApplication } from './smoke'

/**
 * Level 4 of a backup: the application's own test with the restored database in the variable that the policy names.
 * Undefined if the policy has no application. It counts only if the application had a session in that database.
 */
export function smokeTestOfBackup(
  project: Project,
  interaction: Interaction,
  standing: DatabaseTarget['standing'] | null,
): SmokeTest | undefined {
  const application = project.policyFile.reading.policy?.application ?? null
  if (application === null) return undefined
  const { databaseVariable } = application
  return async (url) => {
    const why = whyNot(application.start, standing, databaseVariable)
    if (why !== null) return { outcome: 'not proven', detail: why }
    const seen = { inDatabase: false }
    try {
      // Ours, which tell that the database is in use, are no sign of the application.
      const before = new Set(await sessionsIn(url, project.environment))
      const beforeStop = async (): Promise<void> => {
        const after = await sessionsIn(url, project.environment)
        seen.inDatabase = after.some((session) => !before.has(session))
      }
      const variables = { [databaseVariable]: url }
      const results = await testApplication(project, interaction, { ask: false, variables, beforeStop })
      const { status, said } = smokeResult(results)
      if (!seen.inDatabase) {
        const detail = phrase`the application has no session in the restored database: does it take its URL from ${databaseVariable}?`
        return { outcome: 'not proven', detail }
      }
      return { outcome: status === 'done' ? 'passed' : 'failed', detail: said }
    } catch (error) {
      interaction.signal.throwIfAborted()
      if (!(error instanceof AuditError)) throw error
      return { outcome: 'not proven', detail: phrase`${error.parts.what} ${reasonInOneLine(error)}` }
    }
  }
}

/** The checks write, and an application that takes its URL from elsewhere would write into the real database. */
function whyNot(
  start: readonly string[] | null,
  standing: DatabaseTarget['standing'] | null,
  variable: string,
): Phrase | null {
  if (start === null)
    return phrase`the application is already running (no "start" in the policy), so it cannot use the restored database`
  if (standing?.environment === 'production' || standing?.environment === null) {
    const risk =
      standing.environment === null ? phrase`the database may be production` : phrase`the database is production`
    return phrase`${risk}, and an application that ignores ${variable} would write to it: verify the file with the --url of another server`
  }
  return null
}

/** The other sessions in the database: process and start of each. */
async function sessionsIn(url: string, environment: Project['environment']): Promise<string[]> {
  return await withClient(url, { environment }, async (client) => {
    const { rows } = await client.query<{ session: string }>(
      `SELECT pg_catalog.concat_ws(' ', a.pid, a.backend_start) AS session FROM pg_catalog.pg_stat_activity AS a
       WHERE a.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()
         AND a.backend_type OPERATOR(pg_catalog.=) 'client backend'
         AND a.pid OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid()`,
    )
    return rows.map(({ session }) => session)
  })
}
