import fs from 'node:fs'
import path from 'node:path'
import { runProgram } from '../backup/native/run-program'
import { isInside } from '../platform/inside'
import { baseMigrations, type BaseMigrations, type Git } from './base-migrations'
import { baseCommitMissing, gitUnusable } from './errors'
import { listScripts, migrationFolders, migrationName } from './migration-scripts'
import type { Project } from './project'
import { phrase } from '../text/phrase'

/**
 * Prisma's migrations that are new since a commit, and migrations of that commit that were edited, renamed or deleted,
 * or are no longer where Prisma looks. Paths are absolute.
 */
export interface ChangedMigrations {
  readonly added: readonly string[]
  readonly changed: readonly ChangedMigration[]
}

export interface ChangedMigration {
  readonly file: string
  readonly message: string
  readonly advice: string
}

/**
 * Compares the project's files with those of the merge base of `base` and HEAD, or of `base` itself if this checkout
 * does not contain the merge base. Throws `base-commit-missing` and `git-unusable`.
 */
export async function changedMigrations(
  project: Project,
  base: string,
  signal?: AbortSignal,
): Promise<ChangedMigrations> {
  const git = gitIn(project, signal)
  const { differences, before } = await differencesFrom(git, base, project)
  const added = differences.filter(({ status }) => status === 'A')
  const removed = differences.filter(({ status }) => status === 'D')
  // For Prisma, a migration is its folder name and its text, wherever it is.
  const moves = new Map(
    removed.flatMap((from) => {
      const to = added.find(({ blob, file }) => blob === from.blob && migrationName(file) === migrationName(from.file))
      return to === undefined ? [] : [[from, to] as const]
    }),
  )
  const moved = new Set(moves.values())
  const renames = new Map(
    removed.flatMap((from) => {
      const to = moves.has(from) ? undefined : added.find((each) => each.blob === from.blob && !moved.has(each))
      return to === undefined ? [] : [[from, to] as const]
    }),
  )
  const renamed = new Set(renames.values())
  const isOurs = inFoldersOf(project, added, moves)
  const wasOurs = (file: string) => isOurs(file) || before?.blobs.has(file) === true
  const left = await findLeft(git, project, before, differences)
  const known = new Set([...moved, ...renamed].map(({ file }) => file).concat([...left.keys()]))
  return {
    added: added.flatMap(({ file, isLink }) => (isOurs(file) && !known.has(file) && !isLink ? [file] : [])),
    changed: [
      ...differences.flatMap((difference): ChangedMigration[] => {
        const { status, file, isLink } = difference
        if (status === 'A') return isLink && isOurs(file) ? [{ file, ...LINKED }] : []
        const to = moves.get(difference) ?? renames.get(difference)
        if (to !== undefined && isOurs(to.file))
          return moves.has(difference) ? [] : [renamedFrom(migrationName(file) ?? '', to.file)]
        if (!wasOurs(file)) return []
        return [{ file, ...(status === 'D' ? DELETED : EDITED) }]
      }),
      ...[...left.values()].flatMap((change) => (change === null ? [] : [change])),
    ],
  }
}

/**
 * If Prisma now looks in another folder: the migrations that stayed where they were, each by the file that would be in
 * the new folder; null if that is the same migration.
 */
async function findLeft(
  git: Git,
  project: Project,
  before: BaseMigrations | null,
  differences: readonly Difference[],
): Promise<ReadonlyMap<string, ChangedMigration | null>> {
  const left = new Map<string, ChangedMigration | null>()
  const folder = project.migrationsFolder
  if (before === null || before.folder === folder) return left
  const differing = new Set(differences.map(({ file }) => file))
  for (const [file, blob] of before.blobs) {
    if (differing.has(file)) continue
    const copy = path.join(folder, path.relative(before.folder, file))
    const text = project.findFile(copy)
    if (text === null) left.set(copy, { file, ...leftOut(project.paths.display(folder)) })
    else {
      const isSame = sameLines(await git('cat-file', 'blob', blob), text)
      left.set(copy, isSame ? null : { file: copy, ...EDITED })
    }
  }
  return left
}

const EDITED = {
  message: 'This existing migration was edited, but it may already be applied.',
  advice:
    'If it is, prisma migrate dev asks to reset the database, because the checksum differs. Restore it, and make the change in a new migration.',
}
const DELETED = {
  message: 'This existing migration was deleted, but it may already be applied.',
  advice:
    'If it is, prisma migrate dev asks to reset the database. Restore it, and undo its changes in a new migration.',
}

const LINKED = {
  message: 'This new migration is a link to another file, which was not checked.',
  advice: 'Replace it by the file itself.',
}

function leftOut(folder: string): Omit<ChangedMigration, 'file'> {
  return {
    message:
      'This existing migration is not in the folder where Prisma now looks for migrations, but it may already be applied.',
    advice: `If it is, prisma migrate dev asks to reset the database. Move it to ${folder}.`,
  }
}

function renamedFrom(name: string, file: string): ChangedMigration {
  return {
    file,
    message: `This migration was renamed from ${name}, and may already be applied under that name.`,
    advice: 'If it is, Prisma runs it again as a new migration. Rename it back.',
  }
}

interface Difference {
  readonly status: string
  readonly file: string
  /** Git's hash of the text, of the new one or of a deleted one. */
  readonly blob: string
  /** A symbolic link, which could lead to any file of this machine. */
  readonly isLink: boolean
}

/**
 * Whether a migration belongs to the project: it is in one of its folders or in a former folder of its migrations, from
 * which others were moved or, if all of the project's migrations are new, which has none left.
 */
function inFoldersOf(
  project: Project,
  added: readonly Difference[],
  moves: ReadonlyMap<Difference, Difference>,
): (file: string) => boolean {
  const own = migrationFolders(project)
  const isOwn = (file: string) => own.some((folder) => isInside(folder, file))
  const folderOf = (file: string) => path.dirname(path.dirname(file))
  const former = [...moves].flatMap(([from, to]) => (isOwn(to.file) ? [folderOf(from.file)] : []))
  const news = new Set(added.map(({ file }) => file))
  const scripts = own.flatMap(listScripts).filter((file) => migrationName(file) !== null)
  const isNew = scripts.length > 0 && scripts.every((file) => news.has(file))
  const wasOurs = (file: string) =>
    former.includes(folderOf(file)) ||
    (isNew && isInside(project.paths.codeRoot, file) && listScripts(folderOf(file)).length === 0)
  return (file) => isOwn(file) || wasOurs(file)
}

/** Line endings are ignored: Prisma normalizes them before it computes checksums. */
async function differencesFrom(
  git: Git,
  base: string,
  project: Project,
): Promise<{ readonly differences: readonly Difference[]; readonly before: BaseMigrations | null }> {
  const top = (await git('rev-parse', '--show-toplevel'))?.trimEnd()
  if (top === undefined) throw gitUnusable(phrase`This folder is not in a Git repository, or Git is not installed.`)
  const commit = (await git('rev-parse', '--verify', '--quiet', '--end-of-options', `${base}^{commit}`))?.trim()
  if (commit === undefined) throw baseCommitMissing(base)
  const from = (await git('merge-base', commit, 'HEAD'))?.trim() ?? commit
  const pattern = ':(top,glob)**/migration.sql'
  const raw = await git('diff', '--raw', '--no-renames', '--no-abbrev', '-z', from, '--', pattern)
  if (raw === null) throw gitUnusable(phrase`git diff ${from} failed.`)
  const words = raw.split('\0')
  // Git uses resolved paths.
  const realRoot = fs.realpathSync.native(project.root)
  const pathOf = (name: string) => path.resolve(project.root, path.relative(realRoot, path.resolve(top, name)))
  const differences: Difference[] = []
  for (let index = 0; index + 1 < words.length; index += 2) {
    const [, mode, before = '', after = '', status = ''] = (words[index] ?? '').split(' ')
    const file = pathOf(words[index + 1] ?? '')
    const isSame = async () => sameLines(await git('cat-file', 'blob', before), project.findFile(file))
    if (status === 'M' && (await isSame())) continue
    differences.push({ status, file, blob: status === 'D' ? before : after, isLink: mode === '120000' })
  }
  return { differences, before: await baseMigrations(git, from, project, pathOf) }
}

function sameLines(one: string | null, other: string | null): boolean {
  return one?.replaceAll('\r\n', '\n') === other?.replaceAll('\r\n', '\n')
}

function gitIn({ root, environment }: Project, signal: AbortSignal | undefined): Git {
  return async (...words) => {
    const pieces: Buffer[] = []
    const run = runProgram('git', ['-c', 'core.fsmonitor=false', '-C', root, ...words], {
      environment: { ...environment, GIT_OPTIONAL_LOCKS: '0' },
      signal,
      onOutput: (piece) => pieces.push(piece),
    })
    const exitCode = await run.then(
      (outcome) => outcome.exitCode,
      () => null,
    )
    signal?.throwIfAborted()
    return exitCode === 0 ? Buffer.concat(pieces).toString('utf8') : null
  }
}
