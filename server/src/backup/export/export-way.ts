import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip, type Gzip } from 'node:zlib'
import { to as copyTo } from 'pg-copy-streams'
import { withClient, type DatabaseClient } from '../../database/connect'
import { quoteIdentifier } from '../../database/quote'
import { WITHOUT_TIMEOUTS } from '../../database/session-settings'
import { makeTemporaryFolder } from '../../files/temporary-folders'
import type { BackupWay, DumpRequest } from '../backup-way'
import { dumpWithBuiltIn } from '../built-in/run-built-in-dump'
import { readTables, withRelations, type StoredTable } from '../contents/relations'
import { visitReleasingLocks } from '../contents/releasing-locks'
import { toDumpError } from '../dump-errors'
import { withoutForeignSettings } from '../sql/portable-statements'
import { scopeArguments } from '../scope/scope-arguments'
import { phrase } from '../../text/phrase'
import { firstLine, partLine } from './export-format'
import { EXPORT_READER } from './export-reader'
import { inPages } from './pages'
import statementsQuery from './statements.sql'
import { writeLargeObjects, type StatementSink } from './write-large-objects'
import { remove } from '../../platform/lasting-files'

/**
 * For databases that are too large for the built-in pg_dump if none is installed: its structure, and the rows from
 * COPY, in one snapshot, streamed and compressed, so that memory does not grow with the size. For what it does not
 * cover, see `docs/backups.md`.
 */
export const EXPORT_WAY: BackupWay = {
  format: 'export',
  tool: EXPORT_READER.tool,
  extension: 'sql.gz',
  dump,
  reader: EXPORT_READER,
}

async function dump(request: DumpRequest): Promise<void> {
  const { url, outputPath, scope, snapshot, survey, lockWaitSeconds, environment, signal } = request
  const folder = makeTemporaryFolder('structure')
  const mark = randomBytes(16).toString('hex')
  const gzip = createGzip({ level: 4 })
  // Not `pipe`: if the file cannot be written, code that waits for room in `gzip` must get the error.
  const written = pipeline(gzip, fs.createWriteStream(outputPath, { flags: 'r+', mode: 0o600 }))
  // Awaiting the end reports the error.
  written.catch(() => undefined)
  const writeStructure = async (section: 'pre-data' | 'post-data'): Promise<void> => {
    const file = path.join(folder, `${section}.sql`)
    await dumpWithBuiltIn({
      url,
      args: [
        ...[
          `--section=${section}`,
          // They are written with the rows; pg_dump would keep a description of each in memory.
          '--no-large-objects',
          `--lock-wait-timeout=${lockWaitSeconds}s`,
          ...(snapshot === null ? [] : [`--snapshot=${snapshot}`]),
        ],
        ...scopeArguments(scope).filter((argument) => argument !== '--schema-only'),
      ],
      outputPath: file,
      isSmall: true,
      environment,
      signal,
    })
    await write(gzip, partLine(mark, 'sql'))
    let isHead = true
    for await (const piece of fs.createReadStream(file)) {
      // The settings are in the first few lines.
      await write(gzip, isHead ? withoutForeignHead(piece as Buffer) : (piece as Buffer))
      isHead = false
    }
  }
  const options = { environment, copiesRows: true, ...(signal === undefined ? {} : { signal }) }
  try {
    await write(gzip, firstLine(mark))
    await writeStructure('pre-data')
    await withClient(url, options, async (client) => {
      const begin = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'
      // In one text: behind a pooler, a transaction's first query is that of our settings.
      await client.query(snapshot === null ? begin : `${begin}; SET TRANSACTION SNAPSHOT '${snapshot}'`)
      await client.query(`SET LOCAL lock_timeout = '${lockWaitSeconds}s'`)
      for (const setting of [WITHOUT_TIMEOUTS, ...SPELLING]) await client.query(setting)
      if (scope.kind !== 'structure') {
        if (survey.encoding === 'SQL_ASCII') {
          // The bytes are written unchanged; the dump after the rows sets UTF-8 again.
          await client.query(ANY_BYTES)
          await write(gzip, `${partLine(mark, 'sql')}${ANY_BYTES};\n`)
        }
        await writeRows(client, gzip, mark, request)
      }
      if (scope.kind === 'database') await writeStatements(client, gzip, mark, 'data')
      await writeStructure('post-data')
      if (scope.kind === 'database') await writeStatements(client, gzip, mark, 'refresh')
    })
    await write(gzip, partLine(mark, 'end'))
    gzip.end()
    await written
  } catch (error) {
    gzip.destroy()
    throw toDumpError(error, url)
  } finally {
    remove(folder)
  }
}

/** Its last line may go on in the next piece, in the middle of a character. */
function withoutForeignHead(piece: Buffer): Buffer {
  const end = piece.lastIndexOf('\n') + 1
  return Buffer.concat([Buffer.from(withoutForeignSettings(piece.toString('utf8', 0, end))), piece.subarray(end)])
}

const ANY_BYTES = `SET client_encoding = 'SQL_ASCII'`

/** The settings of pg_dump for writing values. */
const SPELLING = [
  `SET LOCAL DateStyle = 'ISO'`,
  `SET LOCAL IntervalStyle = 'postgres'`,
  `SET LOCAL extra_float_digits = 3`,
  `SET LOCAL bytea_output = 'hex'`,
]

async function writeRows(
  client: DatabaseClient,
  gzip: Gzip,
  mark: string,
  { scope, onProgress }: DumpRequest,
): Promise<void> {
  const isInScope = ({ schema, table }: StoredTable) =>
    scope.kind !== 'tables' || scope.tables.some((one) => one.schema === schema && one.table === table)
  const tables = (await readTables(client)).filter(isInScope)
  await visitReleasingLocks(client, tables, async ({ name, stored, source, isPartitioned }) => {
    onProgress?.(phrase`Copying ${name}`)
    const columns = stored.map(quoteIdentifier).join(', ')
    const list = stored.length === 0 ? '' : ` (${columns})`
    const statement = `COPY ${name}${list} FROM stdin`
    const lines = statement.split('\n').length
    await write(gzip, `${partLine(mark, { table: name, statement, lines })}${statement};\n`)
    const rows = client.query(
      copyTo(`COPY ${isPartitioned ? `(SELECT ${columns} FROM ${source})` : `${name}${list}`} TO STDOUT`),
    )
    for await (const piece of rows) await write(gzip, piece as Buffer)
    await write(gzip, '\\.\n')
  })
}

/** The values of sequences and the large objects; or what is computed from the rows. */
async function writeStatements(
  client: DatabaseClient,
  gzip: Gzip,
  mark: string,
  part: 'data' | 'refresh',
): Promise<void> {
  const sink: StatementSink = {
    // A part of its own, because each is read as a whole.
    begin: () => write(gzip, partLine(mark, 'sql')),
    write: (piece) => write(gzip, piece),
  }
  interface Row {
    readonly kind: string
    readonly name: string
  }
  for await (const rows of inPages<Row>(client, withRelations(statementsQuery), 1_000)) {
    const statements: string[] = []
    for (const { kind, name } of rows) {
      if (part === 'refresh' && kind === 'view') statements.push(`REFRESH MATERIALIZED VIEW ${name};\n`)
      if (part === 'data' && kind === 'sequence') statements.push(await valueOfSequence(client, name))
    }
    await sink.begin()
    await sink.write(statements.join(''))
  }
  if (part === 'data') await writeLargeObjects(client, sink)
}

async function valueOfSequence(client: DatabaseClient, name: string): Promise<string> {
  const { rows } = await client.query<{ statement: string }>(
    `SELECT pg_catalog.format('SELECT pg_catalog.setval(%L, %s, %L);', $1::pg_catalog.text, s.last_value, s.is_called) AS statement
     FROM ${name} AS s`,
    [name],
  )
  return rows.map(({ statement }) => `${statement}\n`).join('')
}

async function write(gzip: Gzip, piece: string | Buffer): Promise<void> {
  if (gzip.write(piece)) return
  // If the file could not be written meanwhile, neither room nor an error would come any more.
  if (gzip.destroyed) throw gzip.errored ?? new Error('The file was closed.')
  await once(gzip, 'drain')
}
