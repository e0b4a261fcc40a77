import type { ProjectStatus } from '../../../protocol/src/index'

/**
 * The rejected logins. A command tries again and reports its own failure, so the same rejection is reported once, until
 * the project has been connected again.
 */
export class Refusals {
  private readonly told = new Map<string, string>()

  /** Whether this one was not reported yet. */
  isNew({ schemaUri, connection, databaseLabel, detail }: Refused): boolean {
    if (connection === 'connected') this.told.delete(schemaUri)
    if (connection !== 'refused') return false
    const what = `${databaseLabel}\n${detail}`
    if (this.told.get(schemaUri) === what) return false
    this.told.set(schemaUri, what)
    return true
  }
}

type Refused = Pick<ProjectStatus, 'schemaUri' | 'connection' | 'databaseLabel' | 'detail'>
