import type { DatabaseClient } from '../database/connect'
import { isRejection } from '../database/database-errors'
import type { DatabaseModel, ForeignKey, Table } from '../database/model'
import { quoteIdentifier, quoteQualified } from '../database/quote'
import { messageLine } from '../errors'
import { planRows } from './plan-rows'

export interface FilledTable {
  /** Quoted. */
  readonly table: string
  readonly rows: number
  /** Why it is empty; null if it is not. */
  readonly reason: string | null
}

/**
 * Inserts generated rows into all tables of one of our own databases. Foreign keys are not checked during the inserts,
 * because tables may reference each other. Afterwards each key is checked, and a table whose rows violate one is
 * emptied.
 */
export async function fillTables(
  client: DatabaseClient,
  database: Pick<DatabaseModel, 'tables' | 'enums'>,
): Promise<FilledTable[]> {
  const filled = new Map<Table, FilledTable>()
  await client.query(`SET session_replication_role = replica`)
  try {
    for (const { table, rows, reason, statements } of planRows(database)) {
      const failure = await tryStatements(client, statements)
      const name = quoteQualified(table.schema, table.name)
      filled.set(table, { table: name, rows: failure === null ? rows : 0, reason: failure ?? reason })
    }
    await emptyBroken(client, filled)
  } finally {
    await client.query('RESET session_replication_role').catch(() => undefined)
  }
  await client.query('ANALYZE')
  return [...filled.values()]
}

async function tryStatements(client: DatabaseClient, statements: readonly string[]): Promise<string | null> {
  try {
    for (const statement of statements) await client.query(statement)
    return null
  } catch (error) {
    if (!isRejection(error)) throw error
    return messageLine(error)
  }
}

/** Emptying a table may leave dangling references in others. */
async function emptyBroken(client: DatabaseClient, filled: Map<Table, FilledTable>): Promise<void> {
  for (let isStable = false; !isStable;) {
    isStable = true
    for (const [table, { table: name, rows }] of filled) {
      for (const key of rows === 0 ? [] : table.foreignKeys) {
        if (!(await hasOrphans(client, name, key))) continue
        await client.query(`DELETE FROM ${name}`)
        filled.set(table, {
          table: name,
          rows: 0,
          reason: `its rows would break the foreign key ${quoteIdentifier(key.name)}`,
        })
        isStable = false
        break
      }
    }
  }
}

async function hasOrphans(client: DatabaseClient, name: string, key: ForeignKey): Promise<boolean> {
  const given = key.columns.map((column) => `c.${quoteIdentifier(column)} IS NOT NULL`)
  const pairs = key.columns.map(
    (column, index) => `p.${quoteIdentifier(key.referencedColumns[index] ?? '')} = c.${quoteIdentifier(column)}`,
  )
  const parent = quoteQualified(key.referencedSchema, key.referencedTable)
  const { rows } = await client.query<{ found: boolean }>(
    `SELECT EXISTS (SELECT FROM ${name} AS c WHERE ${given.join(' AND ')}
       AND NOT EXISTS (SELECT FROM ${parent} AS p WHERE ${pairs.join(' AND ')})) AS found`,
  )
  return rows[0]?.found === true
}
