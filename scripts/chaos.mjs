// `npm run chaos -- --minutes N [--seed S] [--rows R]`: migrations, rollbacks, backups and restores on a real
// PostgreSQL while commands are killed, sessions are terminated, the server crashes and an application writes. Not part
// of `npm test`, which has one short round of it.
import path from 'node:path'
import { ensureInstalled, root, run } from './install.mjs'

ensureInstalled()
const { build } = await import('esbuild')
const { bundleProduct } = await import('../esbuild.mjs')
await bundleProduct({ production: true })
const outfile = path.join(root, 'out', 'chaos', 'main.js')
await build({
  absWorkingDir: root,
  entryPoints: [path.join('test', 'chaos', 'main.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20.19',
  packages: 'external',
  sourcemap: 'inline',
  define: {
    __BUNDLE_FOLDER__: JSON.stringify(path.join(root, 'dist')),
    __REPOSITORY__: JSON.stringify(root),
  },
})
run(process.execPath, ['--enable-source-maps', outfile, ...process.argv.slice(2)])
