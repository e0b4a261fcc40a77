import { parse } from 'dotenv'
import { TookTooLong, withinTime } from '../../text/within-time'

/**
 * The values of an environment file as `dotenv` returns them, without expansion; null if it takes longer than a second:
 * its regular expression takes the square of the length of some texts, such as a million line breaks.
 */
export function parseEnvironment(text: string): Readonly<Record<string, string>> | null {
  if (text.length <= SMALL) return parse(text)
  try {
    return withinTime(TIMEOUT, () => parse(text))
  } catch (error) {
    if (error instanceof TookTooLong) return null
    throw error
  }
}

/** In characters: cannot take long. */
const SMALL = 2000

/** Milliseconds. */
const TIMEOUT = 1000
