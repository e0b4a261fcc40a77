import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import { from as copyFrom } from 'pg-copy-streams'
import { withClient } from '../../database/connect'
import { quoteQualified } from '../../database/quote'
import type {
  BackupReader,
  Inventory,
  InventoryEntry,
  ReadRequest,
  RestoreNotes,
  RestoreRequest,
  RowSink,
  RowsRequest,
} from '../backup-way'
import { copiedColumns } from '../sql/copied-columns'
import { parseDumpEntries } from '../sql/dump-entry'
import { canonicalName } from '../sql/qualified-name'
import { clearDatabase, inOneTransaction, runDump } from '../sql/run-dump'
import type { CopyPart } from './export-format'
import { readExport, type ExportHandler } from './read-export'

/** For what `EXPORT_WAY` writes. */
export const EXPORT_READER: BackupReader = { format: 'export', tool: 'export by COPY', read, restore, readRows }

async function read({ path, signal }: ReadRequest): Promise<Inventory> {
  const entries: InventoryEntry[] = []
  const rows = new Map<string, number>()
  let table = ''
  await readExport(
    path,
    {
      sql: (text) => {
        entries.push(...parseDumpEntries(text))
      },
      beginRows: (part) => {
        table = canonicalName(part.table)
        rows.set(table, 0)
      },
      rows: (lines) => {
        let count = 0
        for (let end = lines.indexOf(10); end !== -1; end = lines.indexOf(10, end + 1)) count++
        rows.set(table, (rows.get(table) ?? 0) + count)
      },
      endRows: () => undefined,
    },
    signal,
  )
  return { entries, rows }
}

async function restore(request: RestoreRequest): Promise<RestoreNotes> {
  const { path, url, environment, signal, force } = request
  const options = { environment, ...(signal === undefined ? {} : { signal }) }
  return await withClient(url, options, async (client) => {
    let target: ReturnType<typeof copyFrom> | null = null
    let isFirst = true
    const handler: ExportHandler = {
      async sql(text) {
        if (force && isFirst) await clearDatabase(client, text)
        isFirst = false
        await runDump(client, text, request)
      },
      beginRows({ statement }) {
        target = client.query(copyFrom(statement))
        // Its error is met where it is waited for.
        target.on('error', () => undefined)
      },
      async rows(lines) {
        if (target === null) return
        if (target.errored !== null) throw target.errored
        if (!target.write(Buffer.from(lines))) await Promise.race([once(target, 'drain'), once(target, 'close')])
      },
      async endRows() {
        if (target === null) return
        target.end()
        await finished(target)
        target = null
      },
    }
    // A COPY that is under way would keep the ROLLBACK waiting for ever.
    return await inOneTransaction(
      client,
      () => readExport(path, handler, signal),
      () => giveUp(target),
    )
  })
}

async function giveUp(target: ReturnType<typeof copyFrom> | null): Promise<void> {
  if (target === null || target.destroyed) return
  target.destroy(new Error('The backup could not be read to its end.'))
  await finished(target).catch(() => undefined)
}

async function readRows({ path, schema, table, signal }: RowsRequest, sink: RowSink): Promise<boolean> {
  const wanted = quoteQualified(schema, table)
  let isFound = false
  let isWanted = false
  const handler = {
    sql: () => undefined,
    beginRows: async (part: CopyPart) => {
      isWanted = canonicalName(part.table) === wanted
      if (!isWanted) return
      isFound = true
      await sink.begin(copiedColumns(part.statement))
    },
    rows: async (lines: Buffer) => {
      if (isWanted) await sink.rows(lines)
    },
    endRows: () => undefined,
  }
  await readExport(path, handler, signal)
  return isFound
}
