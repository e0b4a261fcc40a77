import fs from 'node:fs'
import path from 'node:path'
import type { ConnectionOptions } from 'node:tls'
import { readBoundedFile } from '../files/bounded-files'
import { AuditError } from '../errors'
import { phrase } from '../text/phrase'

/** One way to open the connection: `ssl` as `pg` takes it. */
export interface TlsAttempt {
  readonly ssl: false | ConnectionOptions
}

/**
 * `sslmode` as libpq means it, with Prisma's `sslaccept` beside it: `require` encrypts and believes any certificate,
 * unless a root certificate or `sslaccept=strict` asks for proof. Without a mode, encryption is preferred, save on this
 * machine, where nobody stands between.
 */
export function tlsAttempts(
  parameters: URLSearchParams,
  connection: { readonly host: string; readonly mode: string | null },
): TlsAttempt[] {
  const plain: TlsAttempt = { ssl: false }
  if (connection.host.startsWith('/')) return [plain]
  const certificates = readCertificates(parameters)
  const strict = parameters.get('sslaccept') === 'strict'
  const verifyFull: TlsAttempt = { ssl: { ...certificates, rejectUnauthorized: true } }
  const verifyChain: TlsAttempt = {
    ssl: { ...certificates, rejectUnauthorized: true, checkServerIdentity: () => undefined },
  }
  const unverified: TlsAttempt = { ssl: { ...certificates, rejectUnauthorized: false } }
  const encrypted = strict ? verifyFull : parameters.get('sslrootcert') === null ? unverified : verifyChain
  const mode = parameters.get('sslmode') ?? connection.mode ?? (parameters.get('ssl') === 'true' ? 'require' : null)
  switch (mode) {
    case 'disable':
      return [plain]
    case 'allow':
      return [plain, encrypted]
    case 'require':
      return [encrypted]
    case 'no-verify':
      return [unverified]
    case 'verify-ca':
      return [verifyChain]
    case 'verify-full':
      return [verifyFull]
    case null:
      return LOOPBACK.has(connection.host) && !strict ? [plain, encrypted] : [encrypted, plain]
    default:
      return [encrypted, plain]
  }
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '::1'])

/**
 * `sslcert` is the client's certificate where there is a `sslkey` with it (libpq, pg), else the server's (Prisma).
 * `sslidentity` is Prisma's PKCS #12 file. Throws where a file cannot be read.
 */
function readCertificates(parameters: URLSearchParams): ConnectionOptions {
  const read = (name: string): Buffer | undefined => {
    const file = parameters.get(name)
    if (file === null || file === 'system') return undefined
    const place = locate(file)
    const content = readBoundedFile(place)
    if (content === null) throw certificateMissing(name, place)
    return content
  }
  const options: ConnectionOptions = {}
  const key = read('sslkey')
  const certificate = read('sslcert')
  const root = read('sslrootcert') ?? (key === undefined ? certificate : undefined)
  const identity = read('sslidentity')
  const passphrase = parameters.get('sslpassword')
  if (root !== undefined) options.ca = root
  if (key !== undefined) options.key = key
  if (key !== undefined && certificate !== undefined) options.cert = certificate
  if (identity !== undefined) options.pfx = identity
  if (passphrase !== null) options.passphrase = passphrase
  return options
}

function certificateMissing(parameter: string, file: string): AuditError {
  return new AuditError('tls-failed', {
    what: phrase`File not found: ${file}.`,
    why: phrase`The connection URL refers to it in \`${parameter}\`.`,
    nextStep: phrase`Put the certificate there, or correct the path in the connection URL.`,
  })
}

/** Prisma takes paths from the folder `prisma`, everyone else from where the program runs. */
function locate(file: string): string {
  const besideSchema = path.resolve('prisma', file)
  return fs.existsSync(besideSchema) ? besideSchema : path.resolve(file)
}
