// Installs the locked dependencies if they are missing or differ from package-lock.json. Needs only Node.
import { spawnSync } from 'node:child_process'
import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const OLDEST_NODE = [20, 19]

export function ensureInstalled() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    console.error(`Node ${process.versions.node} is too old: Prisma Audit needs ${OLDEST_NODE.join('.')} or newer.`)
    process.exit(2)
  }
  const installed = path.join(root, 'node_modules')
  // A link leads to the packages of another checkout, which npm would delete first; that checkout keeps them.
  if (fs.lstatSync(installed, { throwIfNoEntry: false })?.isSymbolicLink()) return
  const lock = fs.readFileSync(path.join(root, 'package-lock.json'))
  const digest = crypto.createHash('sha256').update(lock).digest('hex')
  const stamp = path.join(installed, '.prisma-audit-lock')
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === digest) return
  console.error('Installing dependencies (npm ci) …')
  runNpm(['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  fs.writeFileSync(stamp, digest)
}

/** `npm test` and `npm run demo` name npm's own script, which needs no shell on any system. */
export function runNpm(words, options = {}) {
  const script = process.env.npm_execpath
  if (script?.endsWith('.js')) run(process.execPath, [script, ...words], options)
  else run('npm', words, options)
}

/** Runs a command in the repository, showing its output; ends this process with its exit code if it fails. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options })
  if (result.error) {
    console.error(`${command} could not be started: ${result.error.message}`)
    process.exit(2)
  }
  if (result.status !== 0) process.exit(result.status ?? 1)
}
