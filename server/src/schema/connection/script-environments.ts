import path from 'node:path'
import { isInside } from '../../platform/inside'
import { nameBelow } from './folders'
import { packageFolderOf, plainEnvironmentFile, type EnvironmentSearch } from './environment-files'
import { phrase, type Phrase } from '../../text/phrase'

/**
 * The environment files that scripts of a package pass to Prisma instead of its own `.env`: `dotenv -e FILE -- prisma
 * migrate dev`, `node --env-file=FILE`, and those that Bun loads. `known` if every script that calls Prisma with a
 * database passes the same value; `unknown` if only running one would show it. Null if a script calls Prisma without
 * any, or none calls it.
 */
export type ScriptEnvironment =
  | { readonly kind: 'known'; readonly value: string; readonly name: string }
  | { readonly kind: 'unknown'; readonly reason: Phrase }

export function scriptEnvironmentOf(variable: string, search: EnvironmentSearch): ScriptEnvironment | null {
  const folder = packageFolderOf(search)
  if (folder === null) return null
  const read = (name: string) => search.readTextFile(path.resolve(folder, name))
  const calls = callsOfPrisma(scriptsOf(read('package.json') ?? ''))
  const handed = [...new Set(calls.map((call) => filesHandedTo(call).join(' and ')))]
  const packageName = nameBelow(search.root, path.join(folder, 'package.json'))
  if (handed.length === 0 || handed.includes('')) return ofBun(variable, search, folder)
  const unknown = (reason: Phrase): ScriptEnvironment => ({ kind: 'unknown', reason })
  if (handed.length > 1) return unknown(phrase`${packageName}, whose scripts call Prisma with ${orWith(handed)}`)
  const files = filesHandedTo(calls[0] ?? '')
  const outside = files.find((name) => !isInside(search.root, path.resolve(folder, name)))
  if (outside !== undefined)
    return unknown(phrase`${packageName}, whose scripts call Prisma with ${outside}, which is outside the folder`)
  const found = files.flatMap((name) => {
    const value = valueIn(read(name), variable, name)
    return value === null ? [] : [{ value, name }]
  })
  const [first] = found
  if (first === undefined) return null
  const { value, name } = first
  // Precedence and the meaning of `$` differ between programs.
  if (value.includes('$') || found.some((other) => other.value !== value))
    return unknown(phrase`${packageName}, whose scripts call Prisma with ${handed.join('')}`)
  return { kind: 'known', value, name: nameBelow(search.root, path.resolve(folder, name)) }
}

/**
 * Bun loads these before `.env` for everything that its `run` and `bunx` start; the same command with npm only has
 * `.env`.
 */
function ofBun(variable: string, search: EnvironmentSearch, folder: string): ScriptEnvironment | null {
  const read = (name: string) => search.readTextFile(path.join(folder, name))
  if (read('bun.lock') === null && read('bun.lockb') === null) return null
  const plain = valueIn(read('.env'), variable, '.env')
  const other = ['.env.local', '.env.development'].find((name) => {
    const value = valueIn(read(name), variable, name)
    return value !== null && value !== plain
  })
  if (other === undefined) return null
  const name = nameBelow(search.root, path.join(folder, other))
  return { kind: 'unknown', reason: phrase`${name}, which Bun loads over .env and npm does not` }
}

/** At most a handful: the different files of one package. */
function orWith(files: readonly string[]): string | Phrase {
  const [first = '', ...others] = files
  return others.length === 0 ? first : phrase`${first}, or with ${orWith(others)}`
}

function valueIn(text: string | null, variable: string, name: string): string | null {
  const values = text === null ? {} : plainEnvironmentFile(text, name)
  return Object.hasOwn(values, variable) ? (values[variable] ?? null) : null
}

function scriptsOf(packageJson: string): ReadonlyMap<string, string> {
  const scripts = (JSON.parse(packageJson) as { scripts?: unknown } | null)?.scripts
  const entries = typeof scripts === 'object' && scripts !== null ? Object.entries(scripts) : []
  return new Map(
    entries.flatMap(([name, script]) => (typeof script === 'string' ? [[name, script.slice(0, LONGEST)]] : [])),
  )
}

/** UTF-16 units of a script; a longer one is not a command line that a person wrote. */
const LONGEST = 2000

/**
 * The single commands with which scripts call Prisma with a database, with the prefix of a wrapper script (`pnpm
 * with-env …`).
 */
function callsOfPrisma(scripts: ReadonlyMap<string, string>): string[] {
  return [...scripts.values()]
    .flatMap((script) => script.split(/&&|\|\||[;|\n]/))
    .filter((command) => /(?:^|[\s/])prisma (?:migrate|db|studio)\b/.test(command))
    .map((command) => {
      const [, runner = '', name = ''] = /^\s*((?:npm|pnpm|yarn|bun)(?: run)?) ([\w:.-]+) /.exec(command) ?? []
      const prefix = runner === '' ? undefined : scripts.get(name)
      return prefix === undefined ? command : `${prefix} ${command}`
    })
}

function filesHandedTo(command: string): string[] {
  const words = command.split(/\s+/).map((word) => word.replace(/^(["'])(.*)\1$/, '$2'))
  const wrapper = words.map((word) => path.posix.basename(word)).find((word) => word in FILE_OPTIONS)
  const options = wrapper === undefined ? [] : (FILE_OPTIONS[wrapper] ?? [])
  const files: string[] = []
  for (const [index, word] of words.entries()) {
    const [, inWord] = /^--env-file(?:-if-exists)?=(.+)$/.exec(word) ?? []
    if (inWord !== undefined) files.push(inWord)
    else if (options.includes(word) || /^--env-file(?:-if-exists)?$/.test(word)) files.push(words[index + 1] ?? '')
  }
  const cascade = wrapper === 'dotenv' ? words.indexOf('-c') : -1
  if (cascade >= 0) {
    const [, name = ''] = /^(\w+)$/.exec(words[cascade + 1] ?? '') ?? []
    files.push(
      ...(name === '' ? [] : [`.env.${name}.local`]),
      '.env.local',
      ...(name === '' ? [] : [`.env.${name}`]),
      '.env',
    )
  }
  return files.filter((file) => file !== '')
}

/** Programs that load environment files for another program, and their options for a file. */
const FILE_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  dotenv: ['-e'],
  dotenvx: ['-f', '--env-file'],
  'env-cmd': ['-f', '--file'],
}
