import os from 'node:os'
import { parse } from 'pg-connection-string'
import pgpass from 'pgpass'
import { AuditError, WHERE_TO_SPECIFY_URL } from '../errors'
import { describeUrl } from './describe-url'
import { splitUrl } from './split-url'
import { type TlsAttempt, tlsAttempts } from './tls-settings'
import type { EnvironmentVariables } from '../platform/environment-variables'
import { phrase, type Phrase } from '../text/phrase'

export interface ConnectionSettings {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
  /** Null: none is known, and the password file has none. */
  readonly password: () => Promise<string | null>
  /** To be tried in this order, each only if the previous failed because of missing (or present) TLS. */
  readonly tls: readonly TlsAttempt[]
  readonly channelBinding: boolean
  readonly applicationName: string | null
  /** The `options` of the startup packet, such as Neon's `endpoint=…`. */
  readonly startupOptions: string | null
  /** Seconds in the URL, milliseconds here. */
  readonly connectTimeout: number | null
  /** The schema in the URL's `schema=`, which Prisma makes the search path. */
  readonly schema: string | null
  /** Judged by the URL. */
  readonly isTransactionPooler: boolean
}

/**
 * Parses a connection URL like Prisma, libpq and `pg`: the URL first, then the PG… environment variables, then the
 * password file. Parameters that only Prisma's engines know (`connection_limit`, `pool_timeout` …) are ignored. Throws
 * `database-not-postgresql` and `database-url-invalid`, and errors from reading certificates.
 */
export function connectionSettings(url: string, environment: EnvironmentVariables): ConnectionSettings {
  refuseOtherDatabases(url)
  refuseSeveralHosts(url)
  refuseControlCharacters(url)
  const [base, query] = splitUrl(url)
  const parsed = parseBase(base)
  const parameters = new URLSearchParams(query)
  const first = (...values: (string | null | undefined)[]) =>
    values.find((value) => value !== null && value !== undefined && value !== '') ?? null
  const given = (name: string) => first(parameters.get(name))

  refuseService(given('service'), first(given('host'), parsed.host))
  const inUrl = {
    host: first(given('host'), parsed.host),
    port: first(given('port'), parsed.port),
    database: first(given('dbname'), parsed.database),
  }
  refuseOtherReading(url, inUrl)
  const user = first(given('user'), parsed.user, environment.PGUSER, environment.USER, accountName()) ?? ''
  const host = inUrl.host ?? first(environment.PGHOST) ?? 'localhost'
  const port = Number(inUrl.port ?? first(environment.PGPORT) ?? '5432')
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw urlInvalid(url, phrase`The port is not a number up to 65535.`)
  const database = inUrl.database ?? first(environment.PGDATABASE) ?? user
  const password = first(given('password'), parsed.password, environment.PGPASSWORD)
  const timeout = Number(first(given('connect_timeout'), environment.PGCONNECT_TIMEOUT) ?? Number.NaN)
  return {
    host,
    port,
    user,
    database,
    password: async () => password ?? (await passwordFromFile({ host, port, database, user })),
    tls: tlsAttempts(parameters, { host, mode: environment.PGSSLMODE ?? null }),
    channelBinding: ['require', 'prefer'].includes(given('channel_binding') ?? ''),
    applicationName: first(given('application_name'), environment.PGAPPNAME),
    startupOptions: first(given('options'), environment.PGOPTIONS),
    connectTimeout: timeout > 0 ? timeout * 1000 : null,
    schema: given('schema'),
    isTransactionPooler: isTransactionPooler(url),
  }
}

/**
 * The URL with the host, port and database to which the environment would add them: what is shown, and whether it is
 * this machine, is judged by the URL alone. Unchanged if it has all of them, or cannot be used.
 */
export function completeUrl(url: string, environment: EnvironmentVariables): string {
  try {
    const { host, port, database } = connectionSettings(url, environment)
    const shown = describeUrl(url)
    const missing = new URLSearchParams()
    if (host !== shown.host) missing.set('host', host)
    if (String(port) !== shown.port) missing.set('port', String(port))
    if (database !== shown.database) missing.set('dbname', database)
    if (missing.size === 0) return url
    const [base, query] = splitUrl(url)
    // The first value of a name counts.
    return `${base}?${missing.toString()}${query === '' ? '' : `&${query}`}`
  } catch {
    // It is reported when it is used.
    return url
  }
}

/**
 * Whether the URL looks like a pooler in transaction mode (PgBouncer, Supabase's port 6543). There, session settings
 * and session-level advisory locks are not reliable. The server's behavior decides.
 */
function isTransactionPooler(url: string): boolean {
  const [, query] = splitUrl(url)
  return new URLSearchParams(query).get('pgbouncer') === 'true' || describeUrl(url).port === '6543'
}

function refuseOtherDatabases(url: string): void {
  const scheme = /^\s*([a-z][a-z0-9+]*):/i.exec(url)?.[1]?.toLowerCase() ?? null
  if (scheme === 'postgres' || scheme === 'postgresql') return
  if (scheme === 'prisma' || scheme === 'prisma+postgres') {
    throw new AuditError('database-not-postgresql', {
      what: phrase`This is a Prisma Accelerate URL, not the URL of a PostgreSQL server.`,
      why: phrase`A "${scheme}://" URL uses Prisma's own protocol; the catalog can only be read from PostgreSQL directly.`,
      nextStep: phrase`Specify the direct URL ("postgresql://…"): \`directUrl\` in the schema, ${WHERE_TO_SPECIFY_URL}.`,
    })
  }
  if (scheme === null) throw urlInvalid(url, phrase`It does not begin with "postgresql://".`)
  throw new AuditError('database-not-postgresql', {
    what: phrase`Prisma Audit supports only PostgreSQL, but the URL is for "${scheme}".`,
    why: phrase`Its checks and migrations use the PostgreSQL catalog.`,
    nextStep: phrase`Use a URL that starts with "postgresql://".`,
  })
}

/** libpq supports `host1,host2`; Prisma's engines and `pg` do not, and the first host may not be the primary. */
function refuseSeveralHosts(url: string): void {
  const [base, query] = splitUrl(url)
  const authority = /^[^:]*:\/\/([^/]*)/.exec(base)?.[1] ?? ''
  const hosts = authority.slice(authority.lastIndexOf('@') + 1)
  const given = new URLSearchParams(query).get('host') ?? ''
  if (!hosts.includes(',') && !given.includes(',')) return
  throw new AuditError('database-url-invalid', {
    what: phrase`The connection URL has several hosts, which is not supported.`,
    why: phrase`libpq would try them in turn, but Prisma and Prisma Audit connect to one host only.`,
    nextStep: phrase`Specify the URL of the primary server: ${WHERE_TO_SPECIFY_URL}.`,
  })
}

/** Some parsers leave them out, which hides the name of a parameter from the others. */
function refuseControlCharacters(url: string): void {
  if (/\p{Cc}/u.test(url.trim())) throw urlInvalid(url, phrase`It contains a line break or another control character.`)
}

/** A person confirms what is shown, and it decides what is protected, so it must be where the connection leads. */
function refuseOtherReading(url: string, inUrl: Readonly<Record<'host' | 'port' | 'database', string | null>>): void {
  const shown = describeUrl(url)
  for (const part of ['host', 'port', 'database'] as const) {
    const value = inUrl[part]
    if (value !== null && value !== shown[part])
      throw urlInvalid(url, phrase`${TWO_WAYS[part]} Percent-encode special characters.`)
  }
}

const TWO_WAYS = {
  host: phrase`Its host can be read in two ways.`,
  port: phrase`Its port can be read in two ways.`,
  database: phrase`Its database can be read in two ways.`,
}

/**
 * libpq would read host and database from the service file; without them the URL would lead to this machine instead.
 */
function refuseService(service: string | null, host: string | null): void {
  if (service === null || host !== null) return
  throw new AuditError('database-url-invalid', {
    what: phrase`The connection URL names a service instead of a host, which is not supported.`,
    why: phrase`Only libpq reads the service file (pg_service.conf); Prisma and Prisma Audit do not.`,
    nextStep: phrase`Specify a URL with host and database: ${WHERE_TO_SPECIFY_URL}.`,
  })
}

/** Without its parameters, which the package would act on (it reads certificates, and prints warnings to stderr). */
function parseBase(base: string) {
  try {
    const { user, password, host, port } = parse(base)
    // The package does not decode `%2F` and similar in the database's name.
    const name = /^[^:]*:\/\/[^/]*\/(.*)$/.exec(base)?.[1]
    return { user, password, host, port, database: name === undefined ? null : decodeURIComponent(name) }
  } catch {
    throw urlInvalid(
      base,
      phrase`A "/", "?", "#", "%" or "@" in the user name or the password must be percent-encoded.`,
    )
  }
}

function urlInvalid(url: string, why: Phrase): AuditError {
  const what = phrase`Cannot parse the connection URL (${String(url.length)} characters, not shown here).`
  return new AuditError('database-url-invalid', {
    what,
    why,
    nextStep: phrase`It should look like postgresql://user:password@host:5432/database?schema=public.`,
  })
}

function accountName(): string | null {
  try {
    return os.userInfo().username
  } catch {
    // The user of a container may have no entry in the password database.
    return null
  }
}

function passwordFromFile(connection: { host: string; port: number; database: string; user: string }) {
  return new Promise<string | null>((resolve) => {
    pgpass(connection, (password) => {
      resolve(password ?? null)
    })
  })
}
