import { AuditError } from '../../errors'
import { listPhrases } from '../../text/bounded-list'

export function manifestInvalid(file: string, problem: string): AuditError {
  return new AuditError('manifest-invalid', {
    what: `${file} is not a valid backup manifest.`,
    why: `It cannot be used: ${problem}.`,
    nextStep: 'Use another backup, or delete the manifest: the backup is then checked by its .sha256 file alone.',
  })
}

/** @param why whole sentences */
export function backupNotOurs(file: string, why: string): AuditError {
  return new AuditError('backup-not-ours', {
    what: `${file} was not deleted.`,
    why,
    nextStep:
      'A backup is deleted only if its file, manifest and checksum match. Delete it yourself if you no longer need it.',
  })
}

export function noBackup(folder: string): AuditError {
  return new AuditError('backup-missing', {
    what: `No backup found in ${folder}.`,
    why: 'It contains no file that `prisma-audit backup` created.',
    nextStep: 'Specify the path of a backup, or the folder of backups with --output.',
  })
}

export function checksumUnreadable(file: string): AuditError {
  return new AuditError('checksum-unreadable', {
    what: `${file} contains no SHA-256 checksum.`,
    why: 'Without it, a change of the backup would go unnoticed.',
    nextStep: 'Use another backup, or delete the checksum file to restore without a check. Nothing was restored.',
  })
}

/**
 * @param sums.expected recorded next to it; if there are several, they disagree
 * @param sums.changes of the files of a folder, as far as they are recorded individually
 */
export function backupChanged(
  file: string,
  sums: { readonly expected: readonly string[]; readonly actual: string; readonly changes: readonly string[] },
): AuditError {
  const [first = '', ...others] = new Set(sums.expected)
  if (others.length > 0) {
    return new AuditError('backup-changed', {
      what: `The checksums of ${file} do not match.`,
      why: `The manifest says ${first}, the .sha256 file ${others.join(', ')}, and the file has ${sums.actual}: one of the three was changed.`,
      nextStep: 'Use another backup, or unchanged copies of all three. Nothing was restored.',
    })
  }
  return new AuditError('backup-changed', {
    what: `The backup ${file} has changed since it was created.`,
    why:
      sums.changes.length > 0
        ? `${listPhrases(sums.changes)}.`
        : `Its SHA-256 is ${sums.actual}, but was ${first} when it was created.`,
    nextStep: 'Use another backup, or an unchanged copy of this one. Nothing was restored.',
  })
}
