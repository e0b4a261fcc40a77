import vm from 'node:vm'

/** Synchronous work did not end within its time. */
export class TookTooLong extends Error {
  constructor() {
    super('It took too long.')
  }
}

/**
 * Runs synchronous work that foreign text can make endless, such as a library's parser: after the given milliseconds it
 * ends with `TookTooLong`. The work must leave nothing behind that matters, because its `finally` blocks do not run
 * then, and it may begin again. Otherwise returns what it returns, and throws what it throws.
 */
export function withinTime<Result>(milliseconds: number, work: () => Result): Result {
  context ??= vm.createContext({})
  context.work = work
  try {
    for (let timeout = Math.ceil(milliseconds); ; timeout *= 2) {
      const before = processorTime()
      try {
        return call.runInContext(context, { timeout }) as Result
      } catch (error) {
        // An error of the other context is no instance of this one's Error.
        if (codeOf(error) !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
        // While other programs had the processors, it did not have its time: the answer must not depend on them.
        if (processorTime() - before >= milliseconds / 4) throw new TookTooLong()
      }
    }
  } finally {
    context.work = null
  }
}

/** Milliseconds of all threads of this process: older versions of Node do not tell that of one. */
function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Only what runs in a context can be ended. Creating one takes a millisecond, so there is one. */
let context: vm.Context | null = null
const call = new vm.Script('work()')

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
}
