import vm from 'node:vm'

/**
 * Runs what computes for long without giving way, so that an interrupt (Ctrl-C) ends it at once: the listeners of a signal are
 * called only between two tasks. `onInterrupt` does what they would have done. For work that changes nothing outside of
 * itself, since it is left wherever it is.
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
