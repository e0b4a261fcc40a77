import { phrase } from '../../text/phrase'
import path from 'node:path'
import { readBoundedText } from '../../files/bounded-files'
import { isFolder, listFolder } from '../backup-folder'
import { archiveUnreadable } from '../errors'
import { copiedTable } from '../sql/copied-columns'
import { requireDumpStatement } from '../sql/dump-statements'
import { splitStatements } from '../sql/split-statements'
import { ArchiveBytes } from './archive-bytes'
import { readArchiveContents, type ArchiveContents, type HiddenSql } from './archive-contents'
import { copiesMoreThanRows } from './errors'

/**
 * Rejects an archive with data that belongs to no object in its table of contents: pg_restore seeks what it needs and
 * ignores everything else. Also rejects a folder whose table of contents names a file elsewhere, which pg_restore would
 * load, and SQL that pg_restore runs and does not show. Archives of a newer pg_dump are left to pg_restore.
 *
 * @throws AuditError `backup-unreadable`
 */
export async function requireWholeArchive(archive: string, signal?: AbortSignal): Promise<void> {
  await (isFolder(archive) ? requireWholeFolder(archive) : requireWholeFile(archive, signal))
}

async function requireWholeFile(file: string, signal: AbortSignal | undefined): Promise<void> {
  await ArchiveBytes.read(file, async (bytes) => {
    const contents = await readArchiveContents(bytes, (sql) => {
      requireKnownSql(file, sql)
    })
    if (contents === null) return
    const places = new Map(contents.entries.map(({ id, place }) => [id, place]))
    while (bytes.place < bytes.size) {
      signal?.throwIfAborted()
      const start = bytes.place
      const kind = await bytes.byte()
      const id = kind === ROWS || kind === LARGE_OBJECTS ? await bytes.integer() : null
      const expected = id === null ? null : places.get(id)
      if (id !== null) places.delete(id)
      if (expected !== start && expected !== 'anywhere')
        throw archiveUnreadable(
          file,
          phrase`It has bytes at ${String(start)} that belong to nothing in its table of contents.`,
        )
      if (kind === ROWS) await skipPieces(bytes)
      else while ((await bytes.integer()) !== 0) await skipPieces(bytes)
    }
  })
}

async function skipPieces(bytes: ArchiveBytes): Promise<void> {
  for (let length = await bytes.integer(); length !== 0; length = await bytes.integer()) bytes.skip(length)
}

/** The type byte of a data block. */
const ROWS = 1
const LARGE_OBJECTS = 3

async function requireWholeFolder(folder: string): Promise<void> {
  const files = listFolder(folder).map(({ name }) => name)
  const contents = await ArchiveBytes.read(path.join(folder, 'toc.dat'), async (bytes) => {
    const read = await readArchiveContents(bytes, (sql) => {
      requireKnownSql(folder, sql)
    })
    if (read !== null && bytes.place !== bytes.size)
      throw archiveUnreadable(folder, phrase`Its toc.dat has bytes after the table of contents.`)
    return read
  })
  if (contents === null) return
  const found = new Set(files.map((name) => name.replace(COMPRESSED, '')))
  const named = namedFiles(folder, contents, found)
  const missing = [...named].find((name) => !found.has(name))
  if (missing !== undefined)
    throw archiveUnreadable(folder, phrase`It contains no file ${missing}, which its table of contents names.`)
  const other = files.find((name) => !named.has(name.replace(COMPRESSED, '')))
  if (other !== undefined || found.size !== files.length)
    throw archiveUnreadable(
      folder,
      phrase`It contains ${other ?? phrase`a file twice, compressed and not`}, which its table of contents does not name.`,
    )
}

function requireKnownSql(archive: string, { copy, statistics }: HiddenSql): void {
  if (copy !== '' && copiedTable(copy.replace(/;\n$/, '')) === null) throw copiesMoreThanRows(archive)
  for (const statement of splitStatements(statistics)) requireDumpStatement(archive, statement)
}

/** Without the suffixes of compression. */
function namedFiles(
  folder: string,
  { entries, minor }: ArchiveContents,
  found: ReadonlySet<string>,
): ReadonlySet<string> {
  const named = new Set(['toc.dat'])
  for (const { type, fileName } of entries) {
    // The file of large objects always has this name in archives of older versions.
    const name = type === 'BLOBS' && minor < 16 ? 'blobs.toc' : fileName
    if (name === '') continue
    named.add(name)
    if (type !== 'BLOBS' || !found.has(name)) continue
    const list = readBoundedText(path.join(folder, name), LARGEST_LIST) ?? ''
    for (const line of list.split('\n')) {
      const [, ofLargeObject] = /^\d+ (.*)$/.exec(line) ?? []
      if (ofLargeObject !== undefined) named.add(ofLargeObject)
    }
  }
  return named
}

const COMPRESSED = /\.(?:gz|lz4|zst)$/

/** Bytes. Some millions of large objects. */
const LARGEST_LIST = 128_000_000
