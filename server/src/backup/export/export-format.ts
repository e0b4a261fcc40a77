import { copiedTable } from '../sql/copied-columns'

/**
 * Our own export format: one gzip of SQL that psql can run directly. The structure is from pg_dump, the rows from COPY.
 * Comment lines with a random mark, which no value can predict, separate the parts; the first line names the mark.
 */
export const FIRST_LINE = /^-- prisma-audit export 1 ([0-9a-f]{32})$/

export function firstLine(mark: string): string {
  return `-- prisma-audit export 1 ${mark}\n`
}

/** The following part. `copy` is JSON of `CopyPart`; `end` is the last line. */
export function partLine(mark: string, part: 'sql' | 'end' | CopyPart): string {
  return `-- ${mark} ${typeof part === 'string' ? part : `copy ${JSON.stringify(part)}`}\n`
}

export interface CopyPart {
  /** Quoted and qualified. */
  readonly table: string
  /** The statement `COPY … FROM stdin`, and its number of lines: names may contain line breaks. */
  readonly statement: string
  readonly lines: number
}

/** Null for anything except rows for a table. */
export function parseCopyPart(part: string): CopyPart | null {
  try {
    const { table, statement, lines } = JSON.parse(part.replace(/^copy /, '')) as Partial<CopyPart>
    if (typeof table !== 'string' || typeof statement !== 'string') return null
    return copiedTable(statement) === table && lines === statement.split('\n').length
      ? { table, statement, lines }
      : null
  } catch {
    return null
  }
}
