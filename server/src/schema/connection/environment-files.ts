import path from 'node:path'
import { parse } from 'dotenv'
import { AuditError } from '../../errors'
import { foldersUpward, nameBelow } from './folders'
import type { EnvironmentVariables } from '../../platform/environment-variables'

/** What Prisma 5 and 6 make of the `.env` files that they load. */
export interface EnvironmentFiles {
  /** From the root, for people, in the order in which Prisma loads them: what an earlier one sets, a later one leaves. */
  readonly names: readonly string[]
  /** Null where no file has it. Throws `environment-file-too-large` where it grows beyond all measure. */
  valueOf(variable: string): { readonly value: string; readonly name: string } | null
}

export interface EnvironmentSearch {
  readonly schemaPath: string
  readonly root: string
  readonly environment: EnvironmentVariables
  readonly readTextFile: (file: string) => string | null
}

/**
 * The `.env` files that Prisma 5 and 6 load where there is no `prisma.config.*`: first that beside the package.json of the package in
 * which Prisma is called, then that beside the schema (`loadEnvFile` and `tryLoadEnvs` of `@prisma/internals` 6). Where
 * neither has a variable, those of the folders above up to the root follow: Prisma reads them when it is called there.
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
    for (const [variable, value] of Object.entries(parse(text))) {
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

/** The folder of the package that a schema belongs to; null where there is no package.json. */
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

/** The values of one file as `dotenv` alone gives them: nothing in them is expanded. */
export function plainEnvironmentFile(text: string): Readonly<Record<string, string>> {
  return parse(text)
}

function foldersOfEnvironment(search: EnvironmentSearch): string[] {
  const [nearest = '', ...above] = foldersUpward(search.schemaPath, search.root)
  // Of a schema of several files, Prisma takes the folder above theirs.
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
 * `${X}` as Prisma's own `dotenvExpand` replaces it, which is less than the package of that name does: a `$X` without
 * braces and a `${X:-default}` stay as they are, so a password may hold a `$`. The environment goes before the files, what
 * is set nowhere is empty, and `\${X}` is `${X}`.
 */
function expand(
  variable: string,
  own: { readonly value: string; readonly name: string },
  given: (name: string) => string,
): string {
  // Values that name each other twice double with each line: what is written is bounded, and so is the work.
  let written = 0
  let replaced = 0
  const expandText = (text: string, open: readonly string[]): string => {
    let expanded = text
    for (const [whole, before = '', name = ''] of text.matchAll(/(.?)\$\{(\w*)\}/g)) {
      if (written > MOST_WRITTEN || ++replaced > MOST_REPLACED || open.length > DEEPEST)
        throw environmentFileTooLarge(own.name, variable)
      const isEscaped = before === '\\'
      // A variable that leads back to itself is empty there.
      const value = isEscaped ? whole.slice(1) : open.includes(name) ? '' : expandText(given(name), [...open, name])
      // Like Prisma, by `replace` with a text: `$$` in a value becomes `$`.
      expanded = expanded.replace(isEscaped ? whole : whole.slice(before.length), value)
      written += expanded.length
    }
    return expanded
  }
  return expandText(own.value, [variable])
}

/** Characters, with all that goes into it on the way. No URL is near this. */
const MOST_WRITTEN = 1_000_000
const MOST_REPLACED = 10_000
/** Variables that stand in each other. */
const DEEPEST = 100

function environmentFileTooLarge(file: string, variable: string): AuditError {
  return new AuditError('environment-file-too-large', {
    what: `${variable} in ${file} is too large.`,
    why: 'Its variables refer to each other, so their expansion is too long.',
    nextStep: `Correct ${file}, or pass the URL with --url.`,
  })
}
