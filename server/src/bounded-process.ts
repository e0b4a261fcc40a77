import { fork } from 'node:child_process'

/**
 * The commands that read and write whole databases run in a process of their own, with a small heap. Left to itself, V8
 * lets garbage grow with the memory of the machine, so a backup of 5,000 tables would take 300 MB, of which 30 are in
 * use. Its limits apply only to a process that starts with them. This process passes on signals and the exit code.
 *
 * @param words the command line; by IPC, because other processes can read arguments, and a URL may be among them
 */
export function startBounded(script: string, words: readonly string[], on: BoundedEvents): void {
  const child = fork(script, [], {
    // A debugger's port is taken by this process.
    execArgv: [...process.execArgv.filter((option) => !option.startsWith('--inspect')), ...limits()],
    env: { ...ONE_ARENA, ...process.env },
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  child.once('error', () => {
    if (child.pid === undefined) on.impossible()
  })
  child.once('exit', (code, signal) => {
    // A later Node may lack one of the options.
    if (code === INVALID_OPTION) {
      on.impossible()
      return
    }
    const isCrash = signal !== null || CRASHED.has(code ?? 0)
    if (isCrash) on.crashed(signal ?? `exit code ${String(code)}`)
    else process.exitCode = code ?? STOPPED
  })
  if (child.pid === undefined) return
  // If it ends at once, its exit says so.
  child.send(words, () => undefined)
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (child.connected) child.send(signal)
    })
  }
}

interface BoundedEvents {
  /** The system starts no process, or Node none with these options. */
  impossible(): void
  /** It ended neither by itself nor by us: out of memory, or killed. */
  crashed(how: string): void
}

/** Runs the command line that the process of `startBounded` sent. */
export function runBounded(run: () => void): void {
  process.once('message', (words: string[]) => {
    process.argv.push(...words)
    // Otherwise it would keep this process alive.
    process.channel?.unref()
    run()
  })
}

export function isBounded(): boolean {
  return process.send !== undefined && process.execArgv.includes(YOUNG_GENERATION)
}

export function isForBounded([command = '']: readonly string[]): boolean {
  return COMMANDS.has(command)
}

/**
 * Calls the listener for the first signal; the second one ends the process. A bounded process hears of signals from the
 * other one only: a terminal sends them to both, so that one Ctrl-C would count twice. If the other one was killed, it
 * stops as if its terminal were gone.
 */
export function onSignal(signal: HandledSignal, listener: () => void): void {
  if (!isBounded()) {
    process.once(signal, listener)
    return
  }
  let isFirst = true
  const take = () => {
    if (!isFirst) process.exit(STOPPED)
    isFirst = false
    listener()
  }
  process.on(signal, () => undefined)
  process.on('message', (sent) => {
    if (sent === signal) take()
  })
  if (signal === 'SIGHUP') process.once('disconnect', take)
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

type HandledSignal = (typeof SIGNALS)[number]

const COMMANDS: ReadonlySet<string> = new Set(['backup', 'restore'])

/** Collects garbage earlier, for more of this process's processor time (figures: docs/bench.md). */
const EARLY_COLLECTION = '--optimize-for-size'
/** Megabytes: of each half of the young generation, and of the old one, which decides how much garbage is left in it. */
const YOUNG_GENERATION = '--max-semi-space-size=2'
const OLD_GENERATION = '--max-old-space-size=1024'

/** glibc would keep memory for each of Node's threads, about 10 MB; other C libraries do not read it. */
const ONE_ARENA = { MALLOC_ARENA_MAX: '1' }

/** Somebody may need more for a database that is larger than any that we know. */
function limits(): string[] {
  const chosen = [...process.execArgv, process.env.NODE_OPTIONS ?? ''].join(' ')
  const own = [EARLY_COLLECTION, YOUNG_GENERATION]
  return /--max[-_]old[-_]space[-_]size/.test(chosen) ? own : [...own, OLD_GENERATION]
}

/** Node's exit code for an option that it does not have. */
const INVALID_OPTION = 9

/** Exit code, as in `EXIT`. */
const STOPPED = 3

/** How Windows reports that V8 ended a process without memory: `abort`, and a breakpoint. */
const CRASHED: ReadonlySet<number> = new Set([134, 0x8000_0003])
