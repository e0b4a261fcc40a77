import { AuditError } from '../errors'
import { phrase, type Phrase } from '../text/phrase'

/** Identifies a file that is not one of our backups by its beginning, and says what to do with it. */
export interface ForeignFile {
  readonly what: Phrase
  readonly nextStep: Phrase
}

export function backupUnknownFormat(file: string, { what, nextStep }: ForeignFile): AuditError {
  return new AuditError('backup-unknown-format', {
    what: phrase`${file} is not a backup that Prisma Audit can read.`,
    why: what,
    nextStep,
  })
}

/** @param start the first bytes, as Latin-1 */
export function foreignFile(start: string): ForeignFile {
  if (start.startsWith('-----BEGIN AGE ENCRYPTED FILE-----')) {
    return {
      what: phrase`It is an ASCII-armored age file.`,
      nextStep: phrase`Decrypt it with \`age --decrypt\` first.`,
    }
  }
  if (start.startsWith('toc.dat\0')) {
    return { what: phrase`It is a pg_dump archive in tar format.`, nextStep: phrase`Restore it with \`pg_restore\`.` }
  }
  if (start.includes('-- PostgreSQL database cluster dump')) {
    return { what: phrase`It is a pg_dumpall dump of a whole server.`, nextStep: phrase`Restore it with \`psql\`.` }
  }
  if (start.startsWith('\xff\xfe')) {
    return {
      what: phrase`It is UTF-16 text, as PowerShell writes for \`pg_dump > FILE\`, which destroys an archive.`,
      nextStep: phrase`Dump again with \`pg_dump --file FILE\`. Convert an SQL dump to UTF-8 and run it with \`psql\`.`,
    }
  }
  const compressed = COMPRESSED.find(({ mark }) => start.startsWith(mark))
  if (compressed !== undefined) {
    return {
      what: phrase`It is compressed (${compressed.name}).`,
      nextStep: phrase`Decompress it with \`${compressed.command}\`, and use the result.`,
    }
  }
  return {
    what: phrase`It does not start like a pg_dump archive or dump: its beginning is damaged, or it is another kind of file.`,
    nextStep: phrase`Use another backup. To run an SQL file, use \`psql\`.`,
  }
}

/** Other common compression formats besides gzip, by their first bytes. */
const COMPRESSED = [
  { mark: '\x28\xb5\x2f\xfd', name: 'zstd', command: 'zstd --decompress' },
  { mark: '\xfd7zXZ\0', name: 'xz', command: 'xz --decompress' },
  { mark: 'BZh', name: 'bzip2', command: 'bzip2 --decompress' },
  { mark: '\x04\x22\x4d\x18', name: 'lz4', command: 'lz4 -d' },
  { mark: 'PK\x03\x04', name: 'zip', command: 'unzip' },
  { mark: '7z\xbc\xaf\x27\x1c', name: '7-Zip', command: '7z x' },
]

/** @param line the first line of the uncompressed content */
export function foreignGzip(line: string): ForeignFile {
  if (line.startsWith('PGDMP')) {
    return {
      what: phrase`It is a pg_dump archive that another program compressed.`,
      nextStep: phrase`Decompress it with \`gunzip\`, and use the result.`,
    }
  }
  return line === '--' || line.startsWith('-- PostgreSQL database')
    ? {
        what: phrase`It is an SQL dump that another program compressed.`,
        nextStep: phrase`Restore it with \`gunzip --stdout FILE | psql\`.`,
      }
    : { what: phrase`Its compressed content is not a Prisma Audit export.`, nextStep: phrase`Use another backup.` }
}

export const DUMP_FOR_PSQL: ForeignFile = {
  what: phrase`It is a plain SQL dump by pg_dump for psql, with COPY or psql commands.`,
  nextStep: phrase`Restore it with \`psql --file FILE\`.`,
}
