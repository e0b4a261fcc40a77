import type { ArchiveBytes } from './archive-bytes'

/** An archive's own table of contents, as far as it says where data is. */
export interface ArchiveContents {
  /** Of the format's version, 1.N: 14 came with PostgreSQL 12, 15 with 16, 16 with 17. */
  readonly minor: number
  readonly entries: readonly ArchivedEntry[]
}

export interface ArchivedEntry {
  readonly id: number
  /** `TABLE DATA`, `BLOBS`. */
  readonly type: string
  /** Where its data begins in a file of the custom format: null where it has none, `anywhere` where pg_dump could not go back to say it. */
  readonly place: number | 'anywhere' | null
  /** Of a folder: the file with its data, without the ending of what compresses it; else empty. */
  readonly fileName: string
}

/** Reads the beginning of a file of the custom format or a `toc.dat`; null where its version is not known here. */
export async function readArchiveContents(bytes: ArchiveBytes): Promise<ArchiveContents | null> {
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
  for (let left = await bytes.integer(); left > 0; left--) entries.push(await readEntry(bytes, { minor, isCustom }))
  return { minor, entries }
}

async function readEntry(
  bytes: ArchiveBytes,
  { minor, isCustom }: { readonly minor: number; readonly isCustom: boolean },
): Promise<ArchivedEntry> {
  const id = await bytes.integer()
  await bytes.integer()
  // Two numbers of the catalog and the name.
  for (let text = 0; text < 3; text++) await bytes.skipText()
  const type = (await bytes.text()) ?? ''
  await bytes.integer()
  // The SQL that makes, drops and fills it; schema and tablespace; the access method.
  for (let text = 0; text < (minor >= 14 ? 6 : 5); text++) await bytes.skipText()
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
