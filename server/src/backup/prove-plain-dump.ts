import { withClient, type DatabaseClient } from '../database/connect'
import { quoteIdentifier } from '../database/quote'
import { startEmbeddedServer } from '../embedded/start-embedded-server'
import { backupProofFailed } from './errors'
import { portableStatements } from './plain-sql'
import { readPlainDump } from './read-plain-dump'
import { countRows, type RowCounts } from './row-counts'
import type { Survey } from './survey'

/**
 * Loads a plain dump into an embedded server and compares the rows of each table with those of the database.
 *
 * @param expected counted in the snapshot of which the dump was made
 * @returns what is proven and what is not, in words
 * @throws AuditError `backup-proof-failed` where a table that was loaded has other rows than the database's, and those of
 *   starting the server
 */
export async function provePlainDump(options: {
  readonly path: string
  readonly survey: Survey
  readonly expected: RowCounts
  readonly signal?: AbortSignal | undefined
}): Promise<string> {
  const { survey, expected, signal } = options
  const server = await startEmbeddedServer({
    extensions: survey.extensions,
    ...(signal === undefined ? {} : { signal }),
  })
  try {
    return await withClient(
      server.url,
      { environment: {}, ...(signal === undefined ? {} : { signal }) },
      async (client) => {
        const notLoaded = await loadLeniently(client, readPlainDump(options.path), survey.roles)
        const loaded = await countRows(client)
        return judge({ path: options.path, expected, loaded, notLoaded })
      },
    )
  } finally {
    await server.stop()
  }
}

/** A statement that the embedded server refused. */
interface NotLoaded {
  readonly name: string
  /** The table that it would have made, by the ways in which its name can be spelled in `RowCounts`. */
  readonly tables: readonly string[]
  readonly reason: string
}

/** Runs statement for statement, since an extension that PGlite lacks must not hide the rest. */
async function loadLeniently(client: DatabaseClient, dump: string, roles: readonly string[]): Promise<NotLoaded[]> {
  for (const role of roles) await client.query(`CREATE ROLE ${quoteIdentifier(role)}`)
  const notLoaded: NotLoaded[] = []
  for (const statement of portableStatements(dump)) {
    try {
      await client.query(statement)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      notLoaded.push({ name: nameOf(statement), tables: tablesOf(statement), reason })
    }
  }
  return notLoaded
}

function judge(given: {
  readonly path: string
  readonly expected: RowCounts
  readonly loaded: RowCounts
  readonly notLoaded: readonly NotLoaded[]
}): string {
  const { expected, loaded, notLoaded } = given
  // A table is missing for a reason only where its own CREATE TABLE was refused.
  const excused = new Set(notLoaded.flatMap(({ tables }) => tables))
  const missing: string[] = []
  for (const [table, rows] of expected) {
    const found = loaded.get(table)
    if (found === rows) continue
    if (found === undefined && excused.has(table)) missing.push(table)
    else
      throw backupProofFailed(
        given.path,
        `${table} has ${String(rows)} rows in the database and ${String(found ?? 0)} in the backup.`,
      )
  }
  const proven = [...expected].filter(([table]) => !missing.includes(table))
  const rows = proven.reduce((sum, [, count]) => sum + count, 0)
  const count = missing.length === 0 ? String(proven.length) : `${String(proven.length)} of ${String(expected.size)}`
  const words =
    proven.length === 0 && missing.length > 0
      ? `none of the ${String(expected.size)} tables could be loaded into an embedded PostgreSQL, so nothing is proven of their rows`
      : `loaded into an embedded PostgreSQL: ${count} tables with ${String(rows)} rows, equal to the database's`
  if (notLoaded.length === 0) return words
  const reasons = notLoaded.slice(0, 5).map(({ name, reason }) => `${name} (${reason})`)
  const more = notLoaded.length > 5 ? ` and ${String(notLoaded.length - 5)} more` : ''
  return `${words}; NOT proven, since the embedded server does not know them: ${reasons.join(', ')}${more}`
}

/** By pg_dump's comment before the statement. PostgreSQL quotes a name only where it has to. */
function tablesOf(statement: string): string[] {
  const [, name, schema] = /^-- Name: (.*); Type: TABLE; Schema: (.*); Owner: /m.exec(statement) ?? []
  if (name === undefined || schema === undefined) return []
  return [schema, quoteIdentifier(schema)].flatMap((first) => [`${first}.${name}`, `${first}.${quoteIdentifier(name)}`])
}

/** The object as pg_dump's comment before the statement names it: `TABLE User`; else the statement's first line. */
function nameOf(statement: string): string {
  const [, name, type] = /^-- (?:Data for )?Name: (.*); Type: (.*); Schema: /m.exec(statement) ?? []
  if (name !== undefined && type !== undefined) return `${type} ${name}`
  const firstLine = statement.split('\n').find((line) => line !== '' && !line.startsWith('--')) ?? statement
  return firstLine.slice(0, 80)
}
