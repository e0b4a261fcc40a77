import { withClient, type ConnectOptions } from '../../database/connect'
import type { BackupScope } from '../backup-way'
import { scopeEmpty } from '../errors'
import tablesQuery from './scope-tables.sql'
import { withTableBytes } from '../table-bytes'
import type { Survey } from '../survey'

/** The resolved scope, with the size of its rows in bytes. */
export interface ResolvedScope extends BackupScope {
  /** Of the tables, as PostgreSQL quotes them. */
  readonly names: readonly string[]
  readonly tableBytes: number
  /** The part of `tableBytes` that is large objects. */
  readonly largeObjectBytes: number
  /** Including indexes, which a restore has to write. */
  readonly databaseBytes: number
}

/**
 * For tables: those that exist, with their partitions and all other tables that inherit from them, which pg_dump would
 * omit.
 *
 * @throws AuditError `backup-scope-empty`
 */
export async function resolveScope(
  scope: BackupScope,
  survey: Survey,
  url: string,
  connect: ConnectOptions,
): Promise<ResolvedScope> {
  if (scope.kind === 'database')
    return {
      ...{ ...scope, names: [], tableBytes: survey.tableBytes, databaseBytes: survey.bytes },
      largeObjectBytes: survey.largeObjectBytes,
    }
  if (scope.kind === 'structure') return { ...scope, names: [], tableBytes: 0, largeObjectBytes: 0, databaseBytes: 0 }
  const { rows } = await withClient(url, connect, (client) =>
    client.query<{ schema: string; table: string; name: string; bytes: string }>(withTableBytes(tablesQuery), [
      scope.tables.map(({ schema }) => schema),
      scope.tables.map(({ table }) => table),
    ]),
  )
  if (rows.length === 0) throw scopeEmpty()
  const tableBytes = rows.reduce((sum, { bytes }) => sum + Number(bytes), 0)
  const tables = rows.map(({ schema, table }) => ({ schema, table }))
  const names = rows.map(({ name }) => name)
  return { kind: 'tables', tables, names, tableBytes, largeObjectBytes: 0, databaseBytes: tableBytes }
}
