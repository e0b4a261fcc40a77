import { Secrets } from '../database/secrets'
import { AuditError, describeError } from '../errors'
import { sweepTemporaryFolders } from '../files/temporary-folders'
import { EXIT } from './exit-codes'
import { TerminalWriter } from './terminal-writer'
import { untranslated } from '../text/phrase'

/**
 * Says that the process of a backup or a restore has crashed, and deletes the unfinished files that it left behind.
 *
 * @param how a signal, or an exit code
 */
export function tellCrash(how: string): void {
  sweepTemporaryFolders()
  new TerminalWriter(process.stderr, new Secrets()).writeError(describeError(processCrashed(how)))
  process.exitCode = EXIT.impossible
}

function processCrashed(how: string): AuditError {
  return new AuditError('process-crashed', {
    what: untranslated`The process that ran the command ended unexpectedly (${how}).`,
    why: [
      untranslated`It was killed, or it ran out of memory: "heap out of memory" above means its own limit, by default 1 GB.`,
      untranslated`An unfinished backup was deleted. An unfinished restore leaves the database as it was, and a new one that it was`,
      untranslated`loading (prisma_audit_scratch_…) is dropped by the next restore into a new database, or backup with level 3.`,
    ],
    nextStep: untranslated`Run the command again. To allow 4 GB, set NODE_OPTIONS to --max-old-space-size=4096.`,
  })
}
