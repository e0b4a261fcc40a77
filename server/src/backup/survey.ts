import { withClient } from '../database/connect'
import { describeUrl } from '../database/describe-url'
import { readServerIdentity, type ServerIdentity } from '../database/server-identity'
import { ROLE_TO_RETURN_TO } from '../database/session-settings'
import { isTransactionPooled } from '../database/transaction-pooler'
import { withTrustedRoles } from '../database/trusted-roles'
import { withRelations } from './contents/relations'
import { backupNotPermitted, backupRowSecurity, poolerKeepsSettings } from './errors'
import surveyQuery from './survey.sql'
import { withTableBytes } from './table-bytes'
import type { EnvironmentVariables } from '../platform/environment-variables'

/** Facts about a database that a backup needs. */
export interface Survey {
  readonly database: string
  /** `15.18`. */
  readonly serverVersion: string
  readonly serverMajor: number
  /** Of the database: `UTF8`. */
  readonly encoding: string
  /** Whether the server is PGlite, where all connections share one session. */
  readonly isEmbedded: boolean
  /** `pg_database_size`, bytes. */
  readonly bytes: number
  /** Size of the rows with TOAST and of large objects, without indexes and materialized views, which are not dumped. */
  readonly tableBytes: number
  /** The part of `tableBytes` that is large objects. */
  readonly largeObjectBytes: number
  /** The superuser to which a program that connects by itself has to return: see `ROLE_TO_RETURN_TO`. */
  readonly roleToReturnTo: string | null
  readonly isSuperuser: boolean
  readonly mayCreateDatabase: boolean
  readonly identity: ServerIdentity
  readonly extensions: readonly string[]
  /** Roles that the dump may name, without PostgreSQL's own. */
  readonly roles: readonly string[]
  /** Those of them that own something in it or have privileges on it, without the server's first superuser. */
  readonly grantees: readonly string[]
  /** Those of them that own something. */
  readonly owners: readonly string[]
  /** Whether one of them has fewer privileges: a restore would run its code with those of the current role. */
  readonly hasUntrustedOwners: boolean
}

/**
 * Surveys the database, and rejects what would make pg_dump fail later in the server's language.
 *
 * @throws AuditError those of connecting, `transaction-pooler`, `backup-not-permitted`, `backup-row-security`
 */
export async function surveyDatabase(
  url: string,
  options: {
    readonly environment: EnvironmentVariables
    readonly signal?: AbortSignal | undefined
  },
): Promise<Survey> {
  const { environment, signal } = options
  const { row, identity } = await withClient(
    url,
    { environment, ...(signal === undefined ? {} : { signal }) },
    async (client) => {
      if (await isTransactionPooled(client, url, environment)) throw poolerKeepsSettings(describeUrl(url).named)
      const query = surveyQuery.replace(':role_to_return_to', () => ROLE_TO_RETURN_TO)
      const result = await client.query<SurveyRow>(withTrustedRoles(withTableBytes(withRelations(query))))
      return { row: result.rows[0], identity: await readServerIdentity(client) }
    },
  )
  if (row === undefined) throw new Error('The survey of the database returned no row.')
  if (row.unreadable.length > 0) throw backupNotPermitted(url, row.unreadable)
  if (row.filtered.length > 0) throw backupRowSecurity(url, row.filtered)
  return {
    database: row.database,
    serverVersion: row.version.split(' ')[0] ?? row.version,
    serverMajor: Math.floor(row.version_number / 10_000),
    encoding: row.encoding,
    isEmbedded: row.full_version.includes('PGlite'),
    bytes: Number(row.bytes),
    tableBytes: Number(row.table_bytes),
    largeObjectBytes: Number(row.large_object_bytes),
    roleToReturnTo: row.role_to_return_to,
    isSuperuser: row.is_superuser,
    mayCreateDatabase: row.may_create_database,
    identity,
    extensions: row.extensions,
    roles: row.roles,
    grantees: row.grantees,
    owners: row.owners,
    hasUntrustedOwners: row.has_untrusted_owners,
  }
}

/** Facts about a server that a restore into a scratch database needs. */
export async function surveyServer(
  url: string,
  options: { readonly environment: EnvironmentVariables; readonly signal?: AbortSignal | undefined },
): Promise<{ readonly major: number; readonly isSuperuser: boolean; readonly mayCreateDatabase: boolean }> {
  const { environment, signal } = options
  return await withClient(url, { environment, ...(signal === undefined ? {} : { signal }) }, async (client) => {
    const { rows } = await client.query<{
      number: string
      version: string
      is_superuser: boolean
      may_create: boolean
    }>(
      `SELECT pg_catalog.current_setting('server_version_num') AS number, pg_catalog.version() AS version,
         r.rolsuper AS is_superuser, r.rolsuper OR r.rolcreatedb AS may_create
       FROM pg_catalog.pg_roles AS r WHERE r.rolname OPERATOR(pg_catalog.=) current_user`,
    )
    const [row] = rows
    return {
      major: Math.floor(Number(row?.number) / 10_000),
      isSuperuser: row?.is_superuser === true,
      // PGlite has one database.
      mayCreateDatabase: row?.may_create === true && !row.version.includes('PGlite'),
    }
  })
}

interface SurveyRow {
  database: string
  version: string
  version_number: number
  full_version: string
  encoding: string
  bytes: string
  table_bytes: string
  large_object_bytes: string
  role_to_return_to: string | null
  is_superuser: boolean
  may_create_database: boolean
  extensions: string[]
  roles: string[]
  grantees: string[]
  owners: string[]
  has_untrusted_owners: boolean
  unreadable: string[]
  filtered: string[]
}
