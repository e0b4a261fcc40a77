import { phrase } from '../../text/phrase'
import { isUtf8 } from 'node:buffer'
import { readBoundedFile } from '../../files/bounded-files'
import { archiveUnreadable, backupMissing } from '../errors'

/**
 * Reads a plain dump as one string. Throws `file-refused` if the file is too large for that, and `backup-unreadable` if
 * it is damaged.
 */
export function readPlainDump(file: string): string {
  const bytes = readBoundedFile(file, LARGEST)
  if (bytes === null) throw backupMissing(file, new Error('there is no such file'))
  if (!isUtf8(bytes)) throw archiveUnreadable(file, phrase`It contains bytes that are not UTF-8.`)
  return bytes.toString('utf8')
}

/** Bytes. As a string they may take twice as much, and our heap has 1 GB. */
const LARGEST = 400_000_000
