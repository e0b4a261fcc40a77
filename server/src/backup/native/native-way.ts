import type {
  BackupReader,
  BackupWay,
  Inventory,
  InventoryEntry,
  ReadRequest,
  RowSink,
  RowsRequest,
} from '../backup-way'
import { quoteQualified } from '../../database/quote'
import { copiedColumns } from '../sql/copied-columns'
import { parseQualifiedName } from '../sql/qualified-name'
import { countLines } from '../sql/script-reader'
import { readArchiveScript } from './archive-script'
import { dumpNatively } from './dump-natively'
import type { PgDump } from './find-pg-dumps'
import { restoreNatively } from './restore-natively'

/** An archive in pg_dump's custom format, by an installed pg_dump or by that of a container. */
export function nativeWay(program: PgDump): BackupWay {
  return {
    format: 'custom',
    tool: `pg_dump ${program.version} (${program.path})`,
    extension: 'dump',
    dump: (request) => dumpNatively({ ...request, program }),
    reader: nativeReader(program),
  }
}

export function nativeReader(program: PgDump): BackupReader {
  return {
    format: 'custom',
    tool: `pg_restore ${program.version} (${program.restorePath})`,
    read: (request) => readArchive({ ...request, program }),
    restore: (request) => restoreNatively({ ...request, program }),
    readRows: (request, sink) => readArchivedRows({ ...request, program }, sink),
  }
}

/**
 * Reads an archive whole, as a restore would; `pg_restore --list` reads its table of contents only, and passes on an archive
 * of which half is gone.
 *
 * @throws AuditError `backup-unreadable`
 */
export async function readArchive(request: ReadRequest & { readonly program: PgDump }): Promise<Inventory> {
  const entries: InventoryEntry[] = []
  const rows = new Map<string, number>()
  let table = ''
  let count = 0
  await readArchiveScript(request, ['--schema-only'], { entry: (entry) => void entries.push(entry) })
  await readArchiveScript(request, ['--data-only'], {
    copy: {
      begin: (statement) => {
        table = tableOf(statement)
        count = 0
      },
      rows: (piece) => {
        count += countLines(piece)
      },
      end: () => {
        rows.set(table, (rows.get(table) ?? 0) + count)
      },
    },
  })
  return { entries, rows }
}

/** The rows of one table of an archive, as pg_restore writes them out. */
async function readArchivedRows(request: RowsRequest & { readonly program: PgDump }, sink: RowSink): Promise<boolean> {
  const { schema, table } = request
  let isFound = false
  const copy = {
    begin: async (statement: string) => {
      isFound = true
      await sink.begin(copiedColumns(statement))
    },
    rows: (piece: Buffer) => sink.rows(piece),
    end: () => undefined,
  }
  await readArchiveScript(request, ['--data-only', `--schema=${schema}`, `--table=${table}`], { copy })
  return isFound
}

function tableOf(statement: string): string {
  const name = parseQualifiedName(statement, 'COPY '.length)
  return name === null ? '' : quoteQualified(name.schema, name.name)
}
