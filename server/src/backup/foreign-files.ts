import { AuditError } from '../errors'

/** What a file is that is no backup of ours, as far as its beginning tells, and what to do with it. */
export interface ForeignFile {
  readonly what: string
  readonly nextStep: string
}

export function backupUnknownFormat(file: string, { what, nextStep }: ForeignFile): AuditError {
  return new AuditError('backup-unknown-format', {
    what: `${file} is not a backup that Prisma Audit can read.`,
    why: what,
    nextStep,
  })
}

/** @param start the first bytes, as Latin-1 */
export function foreignFile(start: string): ForeignFile {
  if (start.startsWith('-----BEGIN AGE ENCRYPTED FILE-----')) {
    return { what: 'It is an ASCII-armored age file.', nextStep: 'Decrypt it with `age --decrypt` first.' }
  }
  if (start.startsWith('toc.dat\0')) {
    return { what: 'It is a pg_dump archive in tar format.', nextStep: 'Restore it with `pg_restore`.' }
  }
  if (start.includes('-- PostgreSQL database cluster dump')) {
    return { what: 'It is a pg_dumpall dump of a whole server.', nextStep: 'Restore it with `psql`.' }
  }
  return {
    what: 'It does not start like a pg_dump archive or dump: its beginning is damaged, or it is another kind of file.',
    nextStep: 'Use another backup. To run an SQL file, use `psql`.',
  }
}

export const FOREIGN_FOLDER: ForeignFile = {
  what: 'It is a pg_dump archive in directory format.',
  nextStep: 'Restore it with `pg_restore`.',
}

/** @param line the first one of what is compressed */
export function foreignGzip(line: string): ForeignFile {
  return line === '--' || line.startsWith('-- PostgreSQL database')
    ? {
        what: 'It is an SQL dump that another program compressed.',
        nextStep: 'Restore it with `gunzip --stdout FILE | psql`.',
      }
    : { what: 'Its compressed content is not a Prisma Audit export.', nextStep: 'Use another backup.' }
}

export const DUMP_WITH_COPY: ForeignFile = {
  what: 'It is a plain SQL dump by pg_dump, with COPY.',
  nextStep: 'Restore it with `psql --file FILE`.',
}
