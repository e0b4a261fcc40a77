import fs from 'node:fs'
import path from 'node:path'
import { readTextIfFit } from '../files/bounded-files'
import { prismaNotInstalled, prismaPlugAndPlay } from './errors'
import { foldersUpward } from './package-programs'
import { isInside } from '../platform/inside'

/** Where the workspace's Prisma CLI is and how to run it. */
export interface Installation {
  /** Absolute path of the script that Node runs. */
  readonly script: string
  /**
   * Absolute path of the folder to run it in: the nearest with a Prisma configuration, otherwise with a package.json.
   */
  readonly folder: string
  /** The prefix that a person types before `prisma`: `npx`, `pnpm exec`, `yarn`, `bunx`. */
  readonly runner: string
}

/**
 * Finds the CLI as Node resolves packages: in `node_modules` of the schema's folder and of every folder above, then of
 * the root. Fails with `prisma-not-installed`; for Yarn Plug'n'Play, the error says what to run instead.
 */
export function findInstallation(schemaPath: string, root: string): Installation {
  const schemaFolder = isFolder(schemaPath) ? schemaPath : path.dirname(schemaPath)
  const upward = foldersUpward(schemaFolder)
  const inside = upward.filter((folder) => isInside(root, folder))
  const folder =
    inside.find((candidate) => hasPrismaConfiguration(candidate)) ??
    inside.find((candidate) => fs.existsSync(path.join(candidate, 'package.json'))) ??
    inside.at(-1) ??
    schemaFolder
  const manager = packageManagerOf(upward)
  for (const candidate of [...upward, ...foldersUpward(root)]) {
    const script = cliIn(path.join(candidate, 'node_modules', 'prisma'))
    if (script !== null) return { script, folder, runner: manager.runner }
  }
  if (upward.some((candidate) => fs.existsSync(path.join(candidate, '.pnp.cjs')))) throw prismaPlugAndPlay(folder)
  throw prismaNotInstalled(folder, manager.install)
}

interface PackageManager {
  readonly runner: string
  readonly install: string
}

const NPM: PackageManager = { runner: 'npx', install: 'npm install --save-dev prisma' }

const PACKAGE_MANAGERS: readonly (PackageManager & { readonly lockFile: string })[] = [
  { lockFile: 'package-lock.json', ...NPM },
  { lockFile: 'pnpm-lock.yaml', runner: 'pnpm exec', install: 'pnpm add --save-dev prisma' },
  { lockFile: 'yarn.lock', runner: 'yarn', install: 'yarn add --dev prisma' },
  { lockFile: 'bun.lock', runner: 'bunx', install: 'bun add --dev prisma' },
  { lockFile: 'bun.lockb', runner: 'bunx', install: 'bun add --dev prisma' },
]

function packageManagerOf(folders: readonly string[]): PackageManager {
  for (const folder of folders) {
    const found = PACKAGE_MANAGERS.find(({ lockFile }) => fs.existsSync(path.join(folder, lockFile)))
    if (found !== undefined) return found
  }
  return NPM
}

/** The places where Prisma 6 and 7 look for their configuration. */
function hasPrismaConfiguration(folder: string): boolean {
  return (
    namesIn(folder).some((name) => /^prisma7?\.config\.[cm]?[jt]s$/.test(name)) ||
    namesIn(path.join(folder, '.config')).some((name) => /^prisma\.[cm]?[jt]s$/.test(name))
  )
}

/** The script of the package's program; null if there is no such package. */
function cliIn(packageFolder: string): string | null {
  const text = readTextIfFit(path.join(packageFolder, 'package.json'))
  const program = text === null ? null : programOf(text)
  if (program === null) return null
  const script = path.join(packageFolder, program)
  return fs.existsSync(script) ? script : null
}

function programOf(manifestText: string): string | null {
  let manifest: unknown
  try {
    manifest = JSON.parse(manifestText)
  } catch {
    return null
  }
  if (typeof manifest !== 'object' || manifest === null || !('bin' in manifest)) return null
  const { bin } = manifest
  if (typeof bin === 'string') return bin
  if (typeof bin === 'object' && bin !== null && 'prisma' in bin && typeof bin.prisma === 'string') return bin.prisma
  return null
}

function isFolder(place: string): boolean {
  return fs.statSync(place, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder)
  } catch {
    return []
  }
}
