import type { BackupReader, BackupWay, Inventory, ReadRequest, RowSink, RowsRequest } from '../backup-way'
import { quoteQualified } from '../../database/quote'
import { isFolder } from '../backup-folder'
import { copiedColumns } from '../sql/copied-columns'
import { DumpChecker } from '../sql/dump-checker'
import { ListedEntries } from '../contents/listed-entries'
import { parseQualifiedName } from '../sql/qualified-name'
import { countLines } from '../sql/script-reader'
import { readArchiveScript } from './archive-script'
import { dumpNatively } from './dump-natively'
import type { PgDump } from './find-pg-dumps'
import { requireWholeArchive } from './require-whole-archive'
import { restoreNatively } from './restore-natively'
import { phrase } from '../../text/phrase'

/**
 * An archive in pg_dump's custom format, from an installed pg_dump or one in a container; with more than one job in its
 * directory format, the only one that several connections can write in parallel.
 */
export function nativeWay(program: PgDump, jobs: number): BackupWay {
  const format = jobs > 1 ? 'directory' : 'custom'
  return {
    format,
    tool: {
      name: jobs > 1 ? phrase`pg_dump ${program.version} with ${jobs} jobs` : `pg_dump ${program.version}`,
      path: program.path,
    },
    extension: jobs > 1 ? 'dir' : 'dump',
    dump: (request) => dumpNatively({ ...request, program, jobs }),
    reader: nativeReader(program, format),
  }
}

export function nativeReader(program: PgDump, format: 'custom' | 'directory'): BackupReader {
  return {
    format,
    tool: { name: `pg_restore ${program.version}`, path: program.restorePath },
    read: (request) => readArchive({ ...request, program }),
    async restore(request) {
      await requireOwnFiles(request)
      return await restoreNatively({ ...request, program })
    },
    async readRows(request, sink) {
      await requireOwnFiles(request)
      return await readArchivedRows({ ...request, program }, sink)
    },
  }
}

/** A folder's table of contents may name any file of this machine, and pg_restore would load it. */
async function requireOwnFiles({ path, signal }: ReadRequest): Promise<void> {
  if (isFolder(path)) await requireWholeArchive(path, signal)
}

/**
 * Reads an archive completely, as a restore would; `pg_restore --list` reads only its table of contents and accepts an
 * archive that is cut in half.
 *
 * @throws AuditError `backup-unreadable`
 */
export async function readArchive(request: ReadRequest & { readonly program: PgDump }): Promise<Inventory> {
  const listed = new ListedEntries()
  const rows = new Map<string, number>()
  let table = ''
  let count = 0
  await requireWholeArchive(request.path, request.signal)
  const structure = new DumpChecker(request.path)
  await readArchiveScript(request, ['--schema-only'], {
    entry(entry) {
      structure.nextObject()
      listed.add(entry)
    },
    line: (line) => {
      structure.line(line)
    },
  })
  structure.end()
  const data = new DumpChecker(request.path, 'rows')
  await readArchiveScript(request, ['--data-only'], {
    line(line) {
      data.line(line)
      // Each chunk of a large object is one line; an archive by `pg_dump --inserts` has one for each row.
      if (/^(?:SELECT pg_catalog\.|INSERT INTO )/.test(line)) data.nextObject()
    },
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
  data.end()
  return { entries: listed.entries, rows }
}

/** The rows of one table of an archive, as pg_restore writes them. */
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
