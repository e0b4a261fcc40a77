import { AuditError, messageLine } from '../errors'
import { describeUrl, redact } from './describe-url'
import { phrase, type Phrase } from '../text/phrase'

/** The database as an error names it: `app on db.example.org:5432`. */
interface Where {
  readonly named: Phrase
  readonly user: string
  readonly database: string
}

export function wrongPassword(where: Where, cause: unknown): AuditError {
  return new AuditError(
    'wrong-password',
    {
      what: phrase`Authentication failed for "${where.user}" on ${where.named}.`,
      why: phrase`The password or the role is wrong, or pg_hba.conf does not allow the connection: ${messageOf(cause)}.`,
      nextStep: phrase`Correct the connection URL. Prisma Audit does not retry automatically.`,
    },
    { cause },
  )
}

export function otherServerAnswers(where: Where, differences: readonly Phrase[]): AuditError {
  return new AuditError('other-server', {
    what: phrase`The server or database behind ${where.named} has changed.`,
    why: differences,
    nextStep: phrase`Nothing was changed in it. Check where the connection URL points, then run the command again.`,
  })
}

export function passwordMissing(where: Where, cause: unknown): AuditError {
  return new AuditError(
    'password-missing',
    {
      what: phrase`No password found for "${where.user}" on ${where.named}.`,
      why: phrase`Looked in the connection URL, PGPASSWORD and the password file (PGPASSFILE; by default ~/.pgpass, on Windows %APPDATA%\\postgresql\\pgpass.conf).`,
      nextStep: phrase`Add the percent-encoded password to the connection URL, or run "Prisma Audit: Connect to Database".`,
    },
    { cause },
  )
}

export function serverUnreachable(where: Where, cause: unknown): AuditError {
  return new AuditError(
    'server-unreachable',
    {
      what: phrase`Cannot reach the PostgreSQL server of ${where.named}.`,
      why: unreachableReason(cause),
      nextStep: phrase`Start the server, or correct host and port in the connection URL.`,
    },
    { cause },
  )
}

export function databaseMissing(where: Where, cause: unknown): AuditError {
  return new AuditError(
    'database-missing',
    {
      what: phrase`Database "${where.database}" does not exist (${where.named}).`,
      why: phrase`The server accepted the login, but has no database of that name.`,
      nextStep: phrase`Create it (for example with \`prisma migrate dev\` or \`createdb\`), or correct the name in the URL.`,
    },
    { cause },
  )
}

export function tlsFailed(where: Where, cause: unknown): AuditError {
  return new AuditError(
    'tls-failed',
    {
      what: phrase`Could not establish a TLS connection to ${where.named}.`,
      why: phrase`The TLS handshake failed: ${messageOf(cause)}.`,
      nextStep: phrase`Check \`sslmode\`, \`sslaccept\` and the certificates (\`sslcert\`, \`sslrootcert\`, \`sslidentity\`) in the connection URL.`,
    },
    { cause },
  )
}

export function tooManyConnections(where: Where, cause: unknown): AuditError {
  return new AuditError(
    'too-many-connections',
    {
      what: phrase`Too many connections to ${where.named}.`,
      why: phrase`The server said: ${messageOf(cause)}.`,
      nextStep: phrase`Close unused connections or raise \`max_connections\`, and try again.`,
    },
    { cause },
  )
}

export function permissionDenied(where: Where, cause: unknown): AuditError {
  return new AuditError(
    'permission-denied',
    {
      what: phrase`Permission denied for role "${where.user}" on ${where.named}.`,
      why: phrase`The server said: ${messageOf(cause)}.`,
      nextStep: phrase`Connect as the owner of the tables, or grant the privilege.`,
    },
    { cause },
  )
}

export function statementTimeout(where: Where, cause: unknown): AuditError {
  return new AuditError(
    'statement-timeout',
    {
      what: phrase`The statement timed out on ${where.named}.`,
      why: phrase`The server cancelled it: ${messageOf(cause)}.`,
      nextStep: phrase`Try again when the server is less busy.`,
    },
    { cause },
  )
}

export function lockTimeout(where: Where, cause: unknown): AuditError {
  return new AuditError(
    'lock-timeout',
    {
      what: phrase`Could not acquire a table lock on ${where.named}.`,
      why: phrase`The lock timeout expired: ${messageOf(cause)}.`,
      nextStep: phrase`Wait for the other transaction to end, or find it in pg_stat_activity and pg_locks; then try again.`,
    },
    { cause },
  )
}

export function connectionLost(where: Where, cause: unknown): AuditError {
  return new AuditError(
    'connection-lost',
    {
      what: phrase`The connection to ${where.named} was lost.`,
      why: phrase`The server or the network closed it: ${messageOf(cause)}.`,
      nextStep: phrase`Check that the server is running, and try again.`,
    },
    { cause },
  )
}

export function answerTooLarge(label: Phrase): AuditError {
  return new AuditError('answer-too-large', {
    what: phrase`The response of the server is too large (${label}).`,
    why: phrase`It is larger than any catalog, so the connection was closed to save memory.`,
    nextStep: phrase`Check that the connection URL points to a PostgreSQL server, and check proxies on the way.`,
  })
}

/**
 * Converts an error of `pg`, the server or the network to an error for the user; any other error is returned unchanged,
 * except that a password in its message is removed.
 */
export function toDatabaseError(error: unknown, url: string): unknown {
  if (error instanceof AuditError || !(error instanceof Error)) return error
  const where = describeUrl(url)
  const code = isOfFile(error) ? '' : (errorCode(error) ?? '')
  const message = error.message.slice(0, LONGEST_MESSAGE)
  error.message = redact(message, url)
  const factory = BY_CODE[code] ?? BY_MESSAGE.find(([pattern]) => pattern.test(message))?.[1] ?? byKind(code)
  return factory === undefined ? error : factory(where, error)
}

/** A missing or unreadable file has the same codes as a socket. */
function isOfFile(error: Error): boolean {
  return 'syscall' in error && 'path' in error && error.syscall !== 'connect'
}

/** In UTF-16 units. A server's message may have any length; a person sees less. */
const LONGEST_MESSAGE = 10_000

/** Whether a retry without a change of the URL or the server's settings could only do harm. */
export function isRefusal(error: unknown): boolean {
  return error instanceof AuditError && REFUSALS.has(error.code)
}

const REFUSALS = new Set([
  ...['wrong-password', 'password-missing', 'database-missing', 'tls-failed', 'permission-denied'],
  ...['database-url-invalid', 'database-not-postgresql', 'file-refused', 'file-unreadable', 'answer-too-large'],
])

/** Whether the database could not be reached. */
export function isConnectionFailure(error: unknown): boolean {
  return error instanceof AuditError && (NO_CONNECTION.has(error.code) || isWorthWaitingFor(error))
}

/** Whether it is likelier that the server or the network comes back than that the URL is wrong. */
export function isWorthWaitingFor(error: unknown): boolean {
  return error instanceof AuditError && PASSING.has(error.code)
}

const NO_CONNECTION = new Set([
  ...['database-url-missing', 'database-url-invalid', 'database-not-postgresql', 'database-missing'],
  ...['wrong-password', 'password-missing', 'tls-failed'],
])

const PASSING = new Set(['server-unreachable', 'connection-lost', 'too-many-connections'])

/** SQLSTATE of a server error, or Node's `ECONNREFUSED` and similar. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/**
 * Whether it is the server's response to a statement, including a cancelled one, rather than the end of the connection
 * or the server.
 */
export function isServersAnswer(error: unknown): error is Error {
  return isRejection(error) || (error instanceof Error && errorCode(error) === '57014')
}

/** Whether the server rejects the statement itself: it was not cancelled, by a timeout or a person. */
export function isRejection(error: unknown): error is Error {
  const code = errorCode(error) ?? ''
  return error instanceof Error && /^[0-9A-Z]{5}$/.test(code) && !/^(08|57)/.test(code)
}

/** In a session with a lock timeout; without it, a statement is cancelled by its own timeout. */
export function isLockTimeout(error: unknown): boolean {
  return errorCode(error) === '55P03'
}

type Factory = (where: Where, cause: unknown) => AuditError

const BY_CODE: Readonly<Record<string, Factory>> = {
  '28P01': wrongPassword,
  '28000': wrongPassword,
  '3D000': databaseMissing,
  '53300': tooManyConnections,
  '42501': permissionDenied,
  '57014': statementTimeout,
  '55P03': lockTimeout,
  // The server is starting, stopping or recovering.
  '57P03': serverUnreachable,
  '57P01': connectionLost,
  '57P02': connectionLost,
  '57P05': connectionLost,
  '25P03': connectionLost,
  ECONNREFUSED: serverUnreachable,
  ENOTFOUND: serverUnreachable,
  EAI_AGAIN: serverUnreachable,
  ETIMEDOUT: serverUnreachable,
  EHOSTUNREACH: serverUnreachable,
  ENETUNREACH: serverUnreachable,
  // The folder of a Unix socket is missing or not accessible.
  ENOENT: serverUnreachable,
  EACCES: serverUnreachable,
  ECONNRESET: connectionLost,
  EPIPE: connectionLost,
}

/** pg's own errors have no code. */
const BY_MESSAGE: readonly (readonly [RegExp, Factory])[] = [
  [/client password must be a (non-empty )?string/i, passwordMissing],
  [/does not support SSL|establishing an SSL connection/i, tlsFailed],
  [/^timeout expired$/, serverUnreachable],
  [/^Connection terminated|^Client has encountered a connection error|^Client was closed/, connectionLost],
]

function byKind(code: string): Factory | undefined {
  if (code.startsWith('08')) return connectionLost
  // OpenSSL's and Node's codes for certificate problems.
  if (/^ERR_(TLS|SSL|OSSL)|CERT|SELF_SIGNED|UNABLE_TO_/.test(code)) return tlsFailed
  return undefined
}

function unreachableReason(cause: unknown): Phrase {
  const code = errorCode(cause) ?? ''
  if (code === 'ECONNREFUSED') return phrase`Connection refused: no server listens on that port.`
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return phrase`The host name cannot be resolved.`
  if (code === 'ENOENT') return phrase`The socket does not exist.`
  if (code === 'ETIMEDOUT' || messageOf(cause) === 'timeout expired') return phrase`The connection timed out.`
  return phrase`The server cannot be reached: ${messageOf(cause)}.`
}

/** Without a full stop, so that a sentence can continue. */
function messageOf(cause: unknown): string {
  const inner = cause instanceof AggregateError ? (cause.errors[0] as unknown) : cause
  return messageLine(inner).replace(/\.$/, '')
}
