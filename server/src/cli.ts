import { version } from '../../package.json'
import { onSignal } from './bounded-process'
import { describeError } from './errors'
import { Secrets } from './database/secrets'
import { EXIT } from './terminal/exit-codes'
import { runCommandLine } from './terminal/program'
import { TerminalWriter } from './terminal/terminal-writer'
import { text } from './text/safe-text'

const secrets = new Secrets()
secrets.addPassword(process.env.PGPASSWORD)
const log = new TerminalWriter(process.stderr, secrets)

// Node would print an uncaught error raw, including text from a server. A closed pipe is not an error.
process.once('uncaughtException', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') log.writeText(describeError(error))
  process.exit(EXIT.impossible)
})

const interrupt = new AbortController()
onSignal('SIGINT', () => {
  // The first interrupt asks the work to stop at the next safe point; the next one ends the process.
  log.writeText(text`\nStopping at the next safe point; press Ctrl-C again to stop immediately.`)
  interrupt.abort()
})
onSignal('SIGTERM', () => interrupt.abort())
onSignal('SIGHUP', () => {
  // The terminal is gone, and a failed write must not end the process before it has cleaned up.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  interrupt.abort()
})

void runCommandLine(process.argv.slice(2), {
  version,
  // Only read by commands that ask: opening it loads all of Node's streams.
  get input() {
    return process.stdin
  },
  output: new TerminalWriter(process.stdout, secrets, log),
  log,
  secrets,
  environment: process.env,
  workingFolder: process.cwd(),
  signal: interrupt.signal,
  interrupt: () => interrupt.abort(),
}).then(
  (exitCode) => {
    process.exitCode = exitCode
  },
  (error: unknown) => {
    log.writeText(describeError(error))
    process.exitCode = EXIT.impossible
  },
)
