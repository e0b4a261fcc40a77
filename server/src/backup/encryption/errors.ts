import { AuditError } from '../../errors'
import { phrase, type Phrase } from '../../text/phrase'

export function recipientInvalid(recipient: string): AuditError {
  return new AuditError('recipient-invalid', {
    what: phrase`${recipient} is not an age recipient.`,
    why: phrase`A recipient is a public key that starts with "age1". Nothing was backed up.`,
    nextStep: phrase`Create a key with age-keygen, keep it safe, and pass its public key.`,
  })
}

export function folderNotEncrypted(): AuditError {
  return new AuditError('backup-usage', {
    what: phrase`Cannot encrypt a backup that several connections write.`,
    why: phrase`pg_dump then writes a folder of files, and age encrypts one file. Nothing was backed up.`,
    nextStep: phrase`Leave out --jobs (or pass --jobs 1), or back up without encryption.`,
  })
}

/** @param variable the environment variable that names a file of keys */
export function identityMissing(file: string, variable: string): AuditError {
  return new AuditError('backup-encrypted', {
    what: phrase`${file} is encrypted with age, but no key was found.`,
    why: phrase`Only the key of a recipient can decrypt it.`,
    nextStep: phrase`Set ${variable} to the file with the key (as age-keygen writes it), and run the command again.`,
  })
}

/** @param variable as above */
export function identityOther(file: string, variable: string): AuditError {
  return new AuditError('backup-encrypted', {
    what: phrase`${file} is encrypted with age, but not for the given key.`,
    why: phrase`Only the key of a recipient can decrypt it; its manifest lists the recipients.`,
    nextStep: phrase`Set ${variable} to the file with the key of one of them, and run the command again.`,
  })
}

/** @param why whole sentences */
export function identityUnusable(why: Phrase): AuditError {
  return new AuditError('identity-unusable', {
    what: phrase`The key that decrypts backups cannot be used.`,
    why,
    nextStep: phrase`Correct PRISMA_AUDIT_AGE_IDENTITY_FILE or PRISMA_AUDIT_AGE_IDENTITY. A key starts with AGE-SECRET-KEY-.`,
  })
}
