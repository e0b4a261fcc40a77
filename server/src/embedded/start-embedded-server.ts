import { phrase } from '../text/phrase'
import { fork, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import { nodeEnvironment } from './child-environment'
import { embeddedServerFailed, embeddedServerCancelled } from './errors'
import type { ChildAnswer, ChildOptions } from './child-messages'

export interface EmbeddedServerOptions {
  /**
   * The folder that keeps the data. Without it, the data is in memory and lost at the end. One server per folder at a
   * time.
   */
  readonly dataFolder?: string
  /**
   * The extensions that CREATE EXTENSION can use. Only those of `EMBEDDED_EXTENSIONS` are available; others are ignored
   * here, and PostgreSQL itself reports them as unavailable.
   */
  readonly extensions?: readonly string[]
  /**
   * For some seconds of work: WebAssembly is compiled once, quickly, and not optimized later. The first hundreds of
   * statements then take a third of the processor time.
   */
  readonly isShortLived?: boolean
  /**
   * Ends a server without a data folder at any time, because a statement cannot be cancelled; a server with one only
   * while it starts.
   */
  readonly signal?: AbortSignal
}

export interface EmbeddedServer {
  /**
   * For `pg` and every other PostgreSQL client; on the loopback interface, with a password generated for this start.
   */
  readonly url: string
  readonly processId: number
  /** Ends the child process; resolves when it has ended. May be called twice. */
  stop(): Promise<void>
  /** Resolves when the child process has ended for any reason. */
  readonly ended: Promise<void>
}

/**
 * Starts PostgreSQL 18 in WebAssembly (PGlite) in a child process and serves it over TCP on 127.0.0.1.
 *
 * It starts in one to four seconds and takes several hundred MB, so share one where you can. Differences from a real
 * server:
 * - There is one database, `postgres`, and one role, `postgres`, a superuser, for any user name a client logs in with.
 * - All connections (at most 32) share ONE session: settings, names of prepared statements, temporary tables and
 *   advisory locks are common to them, so two clients never block one another by an advisory lock. Start-up options
 *   such as `application_name` are accepted but have no effect. While one client is in a transaction, the others wait.
 *   When one disconnects, the settings and prepared statements of all clients are reset.
 * - A statement cannot be cancelled, and `statement_timeout` and `lock_timeout` have no effect.
 * - The child process ends when its parent does, and when PostgreSQL in it crashes.
 * - The SQL it runs can access only its own memory (and its data folder): no files, programs, environment or code of
 *   this machine.
 *
 * @throws AuditError `embedded-server-failed`, `embedded-server-cancelled`
 */
export async function startEmbeddedServer(options: EmbeddedServerOptions = {}): Promise<EmbeddedServer> {
  if (options.signal?.aborted) throw embeddedServerCancelled()
  const childOptions: ChildOptions = { dataFolder: options.dataFolder ?? null, extensions: options.extensions ?? [] }
  const child = fork(path.join(__BUNDLE_FOLDER__, 'embedded-server.mjs'), [JSON.stringify(childOptions)], {
    execArgv: [...NO_CODE_FROM_STRINGS, ...(options.isShortLived === true ? ['--liftoff-only'] : [])],
    env: nodeEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const ended = new Promise<void>((resolve) => {
    // Not `close`, which is never emitted once this side has closed the channel.
    child.once('exit', () => {
      options.signal?.removeEventListener('abort', stopAtSignal)
      resolve()
    })
  })
  const stopAtSignal = () => child.kill('SIGKILL')
  options.signal?.addEventListener('abort', stopAtSignal, { once: true })
  try {
    const { port, password } = await whenReady(child, options.signal)
    return {
      url: `postgresql://postgres:${password}@127.0.0.1:${String(port)}/postgres`,
      processId: child.pid ?? 0,
      stop: () => stopChild(child, ended),
      ended,
    }
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  } finally {
    if (options.dataFolder !== undefined) options.signal?.removeEventListener('abort', stopAtSignal)
  }
}

/**
 * The server runs SQL of other people with superuser privileges: migrations, dumps. Such SQL can write a library and
 * load it, and Emscripten would pass JavaScript in a library to `eval`, outside the WebAssembly sandbox.
 */
const NO_CODE_FROM_STRINGS = ['--disallow-code-generation-from-strings']

/** How long a server may take to close its files after it was asked to stop, in milliseconds. */
const STOP_PATIENCE = 5_000

async function stopChild(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    // The child exits when the channel closes, which also happens when this process dies.
    if (child.connected) child.disconnect()
    const killer = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE)
    await ended
    clearTimeout(killer)
  }
  await ended
}

function whenReady(
  child: ChildProcess,
  signal: AbortSignal | undefined,
): Promise<Extract<ChildAnswer, { kind: 'ready' }>> {
  return new Promise((resolve, reject) => {
    let errorOutput = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      errorOutput = (errorOutput + text).slice(-4_000)
    })
    child.once('error', (error) => {
      reject(embeddedServerFailed(error.message))
    })
    child.once('close', (code, exitSignal) => {
      const ended =
        exitSignal === null ? phrase`It exited with code ${String(code)}.` : phrase`It was killed by ${exitSignal}.`
      const said = errorOutput.trim()
      const reason = said === '' ? ended : said
      reject(signal?.aborted ? embeddedServerCancelled() : embeddedServerFailed(reason))
    })
    child.once('message', (answer: ChildAnswer) => {
      if (answer.kind === 'ready') resolve(answer)
      else reject(embeddedServerFailed(answer.reason))
    })
  })
}
