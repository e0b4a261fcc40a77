import type { Lock } from '../model'
import type { ObservedLock } from './model'

/** PostgreSQL's table locks, weakest first. */
const MODES = [
  'ACCESS SHARE',
  'ROW SHARE',
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
]

/** What reading and writing rows takes. It keeps nobody out who reads or writes, so a step need not announce it. */
const ORDINARY = MODES.indexOf('ROW EXCLUSIVE')

/** `AccessExclusiveLock`, as `pg_locks` has it, in the words of the documentation: `ACCESS EXCLUSIVE`. */
export function modeInWords(mode: string): string {
  return mode
    .replace(/Lock$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toUpperCase()
}

/** The strongest lock on each table, tables in the order in which they first appear. */
export function strongest(locks: readonly ObservedLock[]): ObservedLock[] {
  const found = new Map<string, ObservedLock>()
  for (const lock of locks) {
    const known = found.get(lock.table)
    if (known === undefined || MODES.indexOf(lock.mode) > MODES.indexOf(known.mode)) found.set(lock.table, lock)
  }
  return [...found.values()]
}

/**
 * The locks that are stronger than what the plan claims: on a table that it names, stronger than the mode it names; on
 * any other, stronger than what reading and writing takes. A lock on a partition is held against the claim on its root.
 *
 * @param rootOf the quoted name of a partition's root; the table's own name for all others
 */
export function unclaimedLocks(
  locks: readonly ObservedLock[],
  claimed: Pick<Lock, 'mode' | 'tables'>,
  rootOf: (table: string) => string,
): ObservedLock[] {
  return locks.filter(({ table, mode }) => {
    const isNamed = claimed.tables.includes(table) || claimed.tables.includes(rootOf(table))
    return MODES.indexOf(mode) > (isNamed ? MODES.indexOf(claimed.mode) : ORDINARY)
  })
}
