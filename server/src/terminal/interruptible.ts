import vm from 'node:vm'

/**
 * Runs a long synchronous computation so that an interrupt (Ctrl-C) ends it immediately: signal listeners only run
 * between two tasks. `onInterrupt` does their work. For work without side effects, because it is abandoned at an
 * arbitrary point.
 */
export function interruptible<Result>(work: () => Result, onInterrupt: () => void): Result {
  try {
    return vm.runInNewContext('work()', { work }, { breakOnSigint: true, displayErrors: false }) as Result
  } catch (error) {
    // It is an error of the other context.
    const isInterrupt = typeof error === 'object' && error !== null && 'code' in error && error.code === INTERRUPTED
    if (isInterrupt) onInterrupt()
    throw error
  }
}

const INTERRUPTED = 'ERR_SCRIPT_EXECUTION_INTERRUPTED'
