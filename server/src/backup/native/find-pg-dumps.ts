import fs from 'node:fs'
import path from 'node:path'
import { childEnvironment } from '../../embedded/child-environment'
import type { Container } from './run-in-container'
import { runProgram } from './run-program'
import { programFile } from '../../platform/start-command'
import { phrase, type Phrase } from '../../text/phrase'
import type { EnvironmentVariables } from '../../platform/environment-variables'

/** A pg_dump that runs, with the pg_restore of the same version next to it. */
export interface PgDump {
  readonly path: string
  readonly restorePath: string
  /** `15.18`. */
  readonly version: string
  readonly major: number
  /** Set if both are in an image; the paths are then inside it. */
  readonly container?: Container
}

export interface RejectedProgram {
  readonly path: string
  /** Part of a sentence: `is version 12.4`, `cannot be run: …`. */
  readonly reason: Phrase
}

export interface FoundPrograms {
  readonly programs: readonly PgDump[]
  readonly rejected: readonly RejectedProgram[]
  /** Folders and patterns, for the error that lists the searched locations. */
  readonly lookedIn: readonly (string | Phrase)[]
}

export interface SearchOptions {
  /** The user's setting, a program or its folder; then nothing else is searched. */
  readonly pgDumpPath: string | null
  readonly environment: EnvironmentVariables
  readonly signal?: AbortSignal | undefined
  /** Where to look in addition to PATH; a part `*` matches any folder. Default: `wellKnownFolders`. */
  readonly folders?: readonly string[] | undefined
}

/** Every pg_dump of this machine, in the order of preference among equals: PATH, then the installers' locations. */
export async function findPgDumps(options: SearchOptions): Promise<FoundPrograms> {
  const { files, lookedIn } = options.pgDumpPath === null ? installedFiles(options) : settingFiles(options.pgDumpPath)
  const programs: PgDump[] = []
  const rejected: RejectedProgram[] = []
  for (const file of files) {
    const examined = await examine(file, options)
    if ('reason' in examined) rejected.push(examined)
    else programs.push(examined)
  }
  return { programs, rejected, lookedIn }
}

/** Where installers and version managers put PostgreSQL's programs, by platform; `*` matches any folder. */
export function wellKnownFolders(environment: EnvironmentVariables, platform: NodeJS.Platform): string[] {
  const home = given(environment.HOME) ?? given(environment.USERPROFILE)
  const managed = [asdfFolder(environment, home), miseFolder(environment, home, platform)].flatMap((folder) =>
    folder === null ? [] : [`${folder}/installs/postgres/*/bin`],
  )
  if (platform === 'win32') {
    // The first one differs in a 32-bit process.
    const roots = [environment.ProgramFiles, environment.ProgramW6432, environment['ProgramFiles(x86)']]
    const distinct = new Set(roots.filter((root) => root !== undefined))
    const scoop = home === null ? [] : [`${home}/scoop/apps/postgresql/current/bin`]
    return [...Array.from(distinct, (root) => `${root}/PostgreSQL/*/bin`), ...scoop, ...managed]
  }
  if (platform === 'darwin') {
    const prefix = given(environment.HOMEBREW_PREFIX)
    const roots = new Set([...(prefix === null ? [] : [`${prefix}/opt`]), '/opt/homebrew/opt', '/usr/local/opt'])
    return [
      ...[...roots].flatMap((root) => [`${root}/postgresql/bin`, `${root}/postgresql@*/bin`, `${root}/libpq/bin`]),
      '/Applications/Postgres.app/Contents/Versions/*/bin',
      '/Library/PostgreSQL/*/bin',
      '/opt/local/lib/postgresql*/bin',
      ...managed,
    ]
  }
  return [
    ...['/usr/lib/postgresql/*/bin', '/usr/pgsql-*/bin', '/usr/local/pgsql/bin', '/usr/lib/postgresql*/bin'],
    ...['/opt/postgresql/*/bin', '/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin'],
    ...managed,
  ]
}

/** Null: not set, or empty. */
function given(variable: string | undefined): string | null {
  return variable === undefined || variable === '' ? null : variable
}

/** Source: the configuration pages of asdf (`ASDF_DATA_DIR`). */
function asdfFolder(environment: EnvironmentVariables, home: string | null): string | null {
  return given(environment.ASDF_DATA_DIR) ?? (home === null ? null : `${home}/.asdf`)
}

/** Source: the pages of mise about its directories (`MISE_DATA_DIR`). */
function miseFolder(environment: EnvironmentVariables, home: string | null, platform: NodeJS.Platform): string | null {
  const set = given(environment.MISE_DATA_DIR)
  if (set !== null) return set
  const local = given(environment.LOCALAPPDATA)
  if (platform === 'win32' && local !== null) return `${local}/mise`
  const data = given(environment.XDG_DATA_HOME) ?? (home === null ? null : `${home}/.local/share`)
  return data === null ? null : `${data}/mise`
}

function installedFiles({ environment, folders }: SearchOptions): { files: string[]; lookedIn: (string | Phrase)[] } {
  const onPath = (environment.PATH ?? environment.Path ?? '').split(path.delimiter).filter((part) => part !== '')
  const others = folders ?? wellKnownFolders(environment, process.platform)
  const files = [...onPath, ...others.flatMap(expand)]
    .map((folder) => path.join(folder, programFile('pg_dump')))
    .filter((file) => fs.existsSync(file))
  const distinct = new Map(files.map((file) => [realPath(file), file]).reverse() as [string, string][])
  return {
    files: files.filter((file) => distinct.get(realPath(file)) === file),
    lookedIn: [phrase`the folders of PATH`, ...others],
  }
}

function settingFiles(setting: string): { files: string[]; lookedIn: string[] } {
  const isFolder = fs.statSync(setting, { throwIfNoEntry: false })?.isDirectory() ?? false
  const file = isFolder ? path.join(setting, programFile('pg_dump')) : setting
  return { files: [file], lookedIn: [file] }
}

async function examine(file: string, options: SearchOptions): Promise<PgDump | RejectedProgram> {
  const restorePath = path.join(path.dirname(file), programFile('pg_restore'))
  try {
    const run = await runProgram(file, ['--version'], {
      environment: childEnvironment(options.environment),
      signal: options.signal,
    })
    const [, version, major] = /\(PostgreSQL\) ((\d+)[.\w]*)/.exec(run.output) ?? []
    if (version === undefined || major === undefined) return { path: file, reason: phrase`does not print its version` }
    if (!fs.existsSync(restorePath)) return { path: file, reason: phrase`(${version}) has no pg_restore next to it` }
    return { path: file, restorePath, version, major: Number(major) }
  } catch (error) {
    return { path: file, reason: phrase`cannot be run: ${error instanceof Error ? error.message : String(error)}` }
  }
}

/** The folders that match a pattern, the highest version first. */
function expand(pattern: string): string[] {
  const parts = pattern.split('/')
  const star = parts.findIndex((part) => part.includes('*'))
  if (star === -1) return [pattern]
  const parent = parts.slice(0, star).join('/')
  const [before = '', after = ''] = (parts[star] ?? '').split('*')
  return listFolder(parent)
    .filter((name) => name.startsWith(before) && name.endsWith(after))
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map((name) => [parent, name, ...parts.slice(star + 1)].join('/'))
}

function listFolder(folder: string): string[] {
  try {
    return fs.readdirSync(folder)
  } catch {
    return []
  }
}

function realPath(file: string): string {
  try {
    return fs.realpathSync(file)
  } catch {
    return file
  }
}
