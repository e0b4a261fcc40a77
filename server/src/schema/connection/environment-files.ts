import path from 'node:path'
import { parse } from 'dotenv'
import { AuditError } from '../../errors'
import { foldersUpward, nameBelow } from './folders'

export interface EnvironmentFile {
  /** From the root, for people. */
  readonly name: string
  /** Undefined where the file does not have it. */
  valueOf(variable: string): string | undefined
}

/**
 * Each `.env` from beside the schema up to the root, nearest first, with its variables expanded: what Prisma 5 and 6 load
 * where there is no `prisma.config.*`. A variable throws `environment-file-too-large` when it is asked for and grows
 * beyond all measure.
 */
export function environmentFiles(search: {
  readonly schemaPath: string
  readonly root: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly readTextFile: (file: string) => string | null
}): EnvironmentFile[] {
  return foldersUpward(search.schemaPath, search.root).flatMap((folder) => {
    const file = path.join(folder, '.env')
    const text = search.readTextFile(file)
    if (text === null) return []
    const name = nameBelow(search.root, file)
    const values = parse(text)
    return [{ name, valueOf: (variable) => expand(variable, values, search.environment, name) }]
  })
}

/** The values of one file as `dotenv` alone gives them: nothing in them is expanded. */
export function plainEnvironmentFile(text: string): Readonly<Record<string, string>> {
  return parse(text)
}

/**
 * `${X}`, `$X` and `${X:-default}`, as dotenv-expand does for Prisma: the environment goes before the file, what is set
 * nowhere is empty, and `\$` is a dollar.
 */
function expand(
  variable: string,
  values: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string | undefined>>,
  file: string,
): string | undefined {
  // Values that name each other twice double with each line: what is written is bounded, and so is the work.
  let written = 0
  let replaced = 0
  const count = (text: string): string => {
    written += text.length
    if (written > MOST_WRITTEN || ++replaced > MOST_REPLACED) throw environmentFileTooLarge(file, variable)
    return text
  }
  const expandText = (text: string, open: readonly string[]): string =>
    count(
      text.replace(
        /\\\$|\$\{([A-Za-z_]\w*)(?::?-((?:[^{}]|\{[^{}]*\})*))?\}|\$([A-Za-z_]\w*)/g,
        (_, braced: string | undefined, fallback: string | undefined, bare: string | undefined) => {
          const name = braced ?? bare
          if (name === undefined) return '$'
          return valueOf(name, open) || expandText(fallback ?? '', open)
        },
      ),
    )
  // A variable that leads back to itself is empty there.
  const valueOf = (name: string, open: readonly string[]): string => {
    const given = environment[name]
    if (given !== undefined) return count(given)
    const value = ownValue(values, name)
    if (value === undefined || open.includes(name)) return count('')
    if (open.length >= DEEPEST) throw environmentFileTooLarge(file, variable)
    return expandText(value, [...open, name])
  }
  const value = ownValue(values, variable)
  return value === undefined ? undefined : expandText(value, [variable])
}

/** Characters, with all that goes into it on the way. No URL is near this. */
const MOST_WRITTEN = 1_000_000
const MOST_REPLACED = 10_000
/** Variables that stand in each other. */
const DEEPEST = 100

function ownValue(values: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined
}

function environmentFileTooLarge(file: string, variable: string): AuditError {
  return new AuditError('environment-file-too-large', {
    what: `${variable} in ${file} is too large.`,
    why: 'Its variables refer to each other, and their expansion has no reasonable end.',
    nextStep: `Correct ${file}, or give the URL with --url.`,
  })
}
