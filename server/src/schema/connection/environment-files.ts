import path from 'node:path'
import { AuditError, WHERE_TO_SPECIFY_URL } from '../../errors'
import { foldersUpward, nameBelow } from './folders'
import { parseEnvironment } from './parse-environment'
import type { EnvironmentVariables } from '../../platform/environment-variables'
import { phrase } from '../../text/phrase'

/** The values of the `.env` files that Prisma 5 and 6 load. */
export interface EnvironmentFiles {
  /**
   * Relative to the root, for people, in the order in which Prisma loads them: later files do not override earlier
   * ones.
   */
  readonly names: readonly string[]
  /** Null if no file has it. Throws `environment-file-too-large` if its expansion is too long. */
  valueOf(variable: string): { readonly value: string; readonly name: string } | null
}

export interface EnvironmentSearch {
  readonly schemaPath: string
  readonly root: string
  readonly environment: EnvironmentVariables
  readonly readTextFile: (file: string) => string | null
}

/**
 * The `.env` files that Prisma 5 and 6 load without a `prisma.config.*`: first the one next to the package.json of the
 * package in which Prisma runs, then the one next to the schema (`loadEnvFile` and `tryLoadEnvs` of `@prisma/internals`
 * 6). If neither has a variable, those of the folders above up to the root follow: Prisma reads them when it runs
 * there.
 */
export function environmentFiles(search: EnvironmentSearch): EnvironmentFiles {
  const values = new Map<string, { readonly value: string; readonly name: string }>()
  const names: string[] = []
  for (const folder of foldersOfEnvironment(search)) {
    const file = path.join(folder, '.env')
    const text = search.readTextFile(file)
    if (text === null) continue
    const name = nameBelow(search.root, file)
    names.push(name)
    for (const [variable, value] of Object.entries(plainEnvironmentFile(text, name))) {
      if (!values.has(variable)) values.set(variable, { value, name })
    }
  }
  return {
    names,
    valueOf(variable) {
      const own = values.get(variable)
      if (own === undefined) return null
      const given = (name: string) =>
        (Object.hasOwn(search.environment, name) ? search.environment[name] : values.get(name)?.value) ?? ''
      return { value: expand(variable, own, given), name: own.name }
    },
  }
}

/** The folder of the package of a schema; null if there is no package.json. */
export function packageFolderOf({ schemaPath, root, readTextFile }: EnvironmentSearch): string | null {
  const isPackage = (folder: string) => {
    const text = readTextFile(path.join(folder, 'package.json'))
    try {
      return text !== null && (JSON.parse(text) as { name?: unknown } | null)?.name !== '.prisma/client'
    } catch {
      return false
    }
  }
  return foldersUpward(schemaPath, root).find(isPackage) ?? null
}

/** The values of one file, without expansion. Throws `environment-file-too-large` if reading it takes too long. */
export function plainEnvironmentFile(text: string, name: string): Readonly<Record<string, string>> {
  const values = parseEnvironment(text)
  if (values === null) throw environmentFileTooSlow(name)
  return values
}

function foldersOfEnvironment(search: EnvironmentSearch): string[] {
  const [nearest = '', ...above] = foldersUpward(search.schemaPath, search.root)
  // For a schema of several files, Prisma uses the folder above theirs.
  const isFolder = nearest === search.schemaPath
  const packageFolder = packageFolderOf(search)
  return [
    ...new Set([
      ...(packageFolder === null ? [] : [packageFolder]),
      ...(isFolder ? [...above, nearest] : [nearest, ...above]),
    ]),
  ]
}

/**
 * `${X}` as Prisma's own `dotenvExpand` replaces it, which does less than the package of that name: `$X` without braces
 * and `${X:-default}` are not expanded, so a password may contain `$`. The environment takes precedence over the files,
 * an unset variable is empty, and `\${X}` is `${X}`.
 */
function expand(
  variable: string,
  own: { readonly value: string; readonly name: string },
  given: (name: string) => string,
): string {
  // Values that refer to each other twice double with each line, so the output and the work are limited.
  let written = 0
  let replaced = 0
  const expandText = (text: string, open: readonly string[]): string => {
    let expanded = text
    for (const [whole, before = '', name = ''] of text.matchAll(/(.?)\$\{(\w*)\}/g)) {
      if (written > MOST_WRITTEN || ++replaced > MOST_REPLACED || open.length > DEEPEST)
        throw environmentFileTooLarge(own.name, variable)
      const isEscaped = before === '\\'
      // A variable that refers to itself is empty there.
      const value = isEscaped ? whole.slice(1) : open.includes(name) ? '' : expandText(given(name), [...open, name])
      // Like Prisma, with `replace` and a string: `$$` in a value becomes `$`.
      expanded = expanded.replace(isEscaped ? whole : whole.slice(before.length), value)
      written += expanded.length
    }
    return expanded
  }
  return expandText(own.value, [variable])
}

/** In characters, including intermediate results. No URL is nearly as long. */
const MOST_WRITTEN = 1_000_000
const MOST_REPLACED = 10_000
/** Nesting of variables. */
const DEEPEST = 100

function environmentFileTooSlow(file: string): AuditError {
  return new AuditError('environment-file-too-large', {
    what: phrase`${file} takes too long to read.`,
    why: phrase`dotenv, which also reads it for Prisma, does not finish.`,
    nextStep: phrase`Correct ${file}, or specify the URL: ${WHERE_TO_SPECIFY_URL}.`,
  })
}

function environmentFileTooLarge(file: string, variable: string): AuditError {
  return new AuditError('environment-file-too-large', {
    what: phrase`${variable} in ${file} is too large.`,
    why: phrase`Its variables refer to each other, so their expansion is too long.`,
    nextStep: phrase`Correct ${file}, or specify the URL: ${WHERE_TO_SPECIFY_URL}.`,
  })
}
