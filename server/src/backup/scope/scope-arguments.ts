import { quoteIdentifier } from '../../database/quote'
import type { BackupScope } from '../backup-way'

/** pg_dump's arguments for the scope. It accepts patterns; between double quotes everything is literal. */
export function scopeArguments({ kind, tables }: BackupScope): string[] {
  if (kind === 'structure') return ['--schema-only']
  return tables.map(({ schema, table }) => `--table=${quoteIdentifier(schema)}.${quoteIdentifier(table)}`)
}
