// Bundles: `node esbuild.mjs` writes dist/; `node esbuild.mjs --tests [PART …]` writes out/test/ (only the test files
// whose path contains one of the given parts). `--production` minifies and omits source maps; `--watch` rebuilds
// whenever a source changes; `--outdir=FOLDER` writes to a new folder instead of dist/.
import * as esbuild from 'esbuild'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeAssets } from './scripts/assets.mjs'
import { bundleChanges } from './scripts/bundle-changes.mjs'
import { bundleParts, partFiles, sharedParser } from './scripts/bundle-parts.mjs'
import { reportBuilds } from './scripts/report-builds.mjs'
import { writeThirdPartyNotices } from './scripts/third-party-notices.mjs'

const root = path.dirname(fileURLToPath(import.meta.url))
const given = process.argv.find((flag) => flag.startsWith('--outdir='))?.slice('--outdir='.length)
const dist = path.resolve(root, given ?? 'dist')

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'cjs',
  // jsonc-parser's CommonJS build is UMD, which cannot be bundled; its module build can.
  mainFields: ['module', 'main'],
  loader: { '.sql': 'text', '.txt': 'text' },
  logLevel: 'warning',
  legalComments: 'none',
  plugins: bundleChanges(root),
}

/** The bundles that users get, and the files next to them. */
async function bundleProduct({ production, compress = false }) {
  const began = Date.now()
  const metafiles = []
  for (const options of bundles({ production })) {
    const { metafile } = await esbuild.build({ ...options, metafile: true })
    metafiles.push(metafile)
  }
  if (production) metafiles.push(await bundleParts(mainBundle({ production })))
  await bundleSurroundings({ production, compress })
  writeThirdPartyNotices({ root, dist, metafiles })
  escapeNonAscii(dist)
  removeOlder(began)
}

/** Leftovers of an earlier build, such as a bundle under its old name, would be packaged. */
function removeOlder(began) {
  for (const name of listFiles(dist)) {
    // File systems round times.
    if (!name.includes(`${path.sep}sample${path.sep}`) && fs.statSync(name).mtimeMs < began - 2000) fs.rmSync(name)
  }
}

/**
 * A single non-ASCII character makes V8 store the whole source of a bundle with two bytes per character, as long as the
 * process lives. esbuild escapes all of them except in tagged templates; our tags do not read the raw text.
 */
function escapeNonAscii(folder) {
  for (const name of [
    'extension.js',
    'features.js',
    ...partFiles().filter((part) => fs.existsSync(path.join(folder, part))),
  ]) {
    const file = path.join(folder, name)
    const text = fs.readFileSync(file, 'utf8')
    const escaped = text.replace(
      /[^\0-\x7f]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    if (escaped !== text) fs.writeFileSync(file, escaped)
  }
}

/**
 * The same for development, until it is stopped: a failed build reports its errors, and the next change builds again.
 */
async function watchProduct() {
  await bundleSurroundings({ production: false })
  const report = reportBuilds()
  const contexts = bundles({ production: false }).map((options) =>
    esbuild.context({ ...options, logLevel: 'silent', plugins: [...options.plugins, report] }),
  )
  // All at once, so that the first does not finish before the last has started.
  for (const context of await Promise.all(contexts)) await context.watch()
}

function bundles({ production }) {
  const common = productOptions({ production })
  return [
    // What activation waits for, and what is loaded after the status bar is shown.
    {
      ...common,
      entryPoints: { extension: 'client/src/extension.ts' },
      external: [...common.external, './features'],
      supported: { 'dynamic-import': false },
    },
    { ...common, entryPoints: { features: 'client/src/features.ts' } },
    ...(production ? [] : [mainBundle({ production })]),
    // GitHub's runner starts it, and it starts the command line next to it.
    { ...common, entryPoints: { 'action/index': 'action/src/main.ts' }, sourcemap: false },
    // Runs in its own thread.
    {
      ...common,
      entryPoints: { 'application-search': 'server/src/application/search/worker.ts' },
      plugins: production ? [sharedParser, ...common.plugins] : common.plugins,
    },
    ...embeddedBundles({ production }),
  ]
}

/** The language server and the command line; in production in parts. */
function mainBundle({ production }) {
  return { ...productOptions({ production }), entryPoints: { main: 'server/src/main.ts' } }
}

/** `pg-native` is an optional part of pg that we never use. */
function productOptions({ production }) {
  return {
    ...shared,
    minify: production,
    sourcemap: production ? false : 'linked',
    external: ['vscode', 'pg-native'],
    // pg reads `Response` only to detect a Cloudflare worker; in Node, reading it loads a whole HTTP client.
    define: { __BUNDLE_FOLDER__: '__dirname', Response: 'undefined' },
    outdir: dist,
  }
}

/**
 * The embedded PostgreSQL and the built-in pg_dump, each in its own process, with their WebAssembly next to them. They
 * are ES modules because their packages find their files by `import.meta.url`; the thread that relays to `pg` is not
 * one.
 */
function embeddedBundles({ production }) {
  const common = {
    ...shared,
    minify: production,
    sourcemap: production ? false : 'linked',
    external: ['pg-native'],
    outdir: dist,
  }
  return [
    {
      ...common,
      entryPoints: {
        'embedded-server': 'server/src/embedded/embedded-server.ts',
        'built-in-dump': 'server/src/backup/built-in/built-in-dump.ts',
      },
      format: 'esm',
      outExtension: { '.js': '.mjs' },
    },
    { ...common, entryPoints: { 'built-in-dump-relay': 'server/src/backup/built-in/relay.ts' } },
  ]
}

/** Files that hardly ever change. */
async function bundleSurroundings({ production, compress = false }) {
  await bundleStarters(productOptions({ production }))
  await writeAssets({ root, dist, compress })
  copySample()
}

/** The programs: small scripts that enable Node's compile cache and load the bundle that does the work. */
async function bundleStarters(common) {
  for (const name of ['server', 'cli']) {
    await esbuild.build({
      ...common,
      entryPoints: { [name]: 'server/src/start.ts' },
      define: { ...common.define, __PROGRAM__: JSON.stringify(name) },
      sourcemap: false,
      ...(name === 'cli' ? { banner: { js: '#!/usr/bin/env node' } } : {}),
    })
  }
  fs.chmodSync(path.join(dist, 'cli.js'), 0o755)
  // Node reads the nearest package.json at each start, and the extension's own is long.
  fs.writeFileSync(path.join(dist, 'package.json'), '{ "type": "commonjs" }\n')
}

/** The demo creates a copy of the sample, wherever the command line is installed. */
function copySample() {
  const left = new Set(['node_modules', 'generated', 'dist', '.env', 'backups'])
  fs.cpSync(path.join(root, 'sample'), path.join(dist, 'sample'), {
    recursive: true,
    filter: (file) => !left.has(path.basename(file)),
  })
}

/** VS Code calls the first in its extension host; scripts/editor/run.mjs starts the second. */
const EDITOR_ENTRIES = [
  path.join('test', 'editor', 'suite', 'index.ts'),
  path.join('test', 'editor', 'harness', 'main.ts'),
]

/** One bundle per test file; packages stay external, so that they load as for everyone else. */
async function bundleTests(parts) {
  const wanted = listFiles(path.join(root, 'test'))
    .map((file) => path.relative(root, file))
    .filter(
      (file) =>
        (file.endsWith('.test.ts') && !file.startsWith(path.join('test', 'fixtures'))) || EDITOR_ENTRIES.includes(file),
    )
    .filter((file) => parts.length === 0 || parts.some((part) => file.includes(part)))
  const outdir = path.join(root, 'out', 'test')
  if (parts.length === 0) fs.rmSync(outdir, { recursive: true, force: true })
  await esbuild.build({
    ...shared,
    entryPoints: wanted,
    outbase: 'test',
    outdir,
    packages: 'external',
    external: ['vscode'],
    sourcemap: 'inline',
    sourcesContent: false,
    define: { __BUNDLE_FOLDER__: JSON.stringify(dist), __REPOSITORY__: JSON.stringify(root) },
  })
  return wanted.map((file) => path.join(root, 'out', file.replace(/\.ts$/, '.js')))
}

function listFiles(folder) {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
}

export { bundleProduct, bundleTests }

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const flags = process.argv.slice(2)
  if (flags.includes('--tests')) await bundleTests(flags.filter((flag) => !flag.startsWith('--')))
  else if (flags.includes('--watch')) await watchProduct()
  else if (given !== undefined && fs.existsSync(dist)) throw new Error(`${dist} exists. Files in it would be deleted.`)
  else await bundleProduct({ production: flags.includes('--production'), compress: flags.includes('--compress') })
}
