import { version } from '../../package.json'
import { runCommandLine } from './terminal/program'

const interrupt = new AbortController()
process.once('SIGINT', () => {
  // The first interrupt asks the work to stop at the next safe point; the next one ends the process as usual.
  process.stderr.write('\nStopping at the next safe point; press Ctrl-C again to end at once.\n')
  interrupt.abort()
})
process.once('SIGTERM', () => interrupt.abort())

void runCommandLine(process.argv.slice(2), {
  version,
  // Looked at only by what asks something: opening it loads all of Node's streams.
  get input() {
    return process.stdin
  },
  output: process.stdout,
  log: process.stderr,
  environment: process.env,
  workingFolder: process.cwd(),
  signal: interrupt.signal,
}).then((exitCode) => {
  process.exitCode = exitCode
})
