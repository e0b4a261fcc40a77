// `npm test`: installs, builds, lints and runs every suite, a few parts at a time; goes on after a failed part, and
// ends with the line `N passed, N failed`. `npm test -- unit database` runs those parts alone.
import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { ensureInstalled, root } from './install.mjs'
import { OLDER_VERSIONS, provideOlderPostgres } from './older-postgres.mjs'

ensureInstalled()

const bin = (name) => path.join(root, 'node_modules', name)
const node = (...args) => ({ command: process.execPath, args })
const mocha = (folder, { environment = {}, without = [], only = [''] } = {}) => ({
  // WebAssembly is compiled only once: recompiling it with optimizations during the tests takes longer than it saves.
  ...node(
    // Only for the tests: the programs that they start would read the source map of each bundle at each start.
    '--enable-source-maps',
    '--liftoff-only',
    bin('mocha/bin/mocha.js'),
    // A limit only for hanging tests: the same machine has taken 2.4 times its usual time.
    '--timeout=600000',
    `--reporter=${path.join(root, 'scripts', 'counting-reporter.cjs')}`,
    '--recursive',
    ...without.map((part) => `--ignore=${path.join('out', 'test', folder, existing(folder, part))}`),
    ...only.map((part) => path.join('out', 'test', folder, existing(folder, part))),
  ),
  environment,
  counted: true,
})

/** The same part: a file that was renamed would run again, unnoticed. */
function existing(folder, part) {
  const source = path.join(root, 'test', folder, part.replace('/**', '').replace(/\.js$/, '.ts'))
  if (!fs.existsSync(source)) throw new Error(`scripts/test.mjs leaves out ${source}, which does not exist.`)
  return part
}

/** One after the other: what all the others need. */
const BUILD = [
  // What `npm run demo` and `npm run build` make; the production build then writes over it.
  { name: 'build for development', ...node('esbuild.mjs') },
  { name: 'build', ...node('esbuild.mjs', '--production') },
  { name: 'test bundles', ...node('esbuild.mjs', '--tests') },
]

/**
 * Tests of what hardly depends on the server's version (our own journal after a kill or a broken connection, a pooler,
 * embedded databases, generated files and folders, the form of values that are put aside, questions and refusals): they
 * run on the system's PostgreSQL alone. What they migrate is migrated on both by `properties` and `beside-prisma`.
 */
const NOT_ABOUT_THE_SERVER = [
  ...['actor/**', 'chaos/**', 'embedded/**', 'generate/**', 'migration/rehearsal/**', 'sandbox/**'],
  ...['backup/back-up.test.js', 'backup/export.test.js', 'backup/levels.test.js', 'backup/tables.test.js', 'sample/**'],
  ...['history/broken-off.test.js', 'history/history.test.js'],
  ...['migration/broken-runs.test.js', 'migration/commands.test.js', 'migration/connection-faults.test.js'],
  ...['migration/new-tables-stopped.test.js', 'migration/run-target.test.js', 'migration/take-back.test.js'],
  ...['migration/unfinished.test.js'],
  ...['backup/container.test.js', 'backup/damaged-archives.test.js', 'backup/damaged-dumps.test.js'],
  ...['backup/foreign-files.test.js', 'backup/faults.test.js'],
  ...['backup/estimate.test.js', 'backup/lost-places.test.js', 'backup/many-objects.test.js'],
  ...['backup/passwords.test.js', 'backup/poolers.test.js', 'migration/large-installations.test.js'],
  ...['migration/encodings.test.js', 'migration/odd-settings.test.js'],
  ...['migration/beside-application.test.js', 'migration/objects-beside.test.js', 'migration/preserved-copies.test.js'],
  ...['migration/faults.test.js', 'migration/foreseen-writes.test.js', 'migration/tried-triggers.test.js', 'target/**'],
  ...['migration/blockers.test.js', 'migration/journal/**', 'migration/places.test.js', 'editor/**'],
  ...['migration/application-writes.test.js', 'migration/ask-rows.test.js', 'migration/existing-rows.test.js'],
  ...['migration/preserved-matrix.test.js', 'migration/preserved-nulls.test.js', 'migration/preserved-values.test.js'],
]

/** Migrations that are killed, delayed or rejected: they wait more than they work, so they have a lane of their own. */
const BROKEN_MIGRATIONS = [
  ...['beside-application.test.js', 'blockers.test.js', 'broken-runs.test.js', 'connection-faults.test.js'],
  ...['faults.test.js', 'objects-beside.test.js', 'places.test.js', 'preserved-copies.test.js'],
  ...['preserved-values.test.js', 'run-target.test.js', 'unfinished.test.js'],
]

/** What a person does in a terminal takes twice as long as any other room, so whole jobs have a lane of their own. */
const WHOLE_JOBS = [
  ...['actor.test.js', 'backups.test.js', 'demo.test.js', 'drift.test.js', 'guide-case.test.js', 'history.test.js'],
  ...['hostile-objects.test.js', 'objects-in-our-place.test.js', 'rehearse.test.js', 'schema-edits.test.js'],
  ...['summary.test.js'],
]

/**
 * Parts that only read the sources: two minutes of processor time that wait until the lanes are empty, and continue
 * during the editor tests.
 */
const SOURCES = [
  {
    name: 'style',
    // Room for short-lived objects: collecting them takes a tenth of the processor time otherwise.
    ...node('--max-semi-space-size=128', bin('eslint/bin/eslint.js'), '--max-warnings=0', '.'),
  },
  { name: 'types', ...node(bin('typescript/bin/tsc'), '--noEmit') },
  { name: 'format', ...node(bin('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.') },
  {
    name: 'walls',
    ...node(
      bin('dependency-cruiser/bin/dependency-cruise.mjs'),
      '--output-type=err',
      'action/src',
      'client/src',
      'protocol/src',
      'server/src',
    ),
  },
  { name: 'unused', ...node(bin('knip/bin/knip.js'), '--no-progress') },
].map((part) => ({ ...part, isPatient: true }))

/**
 * On two processors, four left them idle for two fifths of the time, since tests wait for a server or a child for more
 * than half of theirs. More would need memory that a small machine lacks.
 */
const LANES = 6

/** The number of concurrent parts, the longest first. */
const CHECKS = [
  { name: 'terminal', ...mocha('terminal', { without: WHOLE_JOBS }) },
  { name: 'terminal, whole jobs', ...mocha('terminal', { only: WHOLE_JOBS }) },
  {
    name: 'database, migrations',
    ...mocha('database/migration', { without: ['rehearsal/**', ...BROKEN_MIGRATIONS] }),
  },
  {
    name: 'database, newest PostgreSQL',
    ...mocha('database', { environment: { PRISMA_AUDIT_TEST_POSTGRES: 'embedded' }, without: NOT_ABOUT_THE_SERVER }),
  },
  { name: 'database, backups', ...mocha('database/backup') },
  { name: 'database, rehearsals', ...mocha('database/migration/rehearsal') },
  { name: 'database, broken migrations', ...mocha('database/migration', { only: BROKEN_MIGRATIONS }) },
  { name: 'database', ...mocha('database', { without: ['migration/**', 'backup/**', 'history/**'] }) },
  { name: 'database, history', ...mocha('database/history') },
  { name: 'server', ...mocha('server') },
  ...OLDER_VERSIONS.map((version) => ({
    name: `catalog, PostgreSQL ${version.split('.')[0]}`,
    ...mocha('database/catalog', { environment: { PRISMA_AUDIT_TEST_POSTGRES: 'embedded' } }),
    prepare: () => ({ PRISMA_AUDIT_EMBEDDED_FROM: provideOlderPostgres(version) }),
  })),
  { name: 'unit', ...mocha('unit') },
  { name: 'scripts', ...mocha('scripts') },
]

/**
 * Last, and alone but for those, since a person's clicks in an editor are about time. From the start, beside the others,
 * the whole run took 6 % longer.
 */
const EDITOR = [
  {
    name: 'editor',
    ...node('scripts/editor/run.mjs', '--built'),
    environment: { PRISMA_AUDIT_QUICK_PACKAGE: '1' },
    counted: true,
  },
]

/** Milliseconds: a bound for what hangs alone. */
const LONGEST_PART = 60 * 60_000

const wanted = process.argv.slice(2)
const chosen = (parts) => parts.filter((part) => wanted.length === 0 || wanted.includes(part.name))
const folder = fs.mkdtempSync(path.join(roomyMemory() ?? os.tmpdir(), 'prisma-audit-test-'))
// A server that root starts runs as another user, who must be able to access its files.
fs.chmodSync(folder, 0o711)
const built = await runParts(chosen(BUILD), 1)
const lanes = new EventEmitter()
const reading = once(lanes, 'empty').then(() => runParts(chosen(SOURCES), 1))
const checked = await runParts(chosen(CHECKS), LANES, () => lanes.emit('empty'))
const edited = await runParts(chosen(EDITOR), 1)
const rows = [...built, ...checked, ...edited, ...(await reading)]
fs.rmSync(folder, { recursive: true, force: true })

console.log('')
for (const { name, passed, failed, seconds } of rows) {
  console.log(`${failed === 0 ? 'ok    ' : 'FAILED'}  ${name}: ${passed} passed, ${failed} failed (${seconds} s)`)
}
// Once more, and short: of a long log, a person and a CI system show the end.
for (const { name, failures } of rows) {
  for (const { title, message } of failures) {
    console.log(`\n${name}: ${title}\n${message.slice(0, 400).replace(/^/gm, '    ')}`)
  }
}
const total = (key) => rows.reduce((sum, row) => sum + row[key], 0)
console.log(`\n${total('passed')} passed, ${total('failed')} failed`)
process.exit(total('failed') === 0 ? 0 : 1)

/**
 * Hundreds of databases are made and thrown away, and their files cost a sixth of the time where they are on a disk.
 * Null where memory is scarce: they take a few gigabytes.
 */
function roomyMemory() {
  const place = '/dev/shm'
  const enough = 12 * 2 ** 30
  if (os.platform() !== 'linux' || !fs.existsSync(place)) return null
  const { bavail, bsize } = fs.statfsSync(place)
  return bavail * bsize >= enough && availableMemory() >= enough ? place : null
}

function availableMemory() {
  const [, kibibytes] = /^MemAvailable: +(\d+) kB$/m.exec(fs.readFileSync('/proc/meminfo', 'utf8')) ?? []
  return Number(kibibytes ?? 0) * 1024
}

/** `onEmpty` is called when the last part has been taken. */
async function runParts(parts, atOnce, onEmpty = () => {}) {
  const results = []
  let next = 0
  const lane = async () => {
    while (next < parts.length) {
      const position = next++
      results[position] = await runPart(parts[position])
    }
    onEmpty()
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  return results
}

/**
 * Shows what a part printed when it is over. A part that writes counts is counted by them; any other part, or one that
 * broke, counts as one check.
 */
async function runPart(part) {
  const { name, environment = {}, counted = false, prepare = () => ({}) } = part
  const file = path.join(fs.mkdtempSync(path.join(folder, 'part-')), 'counts.json')
  const started = Date.now()
  const { status, output } = await runQuietly(part, {
    ...process.env,
    // What the product keeps between its runs is not to pile up with the user's.
    XDG_CACHE_HOME: path.join(folder, 'cache'),
    TMPDIR: folder,
    ...environment,
    ...prepare(),
    PRISMA_AUDIT_COUNTS: file,
  })
  process.stdout.write(`\n== ${name}\n${output}`)
  const counts = counted && fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : null
  const passed = counts?.passed ?? (status === 0 && !counted ? 1 : 0)
  const failed = Math.max(counts?.failed ?? 0, status === 0 && (!counted || counts !== null) ? 0 : 1)
  const failures = counts?.failures ?? []
  return { name, passed, failed, failures, seconds: Math.round((Date.now() - started) / 1000) }
}

function runQuietly({ command, args, isPatient = false }, env) {
  return new Promise((resolve) => {
    // A hanging test must not block the whole run.
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: LONGEST_PART })
    if (isPatient && child.pid !== undefined) os.setPriority(child.pid, os.constants.priority.PRIORITY_LOW)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (output += text))
    }
    child.once('error', (error) => resolve({ status: 1, output: `${output}${error.message}\n` }))
    child.once('close', (code) => resolve({ status: code ?? 1, output }))
  })
}
