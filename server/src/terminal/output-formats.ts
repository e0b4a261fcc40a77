import { InvalidArgumentError } from 'commander'

/** Parses a word that must be one of a few, with an error that names them. */
export function oneOf<const Word extends string>(words: readonly Word[]): (value: string) => Word {
  return (value) => {
    const word = words.find((candidate) => candidate === value)
    if (word === undefined) throw new InvalidArgumentError(`Expected one of: ${words.join(', ')}.`)
    return word
  }
}

export function positiveInteger(value: string): number {
  const number = Number(value)
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('Expected a whole number of 1 or more.')
  return number
}

export function jobCount(value: string): number {
  const count = positiveInteger(value)
  if (count > MOST_JOBS) throw new InvalidArgumentError(`Expected at most ${MOST_JOBS}.`)
  return count
}

/** Each is a connection to the server, and one more reads the catalog. */
const MOST_JOBS = 64

export const CHECK_FORMATS = ['text', 'json', 'sarif', 'markdown', 'junit', 'gitlab'] as const

export type CheckFormat = (typeof CHECK_FORMATS)[number]

export const LINT_FORMATS = ['text', 'json', 'sarif', 'junit', 'gitlab'] as const

export type LintFormat = (typeof LINT_FORMATS)[number]

export const PLAN_FORMATS = ['text', 'json', 'sql', 'down-sql', 'verify-sql'] as const

export type PlanFormat = (typeof PLAN_FORMATS)[number]

export const VERIFY_FORMATS = ['text', 'json', 'junit'] as const

export type VerifyFormat = (typeof VERIFY_FORMATS)[number]

/** One more form of the report, for a file. */
export interface FurtherReport<Format> {
  readonly format: Format
  readonly file: string
}

/** Adds one `format=file` to those before it. */
export function furtherReport<Format extends string>(
  formats: readonly Format[],
): (value: string, before: readonly FurtherReport<Format>[]) => FurtherReport<Format>[] {
  return (value, before) => {
    const [, word, file] = /^([a-z]+)=(.+)$/.exec(value) ?? []
    const format = formats.find((each) => each === word)
    if (format === undefined || file === undefined) {
      throw new InvalidArgumentError(`Expected format=file, with one of: ${formats.join(', ')}.`)
    }
    return [...before, { format, file }]
  }
}

export function backupLevel(value: string): 1 | 2 | 3 | 4 {
  const level = ([1, 2, 3, 4] as const).find((candidate) => String(candidate) === value)
  if (level === undefined) throw new InvalidArgumentError('Expected a level from 1 to 4.')
  return level
}
