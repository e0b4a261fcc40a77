// `npm test`: installs, builds, lints and runs every suite; goes on after a failed part, and ends with the line
// `N passed, N failed`. `npm test -- unit database` runs those parts alone.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { ensureInstalled, root } from './install.mjs'
import { OLDER_VERSIONS, provideOlderPostgres } from './older-postgres.mjs'

ensureInstalled()

const bin = (name) => path.join(root, 'node_modules', name)
const node = (script, ...args) => ({ command: process.execPath, args: [script, ...args] })
const mocha = (folder, environment = {}) => ({
  ...node(
    bin('mocha/bin/mocha.js'),
    '--timeout=120000',
    `--reporter=${path.join(root, 'scripts', 'counting-reporter.cjs')}`,
    '--recursive',
    path.join('out', 'test', folder),
  ),
  environment: { NODE_OPTIONS: '--enable-source-maps', ...environment },
  counted: true,
})

const PARTS = [
  { name: 'build', ...node('esbuild.mjs', '--production') },
  { name: 'types', ...node(bin('typescript/bin/tsc'), '--noEmit') },
  { name: 'style', ...node(bin('eslint/bin/eslint.js'), '--max-warnings=0', '.') },
  { name: 'format', ...node(bin('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.') },
  {
    name: 'walls',
    ...node(
      bin('dependency-cruiser/bin/dependency-cruise.mjs'),
      '--output-type=err',
      'client/src',
      'protocol/src',
      'server/src',
    ),
  },
  { name: 'unused', ...node(bin('knip/bin/knip.js'), '--no-progress') },
  { name: 'test bundles', ...node('esbuild.mjs', '--tests') },
  { name: 'unit', ...mocha('unit') },
  { name: 'database', ...mocha('database') },
  { name: 'database, newest PostgreSQL', ...mocha('database', { PRISMA_AUDIT_TEST_POSTGRES: 'embedded' }) },
  ...OLDER_VERSIONS.map((version) => ({
    name: `catalog, PostgreSQL ${version.split('.')[0]}`,
    ...mocha('database/catalog', { PRISMA_AUDIT_TEST_POSTGRES: 'embedded' }),
    prepare: () => ({ PRISMA_AUDIT_EMBEDDED_FROM: provideOlderPostgres(version) }),
  })),
  { name: 'server', ...mocha('server') },
  { name: 'terminal', ...mocha('terminal') },
  { name: 'editor', ...node('scripts/editor/run.mjs', '--built'), counted: true },
]

/** Milliseconds. */
const LONGEST_PART = 15 * 60_000

const wanted = process.argv.slice(2)
const parts = PARTS.filter((part) => wanted.length === 0 || wanted.includes(part.name))
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-test-'))
const totals = { passed: 0, failed: 0 }
const rows = parts.map(runPart)
fs.rmSync(folder, { recursive: true, force: true })

console.log('')
for (const { name, passed, failed, seconds } of rows) {
  console.log(`${failed === 0 ? 'ok    ' : 'FAILED'}  ${name}: ${passed} passed, ${failed} failed (${seconds} s)`)
}
console.log(`\n${totals.passed} passed, ${totals.failed} failed`)
process.exit(totals.failed === 0 ? 0 : 1)

/** A part that writes counts is counted by them; any other part, or one that broke, counts as one check. */
function runPart({ name, command, args, environment = {}, counted = false, prepare = () => ({}) }) {
  console.log(`\n== ${name}`)
  const file = path.join(folder, 'counts.json')
  fs.rmSync(file, { force: true })
  const started = Date.now()
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    // A test that hangs must not keep the whole run.
    timeout: LONGEST_PART,
    env: { ...process.env, ...environment, ...prepare(), PRISMA_AUDIT_COUNTS: file },
  })
  const counts = counted && fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : null
  const passed = counts?.passed ?? (status === 0 && !counted ? 1 : 0)
  const failed = Math.max(counts?.failed ?? 0, status === 0 && (!counted || counts !== null) ? 0 : 1)
  totals.passed += passed
  totals.failed += failed
  return { name, passed, failed, seconds: Math.round((Date.now() - started) / 1000) }
}
