import path from 'node:path'
import { findBase, type Base } from './base-commit'
import { git } from './git'

/** Prisma's migrations that a pull request adds, and those of its base that it changes. Paths are absolute. */
export interface ChangedMigrations {
  readonly added: readonly string[]
  readonly changed: readonly ChangedMigration[]
  /** Why nothing is known, and what to do; null where it is, or where there is nothing to compare with. */
  readonly note: string | null
}

export interface ChangedMigration {
  readonly file: string
  readonly message: string
}

/** Looks below `folders` only, at what differs from the commit that the event names. */
export function changedMigrations(folders: readonly string[], environment: NodeJS.ProcessEnv): ChangedMigrations {
  const nothing = { added: [], changed: [], note: null }
  const [folder = '.'] = folders
  const base = findBase(folder, environment)
  if (base === null) return nothing
  if ('note' in base) return { ...nothing, note: base.note }
  const differences = differencesFrom(folder, base)
  if (differences === null) return { ...nothing, note: 'Edited and new migrations were not checked: git diff failed.' }
  const isBelow = ({ file }: Difference) =>
    folders.some(
      (each) =>
        !path.isAbsolute(path.relative(each, file)) && !path.relative(each, file).split(path.sep).includes('..'),
    )
  const added = differences.filter(({ status }) => status === 'A')
  const removed = differences.filter(({ status }) => status === 'D')
  // With its folder's name and its text, a migration is the same to Prisma wherever it stands.
  const movedFrom = (to: Difference) => removed.find((from) => from.blob === to.blob && nameOf(from) === nameOf(to))
  const renamedTo = (from: Difference) => added.find((to) => to.blob === from.blob && movedFrom(to) === undefined)
  const isMoved = (from: Difference) => added.some((to) => movedFrom(to) === from)
  const renamed = new Set(removed.filter((from) => !isMoved(from)).map(renamedTo))
  return {
    added: added.filter((to) => isBelow(to) && movedFrom(to) === undefined && !renamed.has(to)).map(({ file }) => file),
    changed: differences.filter(isBelow).flatMap((difference): ChangedMigration[] => {
      if (difference.status === 'A' || isMoved(difference)) return []
      if (difference.status !== 'D') return [{ file: difference.file, message: EDITED }]
      const to = renamedTo(difference)
      return to === undefined
        ? [{ file: difference.file, message: DELETED }]
        : [{ file: to.file, message: renamedFrom(nameOf(difference)) }]
    }),
    note: null,
  }
}

const EDITED =
  'This migration was there before, so it may be applied. Where it is, prisma migrate dev asks to reset the database, because its text differs: restore it and add a new migration.'
const DELETED =
  'This migration was there before and is deleted, but it may be applied. Where it is, prisma migrate dev asks to reset the database: restore it, and undo what it did in a new migration.'

function renamedFrom(name: string): string {
  return `This migration was called ${name} before, and may be applied under that name. Where it is, Prisma runs it again as a new one: give it its name back.`
}

interface Difference {
  readonly status: string
  readonly file: string
  /** Git's name of the text: of the new one, or of one that is deleted. */
  readonly blob: string
}

function nameOf({ file }: Difference): string {
  return path.basename(path.dirname(file))
}

/** Line endings are no difference: Prisma compares checksums without them. */
function differencesFrom(folder: string, { commit, top }: Base): Difference[] | null {
  const pattern = ':(top,glob)**/migration.sql'
  const raw = git(folder, ['diff', '--raw', '--no-renames', '--no-abbrev', '-z', commit, 'HEAD', '--', pattern])
  if (raw === null) return null
  const words = raw.split('\0')
  return words.flatMap((facts, index) => {
    const [, , before = '', after = '', status = ''] = facts.split(' ')
    if (index % 2 !== 0 || status === '') return []
    if (status === 'M' && linesOf(folder, before) === linesOf(folder, after)) return []
    return [{ status, file: path.resolve(top, words[index + 1] ?? ''), blob: status === 'D' ? before : after }]
  })
}

function linesOf(folder: string, blob: string): string | undefined {
  return git(folder, ['cat-file', 'blob', blob])?.replaceAll('\r\n', '\n')
}
