import { phrase, type Phrase } from '../../text/phrase'
import type { BackupScope } from '../backup-way'
import type { DatabaseContents } from './model'

/** `3 tables with 12 rows`; without rows for a structure: `3 tables`. */
export function describeTables(
  { tables, objects }: Pick<DatabaseContents, 'tables' | 'objects'>,
  scope: BackupScope['kind'],
): Phrase {
  if (scope === 'structure') return tablesPhrase(objects.filter(({ kind }) => kind === 'table').length)
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  return phrase`${tablesPhrase(tables.length)} with ${rowsPhrase(rows)}`
}

export function tablesPhrase(count: number): Phrase {
  return count === 1 ? phrase`1 table` : phrase`${count} tables`
}

export function rowsPhrase(count: number): Phrase {
  return count === 1 ? phrase`1 row` : phrase`${count} rows`
}

export function largeObjectsPhrase(count: number): Phrase {
  return count === 1 ? phrase`1 large object` : phrase`${count} large objects`
}
