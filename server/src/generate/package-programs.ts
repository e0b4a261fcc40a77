import path from 'node:path'
import type { EnvironmentVariables } from '../platform/environment-variables'

/**
 * The environment in which `npx`, `pnpm exec` and scripts of a package.json run: with the programs of the packages in
 * `node_modules` of the folder and of every folder above first in PATH. Prisma starts a generator such as
 * `provider = "prisma-kysely"` by that name. `rules` are those of another system, for tests.
 */
export function withPackagePrograms(
  environment: EnvironmentVariables,
  folder: string,
  rules: path.PlatformPath = path,
): Record<string, string | undefined> {
  // Windows spells it Path, and ignores case.
  const name = Object.keys(environment).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH'
  const folders = foldersUpward(folder, rules).map((each) => rules.join(each, 'node_modules', '.bin'))
  const before = environment[name] ?? ''
  return { ...environment, [name]: [...folders, ...(before === '' ? [] : [before])].join(rules.delimiter) }
}

/** The folder itself, and each above it. */
export function foldersUpward(start: string, rules: path.PlatformPath = path): string[] {
  const folders = [rules.resolve(start)]
  for (;;) {
    const last = folders[folders.length - 1] ?? start
    const parent = rules.dirname(last)
    if (parent === last) return folders
    folders.push(parent)
  }
}
