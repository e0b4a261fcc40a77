import { isUtf8 } from 'node:buffer'
import { readBoundedFile } from '../../files/bounded-files'
import { archiveUnreadable, backupMissing } from '../errors'

/** A plain dump is worked on as one text. Throws `file-refused` where it is none that could be, and `backup-unreadable` where it is damaged. */
export function readPlainDump(file: string): string {
  const bytes = readBoundedFile(file, LARGEST)
  if (bytes === null) throw backupMissing(file, new Error('there is no such file'))
  if (!isUtf8(bytes)) throw archiveUnreadable(file, 'It contains bytes that are not UTF-8.')
  return bytes.toString('utf8')
}

/** Bytes. A text of JavaScript's has no more characters. */
const LARGEST = 512_000_000
