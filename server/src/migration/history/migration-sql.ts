import { sqlComment } from '../../text/data-text'
import { unqualify } from './unqualify'

/** One step of a `migration.sql`. */
export interface MigrationPart {
  readonly title: string
  readonly explanation: string
  /** Each complete without its semicolon. */
  readonly statements: readonly string[]
}

export interface MigrationSqlOptions {
  /** See `unqualify`. */
  readonly leaveOut: string | null
  /** The only statement of the file, since it cannot run in a transaction. */
  readonly alone: boolean
  /** A statement before all others; null or left out for none. */
  readonly first?: string | null
}

/**
 * The text of a `migration.sql` as Prisma carries it out: no commands of psql, one transaction, or one statement outside
 * of any. It holds no name and no time of its own, so equal migrations have equal checksums.
 */
export function renderMigrationSql(
  parts: readonly MigrationPart[],
  { leaveOut, alone, first = null }: MigrationSqlOptions,
): string {
  const head = ['-- Made by Prisma Audit. Safe to run again: what is there already is left as it is.']
  if (alone) {
    head.push('-- Alone in its file, so that Prisma runs it outside a transaction, as it must be.')
  } else {
    head.push(
      '-- Give up rather than make others queue behind a lock that we wait for.',
      `SET LOCAL lock_timeout = '5s';`,
    )
    if (first !== null) {
      head.push('', '-- For small tables only: it refuses before it takes a lock.', `${first};`)
      head.push(
        '-- Or a deferred trigger of a filled row would keep its table from being altered.',
        'SET CONSTRAINTS ALL IMMEDIATE;',
      )
    }
  }
  const sections = parts.map(({ title, explanation, statements }) => {
    const lines = [`-- ${sqlComment(title)}.`, `-- ${sqlComment(explanation)}`]
    if (alone && statements.some((statement) => /\bINDEX\s+CONCURRENTLY\b/i.test(statement))) lines.push(...IF_IT_FAILS)
    return [...lines, ...statements.map((statement) => `${statement};`)].join('\n')
  })
  return `${unqualify([head.join('\n'), ...sections].join('\n\n'), leaveOut)}\n`
}

const IF_IT_FAILS = [
  '-- Should it break off, it leaves an index that is invalid, and IF NOT EXISTS would take that for the index:',
  '-- drop it by DROP INDEX CONCURRENTLY before the migration is marked as rolled back and deployed again.',
]
