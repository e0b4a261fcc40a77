import { quoteQualified } from '../../database/quote'
import type {
  BackupReader,
  Inventory,
  ReadRequest,
  RestoreNotes,
  RestoreRequest,
  RowSink,
  RowsRequest,
} from '../backup-way'
import { copiedColumns } from '../sql/copied-columns'
import { parseDumpEntries } from '../sql/dump-entry'
import { requireDumpStatement } from '../sql/dump-statements'
import { ListedEntries } from '../contents/listed-entries'
import { withoutForeignSettings } from '../sql/portable-statements'
import { canonicalName } from '../sql/qualified-name'
import { countLines } from '../sql/script-reader'
import { clearDatabase, inOneSession, runDump } from '../sql/run-dump'
import type { RowTarget } from '../sql/row-target'
import { splitStatements } from '../sql/split-statements'
import type { CopyPart } from './export-format'
import { readExport, type ExportHandler } from './read-export'
import { phrase } from '../../text/phrase'

/** For the output of `EXPORT_WAY`. */
export const EXPORT_READER: BackupReader = {
  format: 'export',
  tool: { name: phrase`export by COPY`, path: null },
  read,
  restore,
  readRows,
}

async function read({ path, signal }: ReadRequest): Promise<Inventory> {
  const listed = new ListedEntries()
  const rows = new Map<string, number>()
  let table = ''
  await readExport(
    path,
    {
      sql: (text) => {
        for (const entry of parseDumpEntries(text)) listed.add(entry)
        for (const statement of splitStatements(withoutForeignSettings(text))) requireDumpStatement(path, statement)
      },
      beginRows: (part) => {
        table = canonicalName(part.table)
        rows.set(table, 0)
      },
      rows: (piece) => {
        rows.set(table, (rows.get(table) ?? 0) + countLines(piece))
      },
      endRows: () => undefined,
    },
    signal,
  )
  return { entries: listed.entries, rows }
}

async function restore(request: RestoreRequest): Promise<RestoreNotes> {
  return await inOneSession(request, async (session) => {
    let target: RowTarget | null = null
    let isFirst = true
    const handler: ExportHandler = {
      async sql(text) {
        if (request.force && isFirst) await clearDatabase(session.client, text, request)
        isFirst = false
        await runDump(session, text, request)
      },
      beginRows({ statement }) {
        target = session.openRows(statement)
      },
      rows: (piece) => target?.rows(piece),
      endRows: () => target?.end(),
    }
    await readExport(request.path, handler, request.signal)
  })
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
    rows: async (piece: Buffer) => {
      if (isWanted) await sink.rows(piece)
    },
    endRows: () => undefined,
  }
  await readExport(path, handler, signal)
  return isFound
}
