import { quoteIdentifier } from '../../database/quote'
import type { BackupScope } from '../backup-way'

/** What pg_dump is told of the scope. It takes patterns; between double quotes all is literal. */
export function scopeArguments({ kind, tables }: BackupScope): string[] {
  if (kind === 'structure') return ['--schema-only']
  return tables.map(({ schema, table }) => `--table=${quoteIdentifier(schema)}.${quoteIdentifier(table)}`)
}
