import fs from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import { writeAtOnce } from './compressed.mjs'

/**
 * A new PostgreSQL data folder as a tar archive, created once for each version of PGlite, because initdb takes 10 to 15
 * seconds.
 */
export async function freshDataFolder(root) {
  const { version } = JSON.parse(
    fs.readFileSync(path.join(root, 'node_modules/@electric-sql/pglite/package.json'), 'utf8'),
  )
  const file = path.join(root, 'node_modules/.cache/prisma-audit', `data-folder-${version}.tar.gz`)
  if (!fs.existsSync(file)) writeAtOnce(file, await promisify(zlib.gzip)(await makeDataFolder(), { level: 1 }))
  return zlib.gunzipSync(fs.readFileSync(file))
}

async function makeDataFolder() {
  const { PGlite } = await import('@electric-sql/pglite')
  const database = await PGlite.create()
  // The WAL of initdb is half of the compressed archive, and not needed after a checkpoint.
  await database.exec('SET wal_recycle = off; SELECT pg_switch_wal(); CHECKPOINT; SELECT pg_switch_wal(); CHECKPOINT')
  const archive = await database.dumpDataDir('none')
  await database.close()
  return Buffer.from(await archive.arrayBuffer())
}
