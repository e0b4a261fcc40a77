import { version } from '../../package.json'
import { describeError } from './errors'
import { Secrets } from './database/secrets'
import { EXIT } from './terminal/exit-codes'
import { runCommandLine } from './terminal/program'
import { TerminalWriter } from './terminal/terminal-writer'
import { text } from './text/safe-text'

const secrets = new Secrets()
secrets.addPassword(process.env.PGPASSWORD)
const log = new TerminalWriter(process.stderr, secrets)

// What Node prints of an error that nobody caught is raw: a server's words among it. A pipe that was closed is no error.
process.once('uncaughtException', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') log.writeText(describeError(error))
  process.exit(EXIT.impossible)
})

const interrupt = new AbortController()
process.once('SIGINT', () => {
  // The first interrupt asks the work to stop at the next safe point; the next one ends the process as usual.
  log.writeText(text`\nStopping at the next safe point; press Ctrl-C again to stop immediately.`)
  interrupt.abort()
})
process.once('SIGTERM', () => interrupt.abort())
process.once('SIGHUP', () => {
  // The terminal is gone, and writing to it must not end us before all is tidied up.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  interrupt.abort()
})

void runCommandLine(process.argv.slice(2), {
  version,
  // Looked at only by what asks something: opening it loads all of Node's streams.
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
