import { isAborted } from '../aborted'
import type { BackupReader, BackupWay, Inventory, ReadRequest } from '../backup-way'
import { childEnvironment } from '../../embedded/child-environment'
import { archiveUnreadable, backupCancelled } from '../errors'
import { InventoryScanner } from './inventory-scanner'
import { dumpNatively } from './dump-natively'
import type { PgDump } from './find-pg-dumps'
import { readArchivedRows } from './read-rows'
import { restoreNatively } from './restore-natively'
import { runProgram } from './run-program'

/** An archive in pg_dump's custom format, by an installed pg_dump. */
export function nativeWay(program: PgDump): BackupWay {
  return {
    kind: 'native',
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
export async function readArchive(options: ReadRequest & { readonly program: PgDump }): Promise<Inventory> {
  const structure = await scanArchive('--schema-only', options)
  const data = await scanArchive('--data-only', options)
  return { entries: structure.entries, rows: data.rows }
}

async function scanArchive(
  part: '--schema-only' | '--data-only',
  { program, path, environment, signal }: ReadRequest & { readonly program: PgDump },
): Promise<Inventory> {
  const scanner = new InventoryScanner()
  const run = await runProgram(program.restorePath, [part, '--file=-', path], {
    environment: { ...childEnvironment(environment), LC_ALL: 'C' },
    signal,
    onOutput: (piece) => {
      scanner.write(piece)
    },
  })
  if (isAborted(signal)) throw backupCancelled()
  const { isWhole, ...inventory } = scanner.end()
  if (run.exitCode !== 0) throw archiveUnreadable(path, run.output.trim())
  if (!isWhole) throw archiveUnreadable(path, 'pg_restore ended before the end of the dump.')
  return inventory
}
