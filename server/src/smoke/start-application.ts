import { spawn, type ChildProcess } from 'node:child_process'
import { createConnection } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { applicationEnded, applicationNotStarted, lastLines, notReady, portTaken } from './errors'
import { endTree, isTreeAlive, treeOptions } from '../platform/process-trees'
import { endTreeWithUs } from '../platform/tree-guard'
import { startableCommand } from '../platform/start-command'
import { within } from '../signals'
import type { EnvironmentVariables } from '../platform/environment-variables'
import type { SecretValues } from './secret-values'
import { phrase, type Phrase } from '../text/phrase'

export interface ApplicationStart {
  readonly command: readonly string[]
  /** Absolute. */
  readonly folder: string
  readonly environment: EnvironmentVariables
  readonly readyUrl: string
  readonly timeoutSeconds: number
  /** What its output may contain and nobody may see. */
  readonly secrets: SecretValues
  readonly signal: AbortSignal
}

export interface RunningApplication {
  /** Ends only what was started here. Returns false if something still listens: a daemon that left the group, or another program. */
  stop(): Promise<boolean>
  /** Why it no longer runs, with its last output; empty while it runs. */
  whyGone(): Promise<readonly (string | Phrase)[]>
}

/**
 * Starts the application in its own process group and waits until it answers. Fails if something already listens on its
 * port, even if that does not answer yet: it would be tested instead, and is not ours to stop. If this rejects,
 * everything that was started has been stopped; it also is if our process is killed.
 */
export async function startApplication(start: ApplicationStart): Promise<RunningApplication> {
  if (await isListening(start.readyUrl)) throw portTaken(start.readyUrl)
  start.signal.throwIfAborted()
  const child = spawnGroup(start)
  const guard = child.pid === undefined ? null : endTreeWithUs(child.pid)
  const said = new LastLines(child, start.secrets)
  try {
    await waitUntilReady(start, child, said)
  } catch (error) {
    await stopTree(child)
    guard?.dismiss()
    throw error
  }
  return {
    stop: async () => {
      await stopTree(child)
      guard?.dismiss()
      return !(await isListening(start.readyUrl))
    },
    whyGone: () => whyGone(child, said),
  }
}

/** Whether any process accepts connections there, whatever it answers. */
async function isListening(url: string): Promise<boolean> {
  const { hostname, port, protocol } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const socket = createConnection({ host, port: Number(port === '' ? DEFAULT_PORTS[protocol] : port) })
  return await new Promise<boolean>((resolve) => {
    socket.setTimeout(ANSWER_TIME, () => resolve(false))
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
  }).finally(() => socket.destroy())
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 }

async function whyGone(child: ChildProcess, said: LastLines): Promise<readonly (string | Phrase)[]> {
  // A launcher that exited successfully has left the application running, unless the whole group has ended.
  const isGone = () =>
    child.signalCode !== null || (child.exitCode !== null && (child.exitCode !== 0 || !isTreeAlive(child.pid ?? 0)))
  // The connection breaks a moment before the exit of the process is reported.
  const end = performance.now() + TIME_TO_END
  while (!isGone() && performance.now() < end) await wait(20)
  if (!isGone()) return []
  const { exitCode, signalCode } = child
  const how =
    signalCode === null
      ? phrase`the application exited with code ${String(exitCode)}`
      : phrase`the application was killed by ${signalCode}`
  return [how, ...lastLines(said.text)]
}

/** Milliseconds. */
const TIME_TO_END = 500

/** Waits for an application that was started elsewhere. */
export async function waitForApplication({
  readyUrl,
  timeoutSeconds,
  signal,
}: Pick<ApplicationStart, 'readyUrl' | 'timeoutSeconds' | 'signal'>): Promise<void> {
  if (!(await pollUntil(() => answers(readyUrl, signal), timeoutSeconds, signal)))
    throw notReady(readyUrl, timeoutSeconds, { text: '', isGone: false })
}

async function waitUntilReady(start: ApplicationStart, child: ChildProcess, said: LastLines): Promise<void> {
  const [program = ''] = start.command
  let failure: Error | null = null
  child.once('error', (error) => {
    failure = error
  })
  const isReady = await pollUntil(
    async () => {
      if (failure !== null) throw applicationNotStarted(program, failure)
      // A launcher that exits successfully may have left the application running in its group.
      if (child.exitCode !== null && child.exitCode !== 0) throw applicationEnded(program, child.exitCode, said.text)
      if (child.signalCode !== null) throw applicationEnded(program, null, said.text)
      return await answers(start.readyUrl, start.signal)
    },
    start.timeoutSeconds,
    start.signal,
  )
  if (isReady) return
  const isGone = child.exitCode !== null && !isTreeAlive(child.pid ?? 0)
  throw notReady(start.readyUrl, start.timeoutSeconds, { text: said.text, isGone })
}

async function pollUntil(
  isDone: () => Promise<boolean>,
  timeoutSeconds: number,
  signal: AbortSignal,
): Promise<boolean> {
  const end = performance.now() + timeoutSeconds * 1000
  for (;;) {
    if (await isDone()) return true
    if (performance.now() > end) return false
    await wait(POLL_EVERY, undefined, { signal })
  }
}

/** Milliseconds. */
const POLL_EVERY = 200

/** Milliseconds. */
const ANSWER_TIME = 2000

/** Any answer except one that means "not yet" (500 and above). */
async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    return await within(ANSWER_TIME, [signal], async (ending) => {
      const response = await fetch(url, { redirect: 'manual', signal: ending })
      await response.body?.cancel()
      return response.status < 500
    })
  } catch {
    signal.throwIfAborted()
    return false
  }
}

function spawnGroup({ command, folder, environment }: ApplicationStart): ChildProcess {
  const startable = startableCommand(command, environment)
  if (startable === null)
    throw applicationNotStarted(
      command[0] ?? '',
      phrase`An argument has a character that the Windows shell would interpret.`,
    )
  return spawn(startable.program, startable.words, {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsVerbatimArguments: startable.windowsVerbatimArguments,
    ...treeOptions(),
  })
}

/** The whole tree: gracefully first, by force after a while. */
async function stopTree(child: ChildProcess): Promise<void> {
  const { pid } = child
  if (pid === undefined) return
  await endTree(pid, 'SIGTERM')
  if (await hasEnded(pid, TIME_TO_STOP)) return
  await endTree(pid, 'SIGKILL')
  // The kernel closes its sockets a moment later: until then, it seems to listen still.
  await hasEnded(pid, TIME_TO_STOP)
}

async function hasEnded(pid: number, milliseconds: number): Promise<boolean> {
  const end = performance.now() + milliseconds
  while (isTreeAlive(pid)) {
    if (performance.now() > end) return false
    await wait(50)
  }
  return true
}

/** Milliseconds. */
const TIME_TO_STOP = 5000

/** The end of a process's output. */
class LastLines {
  private said = ''

  constructor(
    child: ChildProcess,
    private readonly secrets: SecretValues,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8')
      stream?.on('data', (chunk: string) => {
        this.said = (this.said + chunk).slice(-2 * MOST_CHARACTERS)
      })
    }
  }

  /** Half of what is kept, because a secret that the beginning cuts would not be found. */
  get text(): string {
    return this.secrets.hide(this.said).slice(-MOST_CHARACTERS)
  }
}

const MOST_CHARACTERS = 4000
