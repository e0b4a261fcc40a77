import type { Table } from '../../database/model'
import { titleOfColumns, titleOfRelation } from './titles'
import { fixedPhrase, phrase, type Phrase } from '../../text/phrase'

/**
 * Why no foreign key can reference these columns of a table, as PostgreSQL decides it: it needs a unique index on exactly
 * them, in any order, that is valid, without a condition, and not DEFERRABLE. A clause; null if one can.
 */
export function whyNoKey(table: Table, columns: readonly string[]): Phrase | null {
  const label = titleOfRelation(table)
  if (!HAVE_KEYS.has(table.kind))
    return phrase`${label} is a ${fixedPhrase(table.kind)}, which a foreign key cannot reference`
  const isExactly = (others: readonly (string | null)[]) =>
    others.length === columns.length && columns.every((column) => others.includes(column))
  const keys = table.indexes.filter(
    ({ unique, valid, predicate, columns: indexed }) =>
      unique && valid && predicate === null && isExactly(indexed.map(({ column }) => column)),
  )
  if (keys.some(({ isDeferrable }) => isDeferrable !== true)) return null
  const names = titleOfColumns({ schema: table.schema, table: table.name }, columns)
  if (keys.length > 0)
    return phrase`${names} is unique only by a DEFERRABLE constraint, which a foreign key cannot reference; recreate it NOT DEFERRABLE`
  return isExactly(table.primaryKey?.columns ?? [])
    ? null
    : phrase`${names} is not unique in the database, so a foreign key cannot reference it`
}

const HAVE_KEYS: ReadonlySet<Table['kind']> = new Set<Table['kind']>(['table', 'partitioned table', 'partition'])
