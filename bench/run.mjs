// `npm run bench [-- ROW …]`: measures Prisma Audit beside its peers on a real PostgreSQL, prints a table and writes
// bench/results.json. Installs the peers on its first run. A missed target is printed and fails nothing.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureInstalled, root, run } from '../scripts/install.mjs'

ensureInstalled()

const bench = path.dirname(fileURLToPath(import.meta.url))
const packages = path.join(bench, 'node_modules')

installPeers()
const { bundleProduct } = await import('../esbuild.mjs')
await bundleProduct({ production: true })
const rows = process.argv.slice(2)
const { provisionEditor } = await import('../scripts/editor/provision.mjs')
const editor =
  rows.length === 0 || rows.some((row) => ['workbench', 'activation'].includes(row)) ? await provisionEditor() : null
run(process.execPath, ['--enable-source-maps', await bundleBench(), ...rows], {
  env: { ...process.env, PRISMA_AUDIT_PROVISIONED_EDITOR: JSON.stringify(editor) },
})

/** `npm ci` where there is nothing yet, or what is there was installed from another lock file. */
function installPeers() {
  const lock = path.join(bench, 'package-lock.json')
  const installed = path.join(packages, '.installed-lock.json')
  if (fs.existsSync(installed) && fs.readFileSync(installed, 'utf8') === fs.readFileSync(lock, 'utf8')) return
  console.log("Installing the bench's peers …")
  const flags = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  // `npm run bench` names npm's own script, which needs no shell on any system.
  const npmScript = process.env.npm_execpath
  if (npmScript?.endsWith('.js')) run(process.execPath, [npmScript, ...flags], { cwd: bench })
  else run('npm', flags, { cwd: bench })
  fs.copyFileSync(lock, installed)
}

/** The bundle stands among the peers, so that it finds them first and the project's own packages after them. */
async function bundleBench() {
  const { build } = await import('esbuild')
  const outfile = path.join(packages, '.bench', 'main.js')
  await build({
    absWorkingDir: root,
    entryPoints: [path.join('bench', 'src', 'main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    packages: 'external',
    loader: { '.sql': 'text', '.txt': 'text' },
    sourcemap: 'inline',
    logLevel: 'warning',
    define: {
      __BUNDLE_FOLDER__: JSON.stringify(path.join(root, 'dist')),
      __REPOSITORY__: JSON.stringify(root),
    },
  })
  return outfile
}
