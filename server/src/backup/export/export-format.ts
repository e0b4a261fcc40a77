/**
 * Our own export: one gzip of SQL that psql runs as it is. The structure is pg_dump's, the rows are COPY's. Lines of comment
 * with a random mark, which no value can know beforehand, say where a part begins; the first line names the mark.
 */
export const FIRST_LINE = /^-- prisma-audit export 1 ([0-9a-f]{32})$/

export function firstLine(mark: string): string {
  return `-- prisma-audit export 1 ${mark}\n`
}

/** A part that follows. `copy` is JSON of `CopyPart`; `end` is the last line. */
export function partLine(mark: string, part: 'sql' | 'end' | CopyPart): string {
  return `-- ${mark} ${typeof part === 'string' ? part : `copy ${JSON.stringify(part)}`}\n`
}

export interface CopyPart {
  /** Quoted and qualified. */
  readonly table: string
  /** The statement `COPY … FROM stdin`, and how many lines it takes: names may have line breaks. */
  readonly statement: string
  readonly lines: number
}
