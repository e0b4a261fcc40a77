// The files next to the bundles in dist/: the WebAssembly and the archives of packages, and a data folder from initdb.
// `npm run build` leaves them uncompressed, so that it takes no time; in the VSIX the large ones are compressed.
import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import { compressed } from './compressed.mjs'
import { freshDataFolder } from './data-folder.mjs'
import { withoutInitdbFiles } from './pglite-data.mjs'
import { withoutCustomSections } from './wasm-sections.mjs'

/** Writes all of them, some 20 MB. The first call on a machine runs initdb, which takes 10 to 15 seconds. */
export async function writeAssets({ root, dist, compress }) {
  const assets = await assetsOf(root)
  for (const folder of ['.', 'extensions']) fs.mkdirSync(path.join(dist, folder), { recursive: true })
  await Promise.all(assets.map((asset) => writeAsset({ root, dist, compress, ...asset })))
}

async function assetsOf(root) {
  const packages = path.join(root, 'node_modules')
  const pglite = path.join(packages, '@electric-sql/pglite/dist')
  const read = (...names) => fs.readFileSync(path.join(...names))
  const large = (name, bytes) => ({ name, bytes, isLarge: true })
  const small = (name, bytes) => ({ name, bytes, isLarge: false })
  return [
    large('pglite.wasm', read(pglite, 'pglite.wasm')),
    large('pglite.data', withoutInitdbFiles(pglite)),
    { ...large('pglite-data.tar', await freshDataFolder(root)), isAlwaysCompressed: true },
    large('libpg-query.wasm', read(packages, 'libpg-query/wasm/libpg-query.wasm')),
    large(
      'prisma_schema_build_bg.wasm',
      withoutCustomSections(read(packages, '@prisma/prisma-schema-wasm/src/prisma_schema_build_bg.wasm')),
    ),
    small('pg_dump.wasm', read(packages, '@electric-sql/pglite-tools/dist/pg_dump.wasm')),
    ...JSON.parse(read(root, 'server/src/embedded/extensions.json')).map((name) => {
      const folder = name === 'vector' ? path.join(pglite, '../../pglite-pgvector/dist') : pglite
      return large(`extensions/${name}.tar`, zlib.gunzipSync(read(folder, `${name}.tar.gz`)))
    }),
  ]
}

async function writeAsset({ root, dist, compress, name, bytes, isLarge, isAlwaysCompressed = false }) {
  const file = path.join(dist, name)
  const [plain, packed] = [file, `${file}.br`]
  const isPacked = isAlwaysCompressed || (compress && isLarge)
  fs.writeFileSync(isPacked ? packed : plain, isPacked ? await compressed(root, bytes, compress) : bytes)
  fs.rmSync(isPacked ? plain : packed, { force: true })
}
