/**
 * The variables that a program needs from the system, without the passwords, URLs and tokens in our own environment:
 * other processes may read a program's environment (`/proc/PID/environ`), and the program passes it on to its children.
 */
export function childEnvironment(environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return pick(environment, [...SYSTEM, ...OF_LIBPQ])
}

/** For Node itself. In VS Code, Node is Electron, which behaves like Node only if a variable is set. */
export function nodeEnvironment(environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return { ...pick(environment, SYSTEM), ELECTRON_RUN_AS_NODE: '1' }
}

const SYSTEM = ['PATH', 'Path', 'SystemRoot', 'SystemDrive', 'TMPDIR', 'TEMP', 'TMP', 'NODE_V8_COVERAGE']

/** Locations of libraries, certificates, tickets and the password file; the paths are not secret. */
const OF_LIBPQ = [
  ...['LD_LIBRARY_PATH', 'HOME', 'USERPROFILE', 'APPDATA', 'PGPASSFILE'],
  ...['KRB5CCNAME', 'KRB5_CONFIG', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'OPENSSL_CONF'],
]

function pick(environment: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(
    names.filter((name) => environment[name] !== undefined).map((name) => [name, environment[name]]),
  )
}
