import fs from 'node:fs'
import path from 'node:path'
import { makeTemporaryFolder } from '../../files/temporary-folders'
import type { RowSink, RowsRequest } from '../backup-way'
import { archiveUnreadable, backupCancelled } from '../errors'
import { copiedColumns } from '../sql/copied-columns'
import { isAborted } from '../aborted'
import type { PgDump } from './find-pg-dumps'
import { runProgram } from './run-program'

/** The rows of one table of an archive, as pg_restore writes them out: first into a file of ours, which needs the space for them. */
export async function readArchivedRows(
  { schema, table, path: archive, environment, signal, program }: RowsRequest & { readonly program: PgDump },
  sink: RowSink,
): Promise<boolean> {
  const folder = makeTemporaryFolder('rows')
  const file = path.join(folder, 'rows.sql')
  try {
    const words = ['--data-only', `--schema=${schema}`, `--table=${table}`, `--file=${file}`, archive]
    const run = await runProgram(program.restorePath, words, { environment: { ...environment, LC_ALL: 'C' }, signal })
    if (isAborted(signal)) throw backupCancelled()
    if (run.exitCode !== 0) throw archiveUnreadable(archive, run.output.trim())
    return await handOn(file, sink)
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/** What stands between the one COPY statement and the line that ends it. */
async function handOn(file: string, sink: RowSink): Promise<boolean> {
  let pending: Buffer = Buffer.alloc(0)
  let isInRows = false
  for await (const piece of fs.createReadStream(file)) {
    pending = Buffer.concat([pending, piece as Buffer])
    if (!isInRows) {
      const end = endOfCopy(pending)
      if (end === -1) continue
      await sink.begin(copiedColumns(pending.toString('utf8', 0, end)))
      pending = pending.subarray(end)
      isInRows = true
    }
    const last = endOfRows(pending)
    const whole = last === -1 ? pending.lastIndexOf(NEWLINE) + 1 : last
    if (whole > 0) await sink.rows(pending.subarray(0, whole))
    if (last !== -1) return true
    pending = pending.subarray(whole)
  }
  return false
}

const NEWLINE = 10

function endOfCopy(text: Buffer): number {
  const start = text.indexOf('\nCOPY ')
  const end = start === -1 ? -1 : text.indexOf(' FROM stdin;\n', start)
  return end === -1 ? -1 : end + ' FROM stdin;\n'.length
}

/** A backslash is doubled in a value, so that `\.` on a line of its own is the end. */
function endOfRows(rows: Buffer): number {
  if (rows.subarray(0, 3).equals(Buffer.from('\\.\n'))) return 0
  const end = rows.indexOf('\n\\.\n')
  return end === -1 ? -1 : end + 1
}
