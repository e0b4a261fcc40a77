import { quoteIdentifier } from '../../database/quote'
import { backupProofFailed } from './errors'
import type { RowCounts } from '../contents/row-counts'

/**
 * What it proves that a dump was loaded, in words: of which tables the rows are equal, and what is not proven.
 *
 * @param given.notLoaded the statements that the embedded server refused
 * @throws AuditError `backup-proof-failed` where a table has other rows than the database's, and no refusal of its own
 *   CREATE TABLE is the reason
 */
export function judgeLoadedRows(given: {
  readonly path: string
  readonly expected: RowCounts
  readonly loaded: RowCounts
  readonly notLoaded: readonly { readonly statement: string; readonly reason: string }[]
}): string {
  const { expected, loaded, notLoaded } = given
  // A table is missing for a reason only where its own CREATE TABLE was refused.
  const excused = new Set(notLoaded.flatMap(({ statement }) => tablesOf(statement)))
  const missing: string[] = []
  for (const [table, rows] of expected) {
    const found = loaded.get(table)
    if (found === rows) continue
    if (found === undefined && excused.has(table)) missing.push(table)
    else
      throw backupProofFailed(
        given.path,
        `${table} has ${String(rows)} rows in the database and ${String(found ?? 0)} in the backup.`,
      )
  }
  const proven = [...expected].filter(([table]) => !missing.includes(table))
  const rows = proven.reduce((sum, [, count]) => sum + count, 0)
  const count = missing.length === 0 ? String(proven.length) : `${String(proven.length)} of ${String(expected.size)}`
  const words =
    expected.size === 0
      ? 'loaded into an embedded PostgreSQL; the database has no tables, so there are no rows to compare'
      : proven.length === 0
        ? `none of the ${String(expected.size)} tables could be loaded into an embedded PostgreSQL, so nothing is proven of their rows`
        : `loaded into an embedded PostgreSQL: ${count} tables with ${String(rows)} rows, equal to the database's`
  if (notLoaded.length === 0) return words
  const reasons = notLoaded.slice(0, 5).map(({ statement, reason }) => `${nameOf(statement)} (${reason})`)
  const more = notLoaded.length > 5 ? ` and ${String(notLoaded.length - 5)} more` : ''
  return `${words}; NOT proven, since the embedded server does not know them: ${reasons.join(', ')}${more}`
}

/** The table that it would have made, by the ways in which its name can be spelled in `RowCounts`; pg_dump's comment tells. PostgreSQL quotes a name only where it has to. */
function tablesOf(statement: string): string[] {
  const comment = /^-- Name: (.*); Type: TABLE; Schema: (.*); Owner: /m.exec(statement)
  if (comment === null) return []
  const [, name = '', schema = ''] = comment
  return [schema, quoteIdentifier(schema)].flatMap((first) => [`${first}.${name}`, `${first}.${quoteIdentifier(name)}`])
}

/** The object as pg_dump's comment before the statement names it: `TABLE User`; else the statement's first line. */
function nameOf(statement: string): string {
  const [, name, type = ''] = /^-- (?:Data for )?Name: (.*); Type: (.*); Schema: /m.exec(statement) ?? []
  if (name !== undefined) return `${type} ${name}`
  const firstLine = statement.split('\n').find((line) => line !== '' && !line.startsWith('--')) ?? statement
  return firstLine.slice(0, 80)
}
