import type { DatabaseClient } from '../../../database/connect'
import { quoteLiteral } from '../../../database/quote'
import { journalNotTrusted } from './errors'
import { withTrustedRoles } from '../../../database/trusted-roles'
import trustQuery from './own-schema-trust.sql'
import { phraseOfFault } from '../../../text/fault-texts'
import { phrase } from '../../../text/phrase'

/**
 * The existing tables of the schema, after checking that no role with fewer privileges than the current one could have
 * written them, because their contents decide what runs with those privileges. Only the catalog is queried, never the
 * tables. Rejects with `journal-not-trusted`, which lists the problems and the owner.
 */
export async function requireTrusted(client: DatabaseClient, schema: OwnSchema): Promise<ReadonlySet<string>> {
  // Most databases lack one of them, and a run asks before each of its steps: planning the query below takes several
  // milliseconds each time.
  if (!(await ownSchemaExists(client, schema))) return new Set()
  const names = Object.keys(schema.tables)
  const { rows } = await client.query<TrustRow>(withTrustedRoles(trustQuery), [schema.name, names])
  const said = new Set(rows.flatMap(({ problem }) => (problem === null ? [] : [problem])))
  const problems = [...said].map(phraseOfFault)
  const owners = rows.flatMap(({ owner }) => (owner === null ? [] : [owner]))
  const role = rows[0]?.role ?? ''
  for (const { table, columns } of rows) {
    const expected = table === null ? undefined : schema.tables[table]
    if (expected === undefined || columns === null) continue
    const missing = expected.filter((column) => !columns.includes(column))
    const foreign = columns.filter((column) => !expected.includes(column))
    if (missing.length > 0) problems.push(phrase`the table ${`${schema.name}.${table ?? ''}`} lacks ${missing}`)
    if (foreign.length > 0) problems.push(phrase`the table ${`${schema.name}.${table ?? ''}`} has ${foreign}`)
  }
  if (problems.length > 0) throw journalNotTrusted(schema.name, problems, owners[0] ?? null, role)
  return new Set(rows.flatMap(({ table }) => (table === null ? [] : [table])))
}

/** By its name, whoever owns it. */
export async function ownSchemaExists(client: DatabaseClient, { name }: Pick<OwnSchema, 'name'>): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    `SELECT pg_catalog.to_regnamespace(${quoteLiteral(name)}) IS NOT NULL AS found`,
  )
  return rows[0]?.found === true
}

/** A schema that we create when needed and drop when it is empty; its comment marks it as ours. */
export interface OwnSchema {
  readonly name: 'prisma_audit' | 'prisma_audit_kept'
  readonly comment: string
  /** Its tables, and the columns of each in any order. */
  readonly tables: Readonly<Record<string, readonly string[]>>
  /** Tables that were added in later versions: the schema counts as existing without them. */
  readonly optional?: readonly string[]
}

interface TrustRow {
  /** The role that runs. */
  readonly role: string
  /** A phrase; null if the row only says that the table exists. */
  readonly problem: string | null
  /** The owner, if the problem is a wrong owner. */
  readonly owner: string | null
  readonly table: string | null
  readonly columns: readonly string[] | null
}
