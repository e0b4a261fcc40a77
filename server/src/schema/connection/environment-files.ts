import path from 'node:path'
import { parse } from 'dotenv'
import { foldersUpward, nameBelow } from './folders'

export interface EnvironmentFile {
  /** From the root, for people. */
  readonly name: string
  readonly values: Readonly<Record<string, string>>
}

/** Each `.env` from beside the schema up to the root, nearest first, with its variables expanded. */
export function environmentFiles(search: {
  readonly schemaPath: string
  readonly root: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly readTextFile: (file: string) => string | null
}): EnvironmentFile[] {
  return foldersUpward(search.schemaPath, search.root).flatMap((folder) => {
    const file = path.join(folder, '.env')
    const text = search.readTextFile(file)
    return text === null
      ? []
      : [{ name: nameBelow(search.root, file), values: expand(parse(text), search.environment) }]
  })
}

/**
 * `${X}`, `$X` and `${X:-default}`, as dotenv-expand does for Prisma: the environment goes before the file, what is set
 * nowhere is empty, and `\$` is a dollar.
 */
function expand(
  values: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const expandText = (text: string, open: ReadonlySet<string>): string =>
    text.replace(
      /\\\$|\$\{([A-Za-z_]\w*)(?::?-((?:[^{}]|\{[^{}]*\})*))?\}|\$([A-Za-z_]\w*)/g,
      (written, braced: string | undefined, fallback: string | undefined, bare: string | undefined) => {
        const name = braced ?? bare
        if (name === undefined) return '$'
        return valueOf(name, open) || expandText(fallback ?? '', open)
      },
    )
  // A variable that leads back to itself is empty there.
  const valueOf = (name: string, open: ReadonlySet<string>): string => {
    const given = environment[name]
    if (given !== undefined) return given
    const value = values[name]
    return value === undefined || open.has(name) ? '' : expandText(value, new Set([...open, name]))
  }
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, expandText(value, new Set([name]))] as const),
  )
}
