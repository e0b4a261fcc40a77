import fs from 'node:fs'
import path from 'node:path'
import { makeTemporaryFolder } from '../../files/temporary-folders'
import { dumpWithBuiltIn } from '../../backup/built-in/run-built-in-dump'
import { remove } from '../../platform/lasting-files'

/**
 * Structure and rows of a database as a text that is equal for equal databases. The lines are sorted, because a row
 * that was updated and changed back is at another place in its table.
 */
export async function dumpForComparison(url: string, signal: AbortSignal): Promise<string> {
  const folder = makeTemporaryFolder('demo')
  const outputPath = path.join(folder, 'dump.sql')
  try {
    await dumpWithBuiltIn({
      url,
      args: ['--no-owner', '--no-privileges'],
      outputPath,
      environment: process.env,
      signal,
    })
    return (
      fs
        .readFileSync(outputPath, 'utf8')
        .split('\n')
        // pg_dump writes a random key around the script, new each time.
        .filter((line) => !line.startsWith('\\restrict') && !line.startsWith('\\unrestrict'))
        .sort()
        .join('\n')
    )
  } finally {
    remove(folder)
  }
}
