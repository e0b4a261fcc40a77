import { AuditError, type ErrorParts } from '../../errors'
import { firstOf } from '../../text/bounded-list'
import { phrase, type Phrase } from '../../text/phrase'

export function manifestInvalid(file: string, problem: Phrase): AuditError {
  return new AuditError('manifest-invalid', {
    what: phrase`${file} is not a valid backup manifest.`,
    why: phrase`It cannot be used: ${problem}.`,
    nextStep: phrase`Use another backup, or delete the manifest: the backup is then checked by its .sha256 file alone.`,
  })
}

/** @param why whole sentences */
export function backupNotOurs(file: string, why: ErrorParts['why']): AuditError {
  return new AuditError('backup-not-ours', {
    what: phrase`${file} was not deleted.`,
    why,
    nextStep: phrase`A backup is deleted only if its file, manifest and checksum match. Delete it yourself if you no longer need it.`,
  })
}

export function noBackup(folder: string): AuditError {
  return new AuditError('backup-missing', {
    what: phrase`No backup found in ${folder}.`,
    why: phrase`It contains no file that \`prisma-audit backup\` created.`,
    nextStep: phrase`Specify the path of a backup, or the folder of backups with --output.`,
  })
}

export function checksumUnreadable(file: string): AuditError {
  return new AuditError('checksum-unreadable', {
    what: phrase`${file} contains no SHA-256 checksum.`,
    why: phrase`Without it, a change of the backup would go unnoticed.`,
    nextStep: phrase`Use another backup, or delete the checksum file to restore without a check. Nothing was restored.`,
  })
}

/**
 * @param sums.expected recorded next to it; if there are several, they disagree
 * @param sums.changes of the files of a folder, as far as they are recorded individually
 */
export function backupChanged(
  file: string,
  sums: { readonly expected: readonly string[]; readonly actual: string; readonly changes: readonly Phrase[] },
): AuditError {
  const [first = '', ...others] = new Set(sums.expected)
  if (others.length > 0) {
    return new AuditError('backup-changed', {
      what: phrase`The checksums of ${file} do not match.`,
      why: phrase`The manifest says ${first}, the .sha256 file ${others.join(', ')}, and the file has ${sums.actual}: one of the three was changed.`,
      nextStep: phrase`Use another backup, or unchanged copies of all three. Nothing was restored.`,
    })
  }
  return new AuditError('backup-changed', {
    what: phrase`The backup ${file} has changed since it was created.`,
    why:
      sums.changes.length > 0
        ? phrase`${firstOf(sums.changes, '; ')}.`
        : phrase`Its SHA-256 is ${sums.actual}, but was ${first} when it was created.`,
    nextStep: phrase`Use another backup, or an unchanged copy of this one. Nothing was restored.`,
  })
}
