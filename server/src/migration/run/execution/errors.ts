import { AuditError } from '../../../errors'
import { allOf, oneByOne, phrase, type Phrase } from '../../../text/phrase'

export function tableLocked(tables: readonly string[], seconds: number, holders: readonly Phrase[]): AuditError {
  return new AuditError('table-locked', {
    what:
      tables.length === 0
        ? phrase`Could not acquire a lock within ${String(seconds)} s.`
        : phrase`Could not acquire the lock on ${allOf(tables)} within ${String(seconds)} s.`,
    why:
      holders.length === 0
        ? phrase`Other transactions held it at every attempt.`
        : phrase`Held by ${oneByOne(holders)}.`,
    nextStep: phrase`Wait for the other transaction or end it, then run the command again to continue.`,
  })
}

/** For CONCURRENTLY, which waits for every transaction that started before it. */
export function waitedTooLong(seconds: number, blockers: readonly Phrase[]): AuditError {
  return new AuditError('waited-too-long', {
    what: phrase`Could not create or drop the index CONCURRENTLY within ${String(seconds)} s.`,
    why:
      blockers.length === 0
        ? phrase`It waits for all transactions that started before it.`
        : phrase`It waits for all transactions that started before it: ${oneByOne(blockers)}.`,
    nextStep: phrase`Wait for those transactions or end them, then run the command again to continue.`,
  })
}

export function serverDiskFull(message: string): AuditError {
  return new AuditError('server-disk-full', {
    what: phrase`The disk of the database server is full.`,
    why: phrase`The server said: ${message}.`,
    nextStep: phrase`Free disk space there (table, new index, WAL), then run the command again to continue.`,
  })
}
