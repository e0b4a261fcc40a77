import { counted } from '../../text/amounts'
import type { BackupScope } from '../backup-way'
import type { DatabaseContents } from './model'

/** `3 tables with 12 rows`; without rows for a structure: `3 tables`. */
export function describeTables(
  { tables, objects }: Pick<DatabaseContents, 'tables' | 'objects'>,
  scope: BackupScope['kind'],
): string {
  if (scope === 'structure') return counted(objects.filter(({ kind }) => kind === 'table').length, 'table')
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  return `${counted(tables.length, 'table')} with ${counted(rows, 'row')}`
}
