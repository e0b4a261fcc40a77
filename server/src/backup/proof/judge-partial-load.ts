import { quoteQualified } from '../../database/quote'
import type { RefusedStatement } from '../backup-way'
import type { TableContents } from '../contents/model'
import { canonicalName } from '../sql/qualified-name'
import { firstOf } from '../../text/bounded-list'
import { phrase, type Phrase } from '../../text/phrase'
import { rowsPhrase, tablesPhrase } from '../contents/describe-tables'
import { rowsDiffer, valuesDiffer } from './compare-contents'

/**
 * What is proven if an embedded server loaded a backup but rejected parts of it: the tables with equal rows, and what
 * remains unproven. The proof fails if a table's rows differ from the database's and no rejected statement explains it.
 *
 * @param given.expected null if not recorded
 * @param given.refused not empty
 */
export function judgePartialLoad(given: {
  readonly expected: readonly TableContents[] | null
  readonly loaded: readonly TableContents[]
  readonly refused: readonly RefusedStatement[]
}): { readonly outcome: 'failed' | 'not proven'; readonly detail: Phrase } {
  const { expected, refused } = given
  const reasons = refused.map(({ statement, reason }) => `${nameOf(statement)} (${reason})`)
  const said = phrase`it refused ${firstOf([...new Set(reasons)], '; ')}`
  if (expected === null)
    return {
      outcome: 'not proven',
      detail: phrase`loaded into an embedded PostgreSQL; the original contents were not recorded; ${said}`,
    }
  const loaded = new Map(given.loaded.map((table) => [canonicalName(table.name), table]))
  const excused = new Set(refused.flatMap(({ statement }) => tableOf(statement) ?? []))
  const proven: TableContents[] = []
  for (const table of expected) {
    const name = canonicalName(table.name)
    const found = loaded.get(name)
    if (found?.rows === table.rows && found.hash === table.hash) proven.push(table)
    else if (!excused.has(name.replace(/[\r\n]/g, ' '))) {
      const detail =
        found?.rows === table.rows
          ? valuesDiffer(table.name, table.rows)
          : rowsDiffer(table.name, table.rows, found?.rows ?? 0)
      return { outcome: 'failed', detail }
    }
  }
  const rows = proven.reduce((sum, table) => sum + table.rows, 0)
  const words =
    expected.length === 0
      ? phrase`the database has no tables, so there are no rows to compare`
      : proven.length === 0
        ? phrase`no table could be loaded into an embedded PostgreSQL`
        : phrase`loaded into an embedded PostgreSQL: ${proven.length} of ${tablesPhrase(expected.length)} with ${rowsPhrase(rows)}, equal to the database when it was backed up`
  return { outcome: 'not proven', detail: phrase`${words}; ${said}` }
}

/** The table that is missing or differs because of the statement, from pg_dump's comment. */
function tableOf(statement: string): string | null {
  const [, name, schema = ''] =
    /^-- (?:Data for )?Name: (.*); Type: TABLE(?: DATA)?; Schema: (.*); Owner: /m.exec(statement) ?? []
  return name === undefined ? null : quoteQualified(schema, name)
}

/** The object in pg_dump's comment before the statement, such as `TABLE User`; otherwise the statement's first line. */
function nameOf(statement: string): string {
  const [, name, type = ''] = /^-- (?:Data for )?Name: (.*); Type: (.*); Schema: /m.exec(statement) ?? []
  if (name !== undefined) return `${type} ${name}`
  const firstLine = statement.split('\n').find((line) => line !== '' && !line.startsWith('--')) ?? statement
  return firstLine.slice(0, 80)
}
