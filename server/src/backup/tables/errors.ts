import { AuditError, messageLine } from '../../errors'

export function tableNotInBackup(file: string, table: string): AuditError {
  return new AuditError('table-not-in-backup', {
    what: `${file} holds no rows of ${table}.`,
    why: 'It was backed up without this table, or the table had another name then.',
    nextStep:
      'Specify the name that the table has in the database and in the backup, or use another backup. Nothing was changed.',
  })
}

/** @param why whole sentences */
export function tableNotRestorable(table: string, why: string): AuditError {
  return new AuditError('table-not-restorable', {
    what: `Rows of ${table} cannot be restored one by one.`,
    why,
    nextStep: 'Restore the backup into a new database (without --table), and copy what you need from there.',
  })
}

export function rowsChangedMeanwhile(table: string): AuditError {
  return new AuditError('rows-changed', {
    what: `Rows of ${table} have changed since they were compared, so nothing was copied back.`,
    why: 'What would be copied is not what was shown.',
    nextStep: 'Run the command again and confirm what it then shows.',
  })
}

export function copyBackFailed(cause: unknown): AuditError {
  return new AuditError(
    'copy-back-failed',
    {
      what: 'The rows could not be copied back, so all was rolled back.',
      why: messageLine(cause),
      nextStep:
        'A row added since may have the same unique value, or a row that is referred to may be missing: restore that table as well (--table again).',
    },
    { cause },
  )
}

export function copyBackIncomplete(table: string): AuditError {
  return new AuditError('copy-back-incomplete', {
    what: `Not every row of ${table} came back as it is in the backup, so all was rolled back.`,
    why: 'A trigger of another table, a foreign key or an identity column wrote or kept another value.',
    nextStep: 'Restore the backup into a new database (without --table), and copy what you need from there.',
  })
}
