import { firstOf } from '../../text/bounded-list'
import { AuditError, messageLine } from '../../errors'
import { phrase, type Phrase } from '../../text/phrase'

export function tableNotInBackup(file: string, table: string): AuditError {
  return new AuditError('table-not-in-backup', {
    what: phrase`${file} contains no rows of ${table}.`,
    why: phrase`The backup does not include this table, or the table had another name then.`,
    nextStep: phrase`Specify the name that the table has in the database and in the backup, or use another backup. Nothing was changed.`,
  })
}

/** @param why whole sentences */
export function tableNotRestorable(table: string, why: Phrase): AuditError {
  return new AuditError('table-not-restorable', {
    what: phrase`Rows of ${table} cannot be restored one by one.`,
    why,
    nextStep: phrase`Restore the backup into a new database (without --table), and copy what you need from there.`,
  })
}

/** @param code the objects and whose they are */
export function rowsRunCode(table: string, code: readonly Phrase[]): AuditError {
  return new AuditError('rows-run-code', {
    what: phrase`Writing rows of ${table} would run code of a role with fewer privileges than yours, with your privileges. Nothing was changed.`,
    why: phrase`${firstOf(code, '; ')}`,
    nextStep: phrase`Connect as the owner of the table.`,
  })
}

export function rowsChangedMeanwhile(table: string): AuditError {
  return new AuditError('rows-changed', {
    what: phrase`Rows of ${table} have changed since they were compared, so nothing was copied back.`,
    why: phrase`The comparison that you confirmed is out of date.`,
    nextStep: phrase`Run the command again and confirm the new comparison.`,
  })
}

export function tableChangedMeanwhile(table: string): AuditError {
  return new AuditError('table-changed', {
    what: phrase`The definition of ${table} has changed since its rows were compared, so nothing was copied back.`,
    why: phrase`A column, a key, a trigger, a rule or a foreign key that references it is new, different or gone.`,
    nextStep: phrase`Run the command again and confirm the new comparison.`,
  })
}

export function copyBackFailed(cause: unknown): AuditError {
  return new AuditError(
    'copy-back-failed',
    {
      what: phrase`Could not copy the rows back. Everything was rolled back.`,
      why: messageLine(cause),
      nextStep: phrase`A newer row may have the same unique value, or a referenced row may be missing: restore that table as well (repeat --table).`,
    },
    { cause },
  )
}

export function copyBackIncomplete(table: string): AuditError {
  return new AuditError('copy-back-incomplete', {
    what: phrase`Some rows of ${table} still differ from the backup after the copy. Everything was rolled back.`,
    why: phrase`A trigger on another table, a foreign key or an identity column produced another value.`,
    nextStep: phrase`Restore the backup into a new database (without --table), and copy what you need from there.`,
  })
}
