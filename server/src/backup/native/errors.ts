import { AuditError } from '../../errors'
import { BUILT_IN_VERSION } from '../built-in/version'
import { archiveUnreadable } from '../errors'
import { linesOf } from '../../text/safe-text'
import type { FoundPrograms, RejectedProgram } from './find-pg-dumps'
import { oneByOne, phrase, type Phrase } from '../../text/phrase'
import { sizeWords } from '../../text/size-words'

export function imageNotPulled(
  { engine, image }: { readonly engine: string; readonly image: string },
  reason: string | Phrase,
): AuditError {
  return new AuditError('pg-dump-missing', {
    what: phrase`Could not pull the image ${image}.`,
    why: typeof reason === 'string' ? linesOf(reason) : reason,
    nextStep: phrase`Run \`${engine} pull ${image}\` yourself, or install the PostgreSQL client programs, and try again.`,
  })
}

/** `COPY … FROM PROGRAM`, or another statement behind a COPY: pg_restore would run both. */
export function copiesMoreThanRows(file: string): AuditError {
  return archiveUnreadable(
    file,
    phrase`It contains a COPY of something other than its rows, which pg_dump does not write.`,
  )
}

/** Our own sessions use UTF-8, like everything here. */
export function archiveEncoding(file: string, encoding: string): AuditError {
  return new AuditError('restore-failed', {
    what: phrase`${file} cannot be restored over a database.`,
    why: phrase`Its encoding is ${encoding}, which only pg_restore can convert.`,
    nextStep: phrase`Restore it into a new database (without --over). Nothing was changed.`,
  })
}

/** A major version that was released after this version of ours. */
export function serverNewerThanBuiltIn(given: {
  readonly serverVersion: string
  readonly serverMajor: number
  readonly builtInVersion: string
  readonly rejected: readonly RejectedProgram[]
  readonly lookedIn: FoundPrograms['lookedIn']
}): AuditError {
  const { serverVersion, serverMajor, builtInVersion, rejected, lookedIn } = given
  const found = rejected.map(({ path, reason }) => phrase`${path} ${reason}`)
  return new AuditError('backup-needs-pg-dump', {
    what: phrase`A backup of PostgreSQL ${serverVersion} needs pg_dump ${String(serverMajor)} or newer, but none is installed.`,
    why: phrase`${phrase`pg_dump cannot dump a server newer than itself, and the built-in one is ${builtInVersion}.`} ${whereLooked(found, lookedIn)} ${phrase`check, plan, migrate, verify and rollback work without it.`}`,
    nextStep: [
      phrase`Install pg_dump ${serverMajor}, and try again. ${installHint(serverMajor, process.platform)}`,
      phrase`Or pull the image that contains it (\`docker pull postgres:${serverMajor}\`, or podman), which is then used.`,
      phrase`Or back up with your provider, and migrate with --no-backup.`,
    ],
  })
}

export function noPgDump(given: {
  readonly survey: { readonly serverVersion: string; readonly serverMajor: number; readonly bytes: number }
  readonly rejected: readonly RejectedProgram[]
  readonly lookedIn: FoundPrograms['lookedIn']
  /** The limit of the built-in pg_dump, in bytes. */
  readonly limit: number
}): AuditError {
  const { survey, rejected, lookedIn, limit } = given
  const found = rejected.map(({ path, reason }) => phrase`${path} ${reason}`)
  const size = phrase`The database has ${sizeWords(survey.bytes)}; the built-in pg_dump supports at most ${sizeWords(limit)}.`
  return new AuditError('pg-dump-missing', {
    what: phrase`No pg_dump found that can back up PostgreSQL ${survey.serverVersion}.`,
    why: survey.bytes > limit ? phrase`${whereLooked(found, lookedIn)} ${size}` : whereLooked(found, lookedIn),
    nextStep: phrase`Install the client programs of PostgreSQL ${String(survey.serverMajor)} or newer and try again, or set "prismaAudit.pgDumpPath". ${installHint(survey.serverMajor, process.platform)}`,
  })
}

function whereLooked(found: readonly Phrase[], lookedIn: FoundPrograms['lookedIn']): Phrase {
  return found.length === 0
    ? phrase`None was found. Looked in: ${lookedIn}.`
    : phrase`Found: ${oneByOne(found)}. Looked in: ${lookedIn}.`
}

function installHint(major: number, platform: NodeJS.Platform): Phrase {
  const version = String(major)
  if (platform === 'darwin') return phrase`With Homebrew: brew install postgresql@${version}.`
  if (platform === 'win32') return phrase`With winget: winget install PostgreSQL.PostgreSQL.${version}.`
  return phrase`On Debian and Ubuntu: apt install postgresql-client-${version} (newer ones from apt.postgresql.org); on Fedora and RHEL: dnf install postgresql${version}.`
}

export function noPgRestore(given: {
  /** The major version of the target server, or of the pg_dump that wrote it; 0: any. */
  readonly neededMajor: number
  readonly rejected: readonly RejectedProgram[]
  readonly lookedIn: FoundPrograms['lookedIn']
}): AuditError {
  const { neededMajor, rejected, lookedIn } = given
  const found = rejected.map(({ path, reason }) => phrase`${path} ${reason}`)
  const major = neededMajor === 0 ? Number.parseInt(BUILT_IN_VERSION, 10) : neededMajor
  return new AuditError('pg-restore-missing', {
    what:
      neededMajor === 0
        ? phrase`This backup needs pg_restore, but none was found.`
        : phrase`This backup needs pg_restore ${neededMajor} or newer, but none was found.`,
    why: whereLooked(found, lookedIn),
    nextStep: phrase`Install the client programs of PostgreSQL ${major} or newer. ${installHint(major, process.platform)}`,
  })
}
