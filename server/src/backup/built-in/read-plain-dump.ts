import { readBoundedText } from '../../files/bounded-files'
import { backupMissing } from '../errors'

/** A plain dump is worked on as one text. Throws `file-refused` where it is none that could be. */
export function readPlainDump(file: string): string {
  const text = readBoundedText(file, LARGEST)
  if (text === null) throw backupMissing(file, new Error('there is no such file'))
  return text
}

/** Bytes. A text of JavaScript's has no more characters. */
const LARGEST = 512_000_000
