import { requireNoCodeAtPlanning } from '../database/code-at-planning'
import { withClient, type DatabaseClient } from '../database/connect'
import { errorCode } from '../database/database-errors'
import { messageLine } from '../errors'
import { within } from '../signals'
import type { BackupWay, DumpRequest } from './backup-way'
import type { DatabaseContents } from './contents/model'
import { readContents, tablesWithRows } from './contents/read-contents'
import { releasingLocks } from './contents/releasing-locks'
import { readSequences, type StoredTable } from './contents/relations'
import { toDumpError } from './dump-errors'
import type { ResolvedScope } from './scope/resolve-scope'
import type { Survey } from './survey'
import { phrase } from '../text/phrase'

type DumpOptions = Pick<DumpRequest, 'url' | 'environment' | 'signal' | 'onProgress'> & {
  readonly scope: ResolvedScope
  /** Default: 15. */
  readonly lockWaitSeconds?: number
}

/**
 * Dumps the database and reads its contents concurrently in the same snapshot, so that both are equal even if other
 * sessions write. If one fails, the other is stopped. PGlite, whose connections share one session, would deadlock;
 * there the contents are read first.
 */
export async function dumpWithContents(
  way: BackupWay,
  options: DumpOptions,
  survey: Survey,
  outputPath: string,
): Promise<DatabaseContents> {
  return await within(null, [options.signal], (signal, stop) =>
    dumpAndRead(way, { ...options, signal }, survey, outputPath, stop),
  )
}

/** `stop` aborts the signal of the options. */
async function dumpAndRead(
  way: BackupWay,
  options: DumpOptions & { readonly signal: AbortSignal },
  survey: Survey,
  outputPath: string,
  stop: () => void,
): Promise<DatabaseContents> {
  const { url, environment, signal, scope, onProgress, lockWaitSeconds = 15 } = options
  const failures: unknown[] = []
  const guarded = async <Result>(work: Promise<Result>): Promise<Result | null> => {
    try {
      return await work
    } catch (error) {
      failures.push(error)
      stop()
      return null
    }
  }
  const dump = (snapshot: string | null) =>
    way.dump({ url, survey, outputPath, scope, snapshot, lockWaitSeconds, environment, signal, onProgress })
  const read = async (client: DatabaseClient, tables: readonly StoredTable[]) => {
    const tell = (name: string, done: number, count: number) =>
      onProgress?.(phrase`Dumping ${survey.database}: ${name} (${done + 1} of ${count})`)
    return await readContents(client, tell, scope, survey.isEmbedded ? null : tables)
  }
  try {
    const contents = await withClient(url, { environment, signal }, async (client) => {
      if (!survey.isEmbedded) {
        await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
        await client.query(`SET LOCAL lock_timeout = '${lockWaitSeconds}s'`)
      }
      // The dump copies tables as they are; reading their contents plans queries of them.
      const tables = await tablesWithRows(client, scope)
      await requireNoCodeAtPlanning(
        client,
        tables.map(({ name }) => name),
      )
      if (survey.isEmbedded) {
        const before = await read(client, tables)
        await dump(null)
        return before
      }
      const result = await client.query<{ snapshot: string }>('SELECT pg_catalog.pg_export_snapshot() AS snapshot')
      // Sequences of tables outside the backup need not be readable.
      const sequencesNow = async () =>
        scope.kind === 'database' ? await releasingLocks(client, () => readSequences(client)) : new Map<string, null>()
      const before = await sequencesNow()
      const dumped = guarded(dump(result.rows[0]?.snapshot ?? null))
      const now = await guarded(read(client, tables))
      // The snapshot exists as long as the transaction.
      await dumped
      if (now === null || failures.length > 0) return null
      const after = await sequencesNow()
      const sequences = now.sequences.map(({ name }) => ({
        ...{ name, before: before.get(name) ?? null, after: after.get(name) ?? null },
      }))
      return { ...now, sequences }
    })
    if (contents !== null && failures.length === 0) return contents
  } catch (error) {
    failures.push(error)
  }
  // The first failure is the reason why the other one was stopped.
  const [failure] = failures
  throw toDumpError(errorCode(failure) === '55P03' ? new Error(`LOCK TABLE: ${messageLine(failure)}`) : failure, url)
}
