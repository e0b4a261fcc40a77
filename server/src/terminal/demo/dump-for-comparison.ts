import fs from 'node:fs'
import path from 'node:path'
import { makeTemporaryFolder } from '../../files/temporary-folders'
import { dumpWithBuiltIn } from '../../backup/built-in/run-built-in-dump'

/**
 * Structure and rows of a database as a text that is equal for equal databases: a row that was updated and changed back
 * stands elsewhere in its table, so the lines are sorted.
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
        // pg_dump writes a key of its own making, new each time, around the script.
        .filter((line) => !line.startsWith('\\restrict') && !line.startsWith('\\unrestrict'))
        .sort()
        .join('\n')
    )
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}
