import vm from 'node:vm'
import { parse } from 'dotenv'

/**
 * The values of an environment file as `dotenv` returns them, without expansion; null if it takes longer than a second: its
 * regular expression takes the square of the length of some texts, such as a million line breaks.
 */
export function parseEnvironment(text: string): Readonly<Record<string, string>> | null {
  if (text.length <= SMALL) return parse(text)
  try {
    return vm.runInNewContext('parse(text)', { parse, text }, { timeout: TIMEOUT }) as Record<string, string>
  } catch (error) {
    // An error of the other context is no instance of this one's Error.
    if (errorCode(error) === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return null
    throw error
  }
}

/** In characters: cannot take long, and a context takes a millisecond. */
const SMALL = 2000

/** Milliseconds. */
const TIMEOUT = 1000

function errorCode(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
}
