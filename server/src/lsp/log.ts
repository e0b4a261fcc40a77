import type { Connection } from 'vscode-languageserver'
import { onTimedQuery } from '../database/timed-queries'
import { describeForLog } from '../errors'
import type { Project } from '../project/project'
import type { Secrets } from '../database/secrets'
import { lineOf, visible, type SafeText } from '../text/safe-text'
import { inEnglish } from '../text/translate'

/**
 * Writes the editor's log, by level: failures as errors with stack and cause, an unreachable database as a warning,
 * commands and connections as information, and queries with their times at trace level. In English, safe to show, and
 * without passwords.
 */
export class ServerLog {
  private readonly connections = new Map<Project, string>()

  constructor(
    private readonly connection: Connection,
    private readonly secrets: Secrets,
  ) {
    onTimedQuery(({ sql, milliseconds, failure }) => {
      const end = failure === null ? '' : ` (${failure})`
      const line = sql
        .slice(0, 3 * SQL_CHARACTERS)
        .trim()
        .replaceAll(/\s+/g, ' ')
      connection.tracer.log(this.safe(lineOf(`SQL in ${milliseconds.toFixed(1)} ms${end}: ${line}`, SQL_CHARACTERS)))
    })
  }

  info(message: string): void {
    this.connection.console.info(this.safe(lineOf(message)))
  }

  failure(during: string, error: unknown): void {
    this.connection.console.error(this.safe(visible(`${lineOf(during)}\n${describeForLog(error)}`)))
  }

  /** Logs a change of the connection; a database that stays unreachable is logged once. */
  connectionOf(project: Project): void {
    const { connection, label, detail: detailIn } = project.live.state
    const detail = detailIn(inEnglish)
    if (this.connections.get(project) === connection) return
    this.connections.set(project, connection)
    const message = `${project.paths.name}: ${[connection, label, detail].filter((part) => part !== '').join(', ')}`
    const shown = this.safe(visible(message))
    if (connection === 'refused' || connection === 'unreachable') this.connection.console.warn(shown)
    else if (connection !== 'connecting') this.connection.console.info(shown)
  }

  forget(project: Project): void {
    this.connections.delete(project)
  }

  private safe(shown: SafeText): string {
    return this.secrets.blotOut(shown)
  }
}

/** The beginning of a statement. */
const SQL_CHARACTERS = 300
