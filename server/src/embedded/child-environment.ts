/**
 * What a program needs of a system, and none of the passwords, URLs and tokens that stand in our own environment: others may see that
 * of a program (`/proc/PID/environ`), and it hands it on to what it starts.
 */
export function childEnvironment(environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return pick(environment, [...SYSTEM, ...OF_LIBPQ])
}

/** For Node itself. In VS Code, Node is Electron, which is Node only when a variable says so. */
export function nodeEnvironment(environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return { ...pick(environment, SYSTEM), ELECTRON_RUN_AS_NODE: '1' }
}

const SYSTEM = ['PATH', 'Path', 'SystemRoot', 'SystemDrive', 'TMPDIR', 'TEMP', 'TMP', 'NODE_V8_COVERAGE']

/** Where libraries, certificates, tickets and the password file are; the paths are no secrets. */
const OF_LIBPQ = [
  ...['LD_LIBRARY_PATH', 'HOME', 'USERPROFILE', 'APPDATA', 'PGPASSFILE'],
  ...['KRB5CCNAME', 'KRB5_CONFIG', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'OPENSSL_CONF'],
]

function pick(environment: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(
    names.filter((name) => environment[name] !== undefined).map((name) => [name, environment[name]]),
  )
}
