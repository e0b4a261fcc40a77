import { withClient, type DatabaseClient } from '../../database/connect'
import { quoteIdentifier } from '../../database/quote'
import { startEmbeddedServer } from '../../embedded/start-embedded-server'
import { judgeLoadedRows } from './judge-loaded-rows'
import { portableStatements } from '../sql/portable-statements'
import { readPlainDump } from '../built-in/read-plain-dump'
import { countRows, type RowCounts } from '../contents/row-counts'
import type { Survey } from '../survey'

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
        return judgeLoadedRows({ path: options.path, expected, loaded, notLoaded })
      },
    )
  } finally {
    await server.stop()
  }
}

/** A statement that the embedded server refused. */
interface NotLoaded {
  readonly statement: string
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
      notLoaded.push({ statement, reason })
    }
  }
  return notLoaded
}
