import type { DatabaseClient } from '../../../database/connect'
import { journalNotTrusted } from './errors'
import { withTrustedRoles } from '../../../database/trusted-roles'
import trustQuery from './own-schema-trust.sql'

/**
 * The tables of the schema that are there, once it is certain that nobody could have written them who may do less than
 * the role that runs: what they say decides what is done with the privileges of that role. Only the catalog is asked, never
 * the tables. Rejects with `journal-not-trusted`, which names what is wrong and who owns it.
 */
export async function requireTrusted(client: DatabaseClient, schema: OwnSchema): Promise<ReadonlySet<string>> {
  const names = Object.keys(schema.tables)
  const { rows } = await client.query<TrustRow>(withTrustedRoles(trustQuery), [schema.name, names])
  const problems = rows.flatMap(({ problem }) => (problem === null ? [] : [problem]))
  const owners = rows.flatMap(({ owner }) => (owner === null ? [] : [owner]))
  const role = rows[0]?.role ?? ''
  for (const { table, columns } of rows) {
    const expected = table === null ? undefined : schema.tables[table]
    if (expected === undefined || columns === null) continue
    const missing = expected.filter((column) => !columns.includes(column))
    const foreign = columns.filter((column) => !expected.includes(column))
    if (missing.length > 0) problems.push(`the table ${schema.name}.${table ?? ''} lacks ${missing.join(', ')}`)
    if (foreign.length > 0) problems.push(`the table ${schema.name}.${table ?? ''} has ${foreign.join(', ')}`)
  }
  if (problems.length > 0) throw journalNotTrusted(schema.name, [...new Set(problems)], owners[0] ?? null, role)
  return new Set(rows.flatMap(({ table }) => (table === null ? [] : [table])))
}

/** A schema that we make when it is needed and drop when nothing is left in it; the comment marks it as ours. */
export interface OwnSchema {
  readonly name: 'prisma_audit' | 'prisma_audit_kept'
  readonly comment: string
  /** Its tables, and the columns of each in any order. */
  readonly tables: Readonly<Record<string, readonly string[]>>
  /** Of these tables, those that came later: it counts as there without them. */
  readonly optional?: readonly string[]
}

interface TrustRow {
  /** The role that runs. */
  readonly role: string
  /** A phrase; null where the row says no more than that the table is there. */
  readonly problem: string | null
  /** Of what is wrong, where it belongs to the wrong role. */
  readonly owner: string | null
  readonly table: string | null
  readonly columns: readonly string[] | null
}
