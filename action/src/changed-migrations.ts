import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

/** Absolute paths of Prisma's migrations that a pull request adds, and of those in its base that it edits, renames or deletes. */
export interface ChangedMigrations {
  readonly added: readonly string[]
  readonly edited: readonly string[]
  /** Why nothing is known, and what to do; null where it is. */
  readonly note: string | null
}

/** Compares with the commit that the event names: a pull request's base, or what a push replaces. */
export function changedMigrations(folder: string, environment: NodeJS.ProcessEnv): ChangedMigrations {
  const base = baseCommit(environment)
  if (base === null) return nothing('This event has no base commit, so no migrations were compared.')
  const top = git(folder, ['rev-parse', '--show-toplevel'])?.trim()
  const pattern = ':(glob)**/migration.sql'
  const difference =
    git(folder, ['diff', '--name-status', '--no-renames', '-z', `${base}...HEAD`, '--', pattern]) ??
    git(folder, ['diff', '--name-status', '--no-renames', '-z', base, 'HEAD', '--', pattern])
  if (top === undefined || difference === null) {
    return nothing(
      'The base commit is not in this checkout, so no migrations were compared: use actions/checkout with fetch-depth: 0.',
    )
  }
  const words = difference.split('\0')
  const changes = words.flatMap((status, index) =>
    index % 2 === 0 && status !== '' ? [{ status, file: path.resolve(top, words[index + 1] ?? '') }] : [],
  )
  const below = changes.filter(({ file }) => !path.relative(folder, file).startsWith('..'))
  return {
    added: below.filter(({ status }) => status === 'A').map(({ file }) => file),
    edited: below.filter(({ status }) => status !== 'A').map(({ file }) => file),
    note: null,
  }
}

function nothing(note: string): ChangedMigrations {
  return { added: [], edited: [], note }
}

/** 40 hexadecimal digits: nothing else out of an event becomes an argument of git. */
function baseCommit({ GITHUB_EVENT_PATH: file }: NodeJS.ProcessEnv): string | null {
  if (file === undefined || !fs.existsSync(file)) return null
  const event = JSON.parse(fs.readFileSync(file, 'utf8')) as {
    pull_request?: { base?: { sha?: unknown } }
    before?: unknown
  }
  const commit = event.pull_request?.base?.sha ?? event.before
  return typeof commit === 'string' && /^[0-9a-f]{40}$/.test(commit) && !/^0+$/.test(commit) ? commit : null
}

function git(folder: string, words: readonly string[]): string | null {
  // The runner checks out as another user than the action's in a container.
  const { status, stdout } = spawnSync('git', ['-c', 'safe.directory=*', ...words], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64_000_000,
  })
  return status === 0 ? stdout : null
}
