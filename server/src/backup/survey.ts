import { withClient } from '../database/connect'
import { backupNotPermitted, backupRowSecurity } from './errors'
import surveyQuery from './survey.sql'

/** What must be known of a database before it is backed up. */
export interface Survey {
  readonly database: string
  /** `15.18`. */
  readonly serverVersion: string
  readonly serverMajor: number
  /** Whether the server is PGlite, where all connections share one session. */
  readonly isEmbedded: boolean
  /** `pg_database_size`, bytes. */
  readonly bytes: number
  readonly extensions: readonly string[]
  /** Roles that the dump may name, without PostgreSQL's own. */
  readonly roles: readonly string[]
}

/**
 * Looks at the database, and refuses what pg_dump would stumble over later in a server's language.
 *
 * @throws AuditError those of connecting, `backup-not-permitted`, `backup-row-security`
 */
export async function surveyDatabase(
  url: string,
  options: {
    readonly environment: Readonly<Record<string, string | undefined>>
    readonly signal?: AbortSignal | undefined
  },
): Promise<Survey> {
  const { environment, signal } = options
  const row = await withClient(url, { environment, ...(signal === undefined ? {} : { signal }) }, async (client) => {
    const result = await client.query<SurveyRow>(surveyQuery)
    return result.rows[0]
  })
  if (row === undefined) throw new Error('The survey of the database gave no row.')
  if (row.unreadable.length > 0) throw backupNotPermitted(url, row.unreadable)
  if (row.filtered.length > 0) throw backupRowSecurity(url, row.filtered)
  return {
    database: row.database,
    serverVersion: row.version.split(' ')[0] ?? row.version,
    serverMajor: Math.floor(row.version_number / 10_000),
    isEmbedded: row.full_version.includes('PGlite'),
    bytes: Number(row.bytes),
    extensions: row.extensions,
    roles: row.roles,
  }
}

interface SurveyRow {
  database: string
  version: string
  version_number: number
  full_version: string
  bytes: string
  extensions: string[]
  roles: string[]
  unreadable: string[]
  filtered: string[]
}
