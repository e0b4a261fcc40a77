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
  const head = ['-- Made by Prisma Audit. Can be run again: existing objects are left unchanged.']
  if (alone) {
    head.push('-- The only statement of its file, so that Prisma runs it outside a transaction.')
  } else {
    head.push(
      '-- Give up after 5 s instead of making other sessions queue behind this one.',
      `SET LOCAL lock_timeout = '5s';`,
    )
    if (first !== null) {
      head.push('', '-- For small tables only: fails on large ones before it takes a lock.', `${first};`)
      head.push(
        '-- Otherwise pending deferred triggers of filled rows would block ALTER TABLE.',
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
  '-- If it is interrupted, it leaves an invalid index, and IF NOT EXISTS would skip that:',
  '-- drop it with DROP INDEX CONCURRENTLY before you mark the migration as rolled back and deploy it again.',
]
