import type { ArchiveBytes } from './archive-bytes'

/** An archive's table of contents, as far as it locates data. */
export interface ArchiveContents {
  /** The minor version of the format 1.N: PostgreSQL 12 introduced 14, 16 introduced 15, 17 introduced 16. */
  readonly minor: number
  readonly entries: readonly ArchivedEntry[]
}

export interface ArchivedEntry {
  readonly id: number
  /** `TABLE DATA`, `BLOBS`. */
  readonly type: string
  /**
   * Offset of its data in a file of the custom format; null if it has none, `anywhere` if pg_dump could not seek back
   * to write it.
   */
  readonly place: number | 'anywhere' | null
  /** In a folder: the file with its data, without the suffix of its compression; otherwise empty. */
  readonly fileName: string
}

/** What pg_restore runs for an entry and may not show where it writes the archive as SQL. */
export interface HiddenSql {
  /** Before the rows: it runs all of it, and a second line passes for a row. */
  readonly copy: string
  /** pg_restore 18 leaves statistics out of schema and rows, but restores them. */
  readonly statistics: string
}

/**
 * Reads the header and contents of a file of the custom format or of a `toc.dat`; null for an unknown version.
 *
 * @param inspect called for each entry, and may throw
 */
export async function readArchiveContents(
  bytes: ArchiveBytes,
  inspect: (sql: HiddenSql) => void,
): Promise<ArchiveContents | null> {
  bytes.skip(MARK_LENGTH)
  const [major, minor] = [await bytes.byte(), await bytes.byte()]
  if (major !== 1 || minor < 12 || minor > 16) return null
  await bytes.byte()
  bytes.setSizes(await bytes.byte(), await bytes.byte())
  const isCustom = (await bytes.byte()) === CUSTOM
  await (minor >= 15 ? bytes.byte() : bytes.integer())
  for (let part = 0; part < PARTS_OF_TIME; part++) await bytes.integer()
  for (let text = 0; text < 3; text++) await bytes.skipText()
  const entries: ArchivedEntry[] = []
  for (let left = await bytes.integer(); left > 0; left--)
    entries.push(await readEntry(bytes, { minor, isCustom, inspect }))
  return { minor, entries }
}

async function readEntry(
  bytes: ArchiveBytes,
  given: { readonly minor: number; readonly isCustom: boolean; readonly inspect: (sql: HiddenSql) => void },
): Promise<ArchivedEntry> {
  const { minor, isCustom, inspect } = given
  const id = await bytes.integer()
  await bytes.integer()
  // Two catalog numbers and the name.
  for (let text = 0; text < 3; text++) await bytes.skipText()
  const type = (await bytes.text()) ?? ''
  await bytes.integer()
  // The SQL that creates, drops and fills it.
  let statistics = ''
  if (type === 'STATISTICS DATA') statistics = await bytes.sql()
  else await bytes.skipText()
  await bytes.skipText()
  inspect({ copy: await bytes.sql(), statistics })
  // Schema and tablespace; the access method.
  for (let text = 0; text < (minor >= 14 ? 3 : 2); text++) await bytes.skipText()
  if (minor >= 16) await bytes.integer()
  // The owner, and whether it has OIDs.
  for (let text = 0; text < 2; text++) await bytes.skipText()
  while ((await bytes.text()) !== null) continue
  if (!isCustom) return { id, type, place: null, fileName: (await bytes.text()) ?? '' }
  const state = await bytes.byte()
  const offset = await bytes.offset()
  const place = state === PLACE_SET ? offset : state === PLACE_NOT_SET ? ('anywhere' as const) : null
  return { id, type, place, fileName: '' }
}

const MARK_LENGTH = 'PGDMP'.length
const CUSTOM = 1
const PARTS_OF_TIME = 7
const PLACE_NOT_SET = 1
const PLACE_SET = 2
