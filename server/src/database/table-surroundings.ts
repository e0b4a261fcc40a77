import type { DatabaseClient } from './connect'
import { isServersAnswer } from './database-errors'
import { quoteQualified } from './quote'
import { readEventTriggers } from './event-triggers'
import distributedQuery from './queries/distributed-tables.sql'
import functionsQuery from './queries/functions-of-rows.sql'
import replicationQuery from './queries/replication.sql'
import sizesQuery from './queries/table-sizes.sql'
import surroundingsQuery from './queries/table-surroundings.sql'
import { withTrustedRoles } from './trusted-roles'
import type { Replication, Surroundings, TableSurroundings } from './model-surroundings'

/** Asks for the surroundings of the tables. The sizes wait for locks, so the client is to have timeouts. */
export async function readSurroundings(client: DatabaseClient, tables: readonly string[]): Promise<Surroundings> {
  const around = await client.query<SurroundingsRow>(withTrustedRoles(surroundingsQuery), [tables])
  const hasCitus = around.rows.some((row) => row.has_citus)
  const distributed = hasCitus ? (await client.query<{ table: string }>(distributedQuery, [tables])).rows : []
  const sizes = await answerOf(() => readSizes(client, tables))
  const replication = await answerOf(() => client.query<ReplicationRow>(replicationQuery))
  const names = new Set(distributed.map(({ table }) => table))
  return {
    tables: around.rows.map((row) => ({
      table: row.table,
      updateRules: row.update_rules,
      insertRules: row.insert_rules,
      publications: row.publications,
      publicationsOfColumns: row.publications_of_columns,
      collations: row.collations,
      lacksIdentity: row.lacks_identity,
      hasKey: row.has_key,
      notComparable: row.not_comparable,
      columnsOfRows: row.columns_of_rows,
      columnPrivileges: row.column_privileges,
      codeOfOthers: row.code_of_others,
      isUnlogged: row.is_unlogged,
      columnsEver: row.columns_ever,
      rowSize: row.row_size,
      isDistributed: names.has(row.table),
    })),
    sizes: new Map((sizes ?? []).map((row) => [row.table, { rows: row.row_bytes, indexes: row.index_bytes }])),
    replication: replicationOf(replication?.rows[0]),
    functions: ((await answerOf(() => readFunctions(client))) ?? []).map((row) => ({
      schema: row.schema,
      name: row.name,
      language: row.language,
      isTree: row.is_tree,
      source: row.source,
      returnsRow: row.returns_row,
      rowsOf: row.rows_schema === null || row.rows_name === null ? '' : quoteQualified(row.rows_schema, row.rows_name),
    })),
    eventTriggers: (await answerOf(() => readEventTriggers(client))) ?? [],
  }
}

function replicationOf(row: ReplicationRow | undefined): Replication {
  const waits = row !== undefined && !['off', 'local'].includes(row.synchronous_commit)
  return {
    synchronousStandbys: waits ? row.synchronous_standbys : '',
    slots: (row?.slots ?? []).map(({ name, active, bytes }) => ({ name, isActive: active, bytes: Number(bytes) })),
  }
}

async function readSizes(client: DatabaseClient, tables: readonly string[]): Promise<readonly SizeRow[]> {
  return await withoutWaiting(client, async () => (await client.query<SizeRow>(sizesQuery, [tables])).rows)
}

async function readFunctions(client: DatabaseClient): Promise<readonly FunctionRow[]> {
  return await withoutWaiting(client, async () => (await client.query<FunctionRow>(functionsQuery)).rows)
}

/** For a session that alters one of the tables. */
async function withoutWaiting<Answer>(client: DatabaseClient, ask: () => Promise<Answer>): Promise<Answer> {
  await client.query('BEGIN READ ONLY')
  try {
    await client.query(`SET LOCAL lock_timeout = '1s'`)
    return await ask()
  } finally {
    await client.query('ROLLBACK').catch(() => undefined)
  }
}

interface SurroundingsRow {
  readonly table: string
  readonly update_rules: readonly string[]
  readonly insert_rules: readonly string[]
  readonly publications: readonly string[]
  readonly publications_of_columns: readonly string[]
  readonly collations: Readonly<Record<string, string>>
  readonly lacks_identity: boolean
  readonly has_key: boolean
  readonly not_comparable: Readonly<Record<string, string>>
  readonly columns_of_rows: TableSurroundings['columnsOfRows']
  readonly column_privileges: Readonly<Record<string, readonly string[]>>
  readonly code_of_others: readonly string[]
  readonly is_unlogged: boolean
  readonly columns_ever: number
  readonly row_size: TableSurroundings['rowSize']
  readonly has_citus: boolean
}

interface FunctionRow {
  readonly schema: string
  readonly name: string
  readonly language: string
  readonly is_tree: boolean
  readonly source: string
  readonly returns_row: boolean
  readonly rows_schema: string | null
  readonly rows_name: string | null
}

interface SizeRow {
  readonly table: string
  readonly row_bytes: number
  readonly index_bytes: number
}

interface ReplicationRow {
  readonly synchronous_standbys: string
  readonly synchronous_commit: string
  readonly slots: readonly { readonly name: string; readonly active: boolean; readonly bytes: number | string }[] | null
}

/** Null where the server gives no answer: a lock, the time, a right. */
async function answerOf<Answer>(ask: () => Promise<Answer>): Promise<Answer | null> {
  try {
    return await ask()
  } catch (error) {
    if (isServersAnswer(error)) return null
    throw error
  }
}
