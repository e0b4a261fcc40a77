import { phrase } from '../../text/phrase'
import type { DatabaseClient } from '../../database/connect'
import { quoteIdentifier, quoteQualified } from '../../database/quote'
import type { BackupReader, ReadRequest } from '../backup-way'
import { copyTarget, type RowTarget } from '../sql/row-target'
import { tableNotInBackup, tableNotRestorable } from './errors'
import type { TableFacts } from './table-facts'

/** A table of a backup, loaded next to the original. */
export interface BesideTable {
  readonly facts: TableFacts
  /** Qualified and quoted. */
  readonly name: string
  /** Columns of the backup that the original also has. */
  readonly columns: readonly string[]
  /** Columns only in the backup, or only in the original. */
  readonly others: { readonly ofBackup: readonly string[]; readonly ofDatabase: readonly string[] }
}

/**
 * Loads the rows of one table into a table of the same name in another schema, without constraints and triggers.
 * Columns have the original's types; columns that the original no longer has are text.
 *
 * @throws AuditError `table-not-in-backup`, `table-not-restorable`, those of reading
 */
export async function loadBeside(
  client: DatabaseClient,
  reader: BackupReader,
  { facts, schema, request }: { readonly facts: TableFacts; readonly schema: string; readonly request: ReadRequest },
): Promise<BesideTable> {
  const { table } = facts
  const name = quoteQualified(schema, table)
  const original = quoteQualified(facts.schema, table)
  let target: RowTarget | null = null
  let loaded: readonly string[] = []
  const begin = async (columns: readonly string[]): Promise<void> => {
    loaded = columns
    const known = new Set(facts.columns.filter(({ isGenerated }) => !isGenerated).map((column) => column.name))
    const same = columns.filter((column) => known.has(column)).map(quoteIdentifier)
    await client.query(`CREATE TABLE ${name} AS SELECT ${same.join(', ')} FROM ONLY ${original} WITH NO DATA`)
    for (const column of columns.filter((each) => !known.has(each))) {
      await client.query(`ALTER TABLE ${name} ADD COLUMN ${quoteIdentifier(column)} pg_catalog.text`)
    }
    const list = columns.map(quoteIdentifier).join(', ')
    target = copyTarget(client, `COPY ${name} (${list}) FROM stdin`)
  }
  const rows = async (piece: Buffer) => await target?.rows(piece)
  try {
    const isThere = await reader.readRows({ ...request, schema: facts.schema, table }, { begin, rows })
    if (!isThere) throw tableNotInBackup(request.path, facts.name)
    await (target as RowTarget | null)?.end()
  } catch (error) {
    await (target as RowTarget | null)?.giveUp()
    throw error
  }
  const missing = facts.key.filter((column) => !loaded.includes(column))
  if (missing.length > 0) {
    throw tableNotRestorable(
      facts.name,
      phrase`The backup has no column ${missing.join(', ')}, which is part of the key.`,
    )
  }
  const stored = facts.columns.filter(({ isGenerated }) => !isGenerated)
  const columns = stored.filter((column) => loaded.includes(column.name)).map((column) => column.name)
  const ofDatabase = stored.filter((column) => !loaded.includes(column.name))
  const ofBackup = loaded.filter((column) => !columns.includes(column))
  return { facts, name, columns, others: { ofBackup, ofDatabase: ofDatabase.map((column) => column.name) } }
}
