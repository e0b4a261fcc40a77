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

/** The locks of reading and writing rows. They block no reader or writer, so a step need not declare them. */
const ORDINARY = MODES.indexOf('ROW EXCLUSIVE')

/** Converts `AccessExclusiveLock`, as in `pg_locks`, to the documentation's name: `ACCESS EXCLUSIVE`. */
export function modeInWords(mode: string): string {
  return mode
    .replace(/Lock$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toUpperCase()
}

/** The strongest lock on each table, with the tables in order of appearance. */
export function strongest(locks: readonly ObservedLock[]): ObservedLock[] {
  const found = new Map<string, ObservedLock>()
  for (const lock of locks) {
    const known = found.get(lock.table)
    if (known === undefined || MODES.indexOf(lock.mode) > MODES.indexOf(known.mode)) found.set(lock.table, lock)
  }
  return [...found.values()]
}

/**
 * The locks that are stronger than declared: on a table of the plan, stronger than its declared mode; on any other,
 * stronger than reading and writing takes. A lock on a partition is compared with the declaration for its root.
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
