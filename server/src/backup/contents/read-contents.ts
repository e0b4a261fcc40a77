import type { DatabaseClient } from '../../database/connect'
import { WITHOUT_TIMEOUTS } from '../../database/session-settings'
import { WHOLE_DATABASE, type BackupScope } from '../backup-way'
import { hasRowsInScope, isObjectInScope } from './within-scope'
import largeObjectsQuery from './large-objects.sql'
import type { DatabaseContents, ObjectKind, TableContents } from './model'
import { hasObject, readObjects } from './read-objects'
import { releasingLocks, visitReleasingLocks } from './releasing-locks'
import { readSequences, readTables, type StoredTable } from './relations'

/**
 * Reads everything that is compared, in the client's transaction. The rows of each table are read once: their number
 * and a hash that does not depend on their order, so that it is equal after a restore on any server.
 *
 * @param onTable called before each table, with the number of completed ones
 * @param scope everything outside is skipped
 * @param given from `tablesWithRows`, if they were needed before; the client is then in a transaction, whose locks on
 *   them are given up
 */
export async function readContents(
  client: DatabaseClient,
  onTable: (name: string, done: number, count: number) => void = () => undefined,
  scope: BackupScope = WHOLE_DATABASE,
  given: readonly StoredTable[] | null = null,
): Promise<DatabaseContents> {
  const stored = given ?? (await tablesWithRows(client, scope))
  for (const setting of [WITHOUT_TIMEOUTS, ...SPELLING]) await client.query(setting)
  const version = await client.query<{ number: string }>(
    `SELECT pg_catalog.current_setting('server_version_num') AS number`,
  )
  const tables: TableContents[] = []
  const visit = async (table: StoredTable) => {
    onTable(table.name, tables.length, stored.length)
    tables.push(await readTable(client, table))
  }
  if (given !== null) await visitReleasingLocks(client, given, visit)
  else for (const table of stored) await visit(table)
  const readOthers = async () => {
    const sequences = scope.kind === 'database' ? await readSequences(client) : []
    return {
      largeObjects: scope.kind === 'database' ? await readLargeObjects(client) : null,
      sequences: Array.from(sequences, ([name, value]) => ({ name, before: value, after: value })),
      objects: (await readObjects(client)).filter((object) => isObjectInScope(scope, object)),
    }
  }
  const others = await (given === null ? readOthers() : releasingLocks(client, readOthers))
  return { serverMajor: Math.floor(Number(version.rows[0]?.number) / 10_000), tables, ...others }
}

/** The tables whose rows are in the backup. Only the catalog is queried. */
export async function tablesWithRows(client: DatabaseClient, scope: BackupScope): Promise<StoredTable[]> {
  return (await readTables(client)).filter(({ name }) => hasRowsInScope(scope, name))
}

/** Whether it has one of the objects of `namesOfContents`. */
export async function hasContents(client: DatabaseClient): Promise<boolean> {
  return await hasObject(client, [...STANDS])
}

/** The names of the objects that make a database non-empty: relations, types and functions. */
export async function namesOfContents(client: DatabaseClient): Promise<string[]> {
  return (await readObjects(client)).filter(({ kind }) => STANDS.has(kind)).map(({ name }) => name)
}

const STANDS: ReadonlySet<ObjectKind> = new Set([
  ...(['table', 'view', 'materialized view', 'sequence', 'function', 'type'] as const),
])

/** The settings that affect how values are written; a database may have its own. */
const SPELLING = [
  `SET DateStyle = 'ISO, MDY'`,
  `SET IntervalStyle = 'postgres'`,
  `SET TimeZone = 'UTC'`,
  `SET extra_float_digits = 1`,
  `SET bytea_output = 'hex'`,
  `SET lc_monetary = 'C'`,
]

/** The sum of a 64-bit hash of each row, which is a hash of the hashes of its columns. */
async function readTable(client: DatabaseClient, { name, hashes, source }: StoredTable): Promise<TableContents> {
  const { rows } = await client.query<{ count: string; hash: string }>(`
    SELECT pg_catalog.count(*)::pg_catalog.text AS count,
      COALESCE(pg_catalog.sum(pg_catalog.hash_array_extended(ARRAY[${hashes}]::pg_catalog.int8[], 0)), 0)::pg_catalog.text AS hash
    FROM ${source}`)
  const [sums] = rows
  if (sums === undefined) throw new Error('A count returned no row.')
  return { name, rows: Number(sums.count), hash: BigInt.asUintN(96, BigInt(sums.hash)).toString(16).padStart(24, '0') }
}

async function readLargeObjects(client: DatabaseClient): Promise<DatabaseContents['largeObjects']> {
  const { rows } = await client.query<{ count: string; hash: string | null }>(largeObjectsQuery)
  const count = Number(rows[0]?.count ?? 0)
  return count === 0 ? null : { count, hash: rows[0]?.hash ?? '' }
}
