import { AuditError } from '../../../errors'

export function tableLocked(tables: readonly string[], seconds: number, holders: readonly string[]): AuditError {
  return new AuditError('table-locked', {
    what: `Could not acquire the lock on ${tables.join(' and ')} within ${seconds} s.`,
    why: holders.length === 0 ? 'Other transactions held it at every attempt.' : `Held by ${holders.join('; ')}.`,
    nextStep: 'Wait for the other transaction or end it, then run the command again to continue.',
  })
}

/** For CONCURRENTLY, which waits for every transaction that started before it. */
export function waitedTooLong(seconds: number, blockers: readonly string[]): AuditError {
  return new AuditError('waited-too-long', {
    what: `Could not create or drop the index CONCURRENTLY within ${seconds} s.`,
    why:
      blockers.length === 0
        ? 'It waits for all transactions that started before it.'
        : `It waits for all transactions that started before it: ${blockers.join('; ')}.`,
    nextStep: 'Wait for those transactions or end them, then run the command again to continue.',
  })
}

export function serverDiskFull(message: string): AuditError {
  return new AuditError('server-disk-full', {
    what: 'The disk of the database server is full.',
    why: `The server said: ${message}.`,
    nextStep: 'Free disk space there (table, new index, WAL), then run the command again to continue.',
  })
}
