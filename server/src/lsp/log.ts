import type { Connection } from 'vscode-languageserver'
import { onTimedQuery } from '../database/timed-queries'
import { describeForLog } from '../errors'
import type { Project } from '../project/project'
import type { Secrets } from '../database/secrets'
import { lineOf, visible, type SafeText } from '../text/safe-text'

/**
 * What the editor's log is told, by level: failures as errors with stack and cause, a database that does not answer as a
 * warning, commands and connections as information; queries with their times where the editor traces. It is in English, safe
 * to show, and without passwords.
 */
export class ServerLog {
  private readonly connections = new Map<Project, string>()

  constructor(
    private readonly connection: Connection,
    private readonly secrets: Secrets,
  ) {
    onTimedQuery(({ sql, milliseconds, failure }) => {
      const end = failure === null ? '' : ` (${failure})`
      connection.tracer.log(this.safe(lineOf(`SQL in ${milliseconds.toFixed(1)} ms${end}: ${sql}`, SQL_CHARACTERS)))
    })
  }

  info(message: string): void {
    this.connection.console.info(this.safe(lineOf(message)))
  }

  failure(during: string, error: unknown): void {
    this.connection.console.error(this.safe(visible(`${lineOf(during)}\n${describeForLog(error)}`)))
  }

  /** Once a change: a database that stays away is no news. */
  connectionOf(project: Project): void {
    const { connection, label, detail } = project.live.state
    if (this.connections.get(project) === connection) return
    this.connections.set(project, connection)
    const message = `${project.paths.name}: ${[connection, label, detail].filter((part) => part !== '').join(', ')}`
    if (connection === 'refused' || connection === 'unreachable') {
      this.connection.console.warn(this.safe(visible(message)))
    } else if (connection !== 'connecting') this.info(message)
  }

  forget(project: Project): void {
    this.connections.delete(project)
  }

  private safe(shown: SafeText): string {
    return this.secrets.blotOut(shown)
  }
}

/** Of a statement, the beginning. */
const SQL_CHARACTERS = 300
