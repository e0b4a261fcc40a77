import fs from 'node:fs'
import path from 'node:path'
import { remove } from '../../platform/lasting-files'
import { makeTemporaryFolder } from '../../files/temporary-folders'
import { connectionSettings } from '../../database/connection-settings'
import { childEnvironment } from '../../embedded/child-environment'
import type { EnvironmentVariables } from '../../platform/environment-variables'

/**
 * Runs `callback` with an environment in which PostgreSQL's own programs connect to the database of a URL. The password
 * is in a file of mode 0600 that is deleted afterwards; neither it nor the URL is ever an argument, which other users
 * could read.
 */
export async function withLibpqEnvironment<Result>(
  url: string,
  environment: EnvironmentVariables,
  callback: (environment: EnvironmentVariables) => Promise<Result>,
): Promise<Result> {
  const settings = connectionSettings(url, environment)
  const password = await settings.password()
  const folder = makeTemporaryFolder('pass')
  const passFile = path.join(folder, 'pgpass')
  try {
    fs.writeFileSync(passFile, password === null ? '' : `*:*:*:*:${escapePassword(password)}\n`, { mode: 0o600 })
    // The variables of our own environment (PGSERVICE, PGHOSTADDR) are already in the settings, or would lead
    // elsewhere.
    return await callback({
      ...childEnvironment(environment),
      PGHOST: settings.host,
      PGPORT: String(settings.port),
      PGUSER: settings.user,
      PGDATABASE: settings.database,
      PGPASSFILE: passFile,
      PGAPPNAME: settings.applicationName ?? 'prisma-audit',
      PGCONNECT_TIMEOUT: String(Math.ceil((settings.connectTimeout ?? 10_000) / 1_000)),
      ...(settings.startupOptions === null ? {} : { PGOPTIONS: settings.startupOptions }),
      ...tlsVariables(url, environment),
      // The messages are parsed, so they must not be translated.
      LC_ALL: 'C',
    })
  } finally {
    remove(folder)
  }
}

/**
 * Converts the URL's `sslmode` and certificates to libpq's; Prisma's `sslaccept` and `sslcert` have different meanings
 * there.
 */
function tlsVariables(url: string, environment: EnvironmentVariables): Record<string, string> {
  const parameters = new URLSearchParams(url.split('?')[1] ?? '')
  const given = (name: string) => parameters.get(name) ?? ''
  const mode = parameters.get('sslmode') ?? environment.PGSSLMODE ?? (given('ssl') === 'true' ? 'require' : 'prefer')
  const isClientCertificate = given('sslkey') !== ''
  const root = given('sslrootcert') || (isClientCertificate ? '' : given('sslcert'))
  const variables: Record<string, string> = {
    PGSSLMODE:
      given('sslaccept') === 'strict' && mode !== 'disable' ? 'verify-full' : LIBPQ_MODES.has(mode) ? mode : 'require',
  }
  if (root !== '') variables.PGSSLROOTCERT = locate(root)
  if (isClientCertificate) {
    variables.PGSSLCERT = locate(given('sslcert'))
    variables.PGSSLKEY = locate(given('sslkey'))
  }
  return variables
}

const LIBPQ_MODES = new Set(['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'])

/** Like the database room: Prisma resolves paths from the folder `prisma`. `system` is a keyword of libpq. */
function locate(file: string): string {
  if (file === 'system') return file
  const besideSchema = path.resolve('prisma', file)
  return fs.existsSync(besideSchema) ? besideSchema : path.resolve(file)
}

function escapePassword(password: string): string {
  return password.replace(/[\\:]/g, '\\$&')
}
