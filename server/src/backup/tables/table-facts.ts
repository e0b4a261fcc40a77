import { phrase, type Phrase } from '../../text/phrase'
import type { DatabaseClient } from '../../database/connect'
import { tableNotRestorable } from './errors'
import factsQuery from './table-facts.sql'

/** Facts about a table whose rows are compared with those of a backup. */
export interface TableFacts {
  readonly schema: string
  readonly table: string
  readonly oid: string
  /** As PostgreSQL quotes it: `public."User"`. */
  readonly name: string
  readonly columns: readonly TableColumn[]
  /** Columns that identify a row. */
  readonly key: readonly string[]
  /** User triggers that are not disabled, with `tgenabled`. */
  readonly triggers: readonly { readonly name: string; readonly state: string }[]
  readonly referrers: readonly Referrer[]
}

export interface TableColumn {
  readonly name: string
  readonly isGenerated: boolean
  readonly isAlwaysIdentity: boolean
  /** Quoted; null if it has none of its own. */
  readonly sequence: string | null
}

/** A foreign key that references the table; the actions as in `pg_constraint`. */
export interface Referrer {
  readonly oid: string
  readonly table: string
  readonly onDelete: string
  readonly onUpdate: string
  readonly columns: readonly string[]
  readonly referenced: readonly string[]
}

/** Throws `table-not-restorable` if the rows cannot be compared or written individually. */
export async function readTableFacts(
  client: DatabaseClient,
  { schema, table }: { readonly schema: string; readonly table: string },
): Promise<TableFacts> {
  const { rows } = await client.query<Omit<TableFacts, 'schema' | 'table'> & { kind: string; hasRules: boolean }>(
    factsQuery,
    [schema, table],
  )
  const [row] = rows
  const refuse = (why: Phrase, name = `${schema}.${table}`) => tableNotRestorable(name, why)
  if (row === undefined) throw refuse(phrase`The database has no such table.`)
  const { kind, hasRules, ...facts } = row
  if (kind === 'p') throw refuse(phrase`It is partitioned: specify its partitions, which hold the rows.`, facts.name)
  if (kind !== 'r') throw refuse(phrase`It is not a table.`, facts.name)
  if (hasRules) throw refuse(phrase`It has rules, which would rewrite what is written into it.`, facts.name)
  if (facts.key.length === 0)
    throw refuse(phrase`It has neither a primary key nor a unique key over NOT NULL columns.`, facts.name)
  return { ...facts, schema, table }
}
