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
 * then. Otherwise returns what it returns, and throws what it throws.
 */
export function withinTime<Result>(milliseconds: number, work: () => Result): Result {
  context ??= vm.createContext({})
  context.work = work
  try {
    return call.runInContext(context, { timeout: Math.ceil(milliseconds) }) as Result
  } catch (error) {
    // An error of the other context is no instance of this one's Error.
    if (codeOf(error) === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw new TookTooLong()
    throw error
  } finally {
    context.work = null
  }
}

/** Only what runs in a context can be ended. Creating one takes a millisecond, so there is one. */
let context: vm.Context | null = null
const call = new vm.Script('work()')

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
}
