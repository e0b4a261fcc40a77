import { phrase } from '../../text/phrase'
import { fork } from 'node:child_process'
import path from 'node:path'
import { childEnvironment, nodeEnvironment } from '../../embedded/child-environment'
import { isAborted } from '../aborted'
import { backupCancelled } from '../errors'
import { builtInDumpFailed } from './errors'
import { toDumpError } from '../dump-errors'
import { fromFailure } from './failure'
import type { DumpAnswer, DumpRequest } from './messages'
import type { EnvironmentVariables } from '../../platform/environment-variables'
import { removeFile } from '../../platform/lasting-files'

export interface BuiltInDumpOptions {
  readonly url: string
  /** Arguments of pg_dump, without connection, output and format: the output is always plain SQL with INSERTs. */
  readonly args: readonly string[]
  /** Must not exist. Written at once at the end, with mode 0600, and flushed (fsync) when the call resolves. */
  readonly outputPath: string
  /** Compiles WebAssembly fast instead of optimizing it: for structures, which take less time than compiling. */
  readonly isSmall?: boolean
  readonly environment: EnvironmentVariables
  readonly signal?: AbortSignal | undefined
}

/**
 * Dumps a database with the pg_dump in WebAssembly, in a child process, so that nothing has to be installed. It keeps
 * the whole dump in memory, so it is for structures and small databases. Failure and cancellation leave no file.
 *
 * @throws AuditError those of connecting, and those of `toDumpError`
 */
export async function dumpWithBuiltIn(options: BuiltInDumpOptions): Promise<void> {
  if (isAborted(options.signal)) throw backupCancelled()
  const child = fork(path.join(__BUNDLE_FOLDER__, 'built-in-dump.mjs'), [], {
    execArgv: options.isSmall === true ? ['--liftoff-only'] : [],
    env: { ...childEnvironment(options.environment), ...nodeEnvironment(options.environment) },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const ended = new Promise<void>((resolve) => {
    for (const event of ['exit', 'error']) child.once(event, resolve)
  })
  const kill = () => child.kill('SIGKILL')
  options.signal?.addEventListener('abort', kill, { once: true })
  try {
    await new Promise<void>((resolve, reject) => {
      let errorOutput = ''
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        errorOutput = (errorOutput + text).slice(-4_000)
      })
      child.once('error', reject)
      child.once('close', (code, exitSignal) => {
        const ended =
          exitSignal === null ? phrase`It exited with code ${String(code)}.` : phrase`It was killed by ${exitSignal}.`
        const said = errorOutput.trim()
        reject(builtInDumpFailed(said === '' ? ended : said))
      })
      child.once('message', (answer: DumpAnswer) => {
        if (answer.kind === 'done') resolve()
        else reject(fromFailure(answer.failure))
      })
      const { url, environment, args, outputPath } = options
      const request: DumpRequest = { url, environment: { ...environment }, args, outputPath }
      child.send(request)
    })
  } catch (error) {
    await ended
    removeFile(options.outputPath)
    throw isAborted(options.signal) ? backupCancelled() : toDumpError(error, options.url)
  } finally {
    options.signal?.removeEventListener('abort', kill)
  }
}
