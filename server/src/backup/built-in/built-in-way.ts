import { phrase } from '../../text/phrase'
import { quoteQualified } from '../../database/quote'
import { nextToken } from '../../text/sql-tokens'
import type { BackupReader, BackupWay, DumpRequest, Inventory, ReadRequest } from '../backup-way'
import { archiveUnreadable } from '../errors'
import { backupUnknownFormat, DUMP_FOR_PSQL } from '../foreign-files'
import { parseQualifiedName } from '../sql/qualified-name'
import { readInsertedRows } from './read-rows'
import { readPlainDump } from './read-plain-dump'
import { parseDumpEntries } from '../sql/dump-entry'
import { requireDumpStatement } from '../sql/dump-statements'
import { ListedEntries } from '../contents/listed-entries'
import { clearDatabase, inOneSession, runDump } from '../sql/run-dump'
import { splitStatements } from '../sql/split-statements'
import { scopeArguments } from '../scope/scope-arguments'
import { dumpWithBuiltIn } from './run-built-in-dump'
import { BUILT_IN_VERSION } from './version'
import { removeFile } from '../../platform/lasting-files'

/** SQL with INSERTs, from the pg_dump that is included in this program. It keeps the dump in memory. */
export const BUILT_IN_WAY: BackupWay = {
  format: 'plain',
  tool: { name: phrase`built-in pg_dump ${BUILT_IN_VERSION}`, path: null },
  extension: 'sql',
  dump,
  get reader() {
    return PLAIN_READER
  },
}

/** For plain SQL from any program. */
export const PLAIN_READER: BackupReader = {
  format: 'plain',
  tool: { name: phrase`the built-in restore`, path: null },
  read: (request) => Promise.resolve(readInventory(request)),
  async restore(request) {
    const dump = readPlainDump(request.path)
    return await inOneSession(request, async (session) => {
      if (request.force) await clearDatabase(session.client, dump, request)
      await runDump(session, dump, request)
    })
  },
  readRows: readInsertedRows,
}

async function dump({
  url,
  outputPath,
  scope,
  snapshot,
  lockWaitSeconds,
  environment,
  signal,
}: DumpRequest): Promise<void> {
  // The dump creates the file itself; the empty one only reserved its name.
  removeFile(outputPath)
  await dumpWithBuiltIn({
    url,
    args: [
      // With column names, because a table that inherits has its columns in a different order after a restore.
      ...['--rows-per-insert=500', '--column-inserts', `--lock-wait-timeout=${lockWaitSeconds}s`],
      ...(snapshot === null ? [] : [`--snapshot=${snapshot}`]),
      ...scopeArguments(scope),
    ],
    outputPath,
    environment,
    signal,
  })
}

function readInventory({ path }: ReadRequest): Inventory {
  const text = readPlainDump(path)
  const listed = new ListedEntries()
  const rows = new Map<string, number>()
  for (const statement of splitStatements(text)) {
    const [entry] = parseDumpEntries(statement)
    if (entry !== undefined) listed.add(entry)
    if (FOR_PSQL.test(statement)) throw backupUnknownFormat(path, DUMP_FOR_PSQL)
    requireDumpStatement(path, statement)
    const start = /^\s*(?:--[^\n]*\n\s*)*INSERT INTO /.exec(statement)?.[0].length
    const table = start === undefined ? null : parseQualifiedName(statement, start)
    if (table === null) continue
    const key = quoteQualified(table.schema, table.name)
    rows.set(key, (rows.get(key) ?? 0) + countRowsOfInsert(statement))
  }
  const end = text.lastIndexOf(LAST_LINE)
  if (end === -1) throw archiveUnreadable(path, phrase`The end of the dump is missing.`)
  if (!/^[-\s]*$/.test(text.slice(end + LAST_LINE.length)))
    throw archiveUnreadable(path, phrase`It continues after the end of the dump.`)
  return { entries: listed.entries, rows }
}

const LAST_LINE = '\n-- PostgreSQL database dump complete\n'

/**
 * What pg_dump writes for psql and the built-in one does not: rows of COPY, and the command that dumps begin with since
 * 2025.
 */
const FOR_PSQL = /^\s*(?:--[^\n]*\n\s*)*(?:COPY [^;]* FROM stdin$|\\restrict )/

/** The parentheses after VALUES that are not nested in others. */
export function countRowsOfInsert(statement: string): number {
  let depth = 0
  let count = 0
  let isBehindValues = false
  for (let token = nextToken(statement, 0); token !== null; token = nextToken(statement, token.end)) {
    if (token.kind === 'word' && depth === 0 && token.text === 'VALUES') isBehindValues = true
    else if (token.text === '(' && depth++ === 0 && isBehindValues) count++
    else if (token.text === ')') depth--
  }
  return count === 0 && /DEFAULT VALUES\s*$/.test(statement) ? 1 : count
}
