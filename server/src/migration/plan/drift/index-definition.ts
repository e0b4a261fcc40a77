import type { ExpectedIndex, ExpectedIndexColumn } from '../../../expected/model'
import { quoteIdentifier } from '../../../database/quote'

/** The text after ON and the table, as Prisma writes it; null if the condition in the schema cannot be parsed. */
export function indexDefinition(index: ExpectedIndex): string | null {
  if (index.isPartial && index.predicate === null) return null
  const columns = index.columns.map(indexColumn).join(', ')
  const method = index.method === 'btree' ? '' : `USING ${index.method} `
  return `${method}(${columns})${index.isPartial ? ` WHERE (${index.predicate ?? ''})` : ''}`
}

function indexColumn({ column, descending, operatorClass }: ExpectedIndexColumn): string {
  const parts = [quoteIdentifier(column)]
  if (operatorClass !== null) parts.push(operatorClassName(operatorClass))
  if (descending) parts.push('DESC')
  return parts.join(' ')
}

/** `JsonbPathOps` is `jsonb_path_ops`; the text in `raw("…")` is already PostgreSQL's name. */
function operatorClassName(name: string): string {
  if (!/^[A-Z]/.test(name)) return name
  const words = name.match(/[A-Z][a-z0-9]*/g) ?? []
  return words
    .map((word) => word.toLowerCase())
    .join('_')
    .replace('min_max', 'minmax')
    .replace('timestamp_tz', 'timestamptz')
    .replace('var_bit', 'varbit')
    .replace('time_tz', 'timetz')
}
