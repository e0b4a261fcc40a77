// What the embedded PostgreSQL and the built-in pg_dump need beside their bundles: PGlite's files, its extensions, and a
// data folder on which initdb has already run.
import fs from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import zlib from 'node:zlib'

/** Copies everything into `dist`, some 20 MB. The first call on a machine runs initdb, which takes 10 to 15 seconds. */
export async function copyEmbeddedAssets({ root, dist }) {
  const pglite = path.join(root, 'node_modules/@electric-sql/pglite/dist')
  const copy = (from, to) => {
    fs.mkdirSync(path.dirname(path.join(dist, to)), { recursive: true })
    fs.copyFileSync(from, path.join(dist, to))
  }
  for (const name of ['pglite.wasm', 'pglite.data', 'initdb.wasm']) copy(path.join(pglite, name), name)
  copy(path.join(root, 'node_modules/@electric-sql/pglite-tools/dist/pg_dump.wasm'), 'pg_dump.wasm')
  const extensions = readJson(path.join(root, 'server/src/embedded/extensions.json'))
  for (const name of extensions) {
    const folder = name === 'vector' ? path.join(pglite, '../../pglite-pgvector/dist') : pglite
    copy(path.join(folder, `${name}.tar.gz`), `extensions/${name}.tar.gz`)
  }
  copy(await freshDataFolder(root), 'pglite-data.tar.br')
}

/**
 * As a Brotli archive, a third of what gzip makes of it: the three databases of a new cluster are nearly the same, and
 * only a window of megabytes sees that.
 */
async function freshDataFolder(root) {
  const { version } = readJson(path.join(root, 'node_modules/@electric-sql/pglite/package.json'))
  const file = path.join(root, 'node_modules/.cache/prisma-audit', `pglite-data-${version}.tar.br`)
  if (fs.existsSync(file)) return file
  const { PGlite } = await import('@electric-sql/pglite')
  const database = await PGlite.create()
  const archive = await database.dumpDataDir('none')
  await database.close()
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_MAX_WINDOW_BITS } = zlib.constants
  const params = { [BROTLI_PARAM_QUALITY]: 9, [BROTLI_PARAM_LGWIN]: BROTLI_MAX_WINDOW_BITS }
  const compressed = await promisify(zlib.brotliCompress)(Buffer.from(await archive.arrayBuffer()), { params })
  fs.mkdirSync(path.dirname(file), { recursive: true })
  // Two builds may run at once; neither may see the other's half-written file.
  fs.writeFileSync(`${file}.${process.pid}`, compressed)
  fs.renameSync(`${file}.${process.pid}`, file)
  return file
}

function readJson(file) {
  return JSON.parse(fs.readFileSync(file, 'utf8'))
}
