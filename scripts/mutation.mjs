// `npm run mutation -- ROOM [FILE …]` (docs/mutation.md): changes the code of a room, one small thing at a time, and
// checks whether a test fails (Stryker). Rooms are listed in test/mutation/rooms.mjs; files are paths below the room.
// Takes from minutes for one file to hours for a room, so it is not part of `npm test`. The report is in out/mutation.
import fs from 'node:fs'
import path from 'node:path'
import { ensureInstalled, root, run, runNpm } from './install.mjs'
import { FILES, ROOMS } from '../test/mutation/rooms.mjs'

const [room, ...files] = process.argv.slice(2)
if (ROOMS[room] === undefined) {
  console.error(`Which room? ${Object.keys(ROOMS).join(', ')}`)
  process.exit(2)
}
const ownTests = files.map((file) => FILES[`${room}/${file.replace(/:.*$/, '')}`])
const tests = files.length > 0 && !ownTests.includes(undefined) ? [...new Set(ownTests.flat())] : ROOMS[room]
const name = [room, ...files].join('-').replaceAll(/[^\w.-]/g, '-')
ensureInstalled()

const folder = path.join(root, 'test', 'mutation')
const output = path.join(root, 'out', 'mutation')
if (!fs.existsSync(path.join(folder, 'node_modules'))) {
  runNpm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder })
}
fs.mkdirSync(output, { recursive: true })
// PostgreSQL's grammar and the embedded server are beside the bundles.
run(process.execPath, ['esbuild.mjs'])
const config = path.join(output, 'stryker.config.json')
const inside = (file) => `server/src/${room}/${file}`
fs.writeFileSync(
  config,
  JSON.stringify({
    plugins: [path.join(folder, 'node_modules/@stryker-mutator/mocha-runner/dist/src/index.js')],
    testRunner: 'mocha',
    mutate: (files.length === 0 ? ['**/*.ts'] : files).map(inside),
    buildCommand: `node esbuild.mjs --tests ${tests.join(' ')}`,
    mochaOptions: { spec: ['out/test/**/*.test.js'] },
    coverageAnalysis: 'perTest',
    // One at a time: each runner starts its own PostgreSQL, and tests of locks depend on time.
    concurrency: Number(process.env.PRISMA_AUDIT_MUTATION_RUNNERS ?? 1),
    timeoutMS: tests.some((part) => part.includes('database/')) ? 60_000 : 5000,
    reporters: ['clear-text', 'html', 'json'],
    clearTextReporter: { allowColor: false, allowEmojis: false, logTests: false, reportTests: false },
    htmlReporter: { fileName: path.join(output, `${name}.html`) },
    jsonReporter: { fileName: path.join(output, `${name}.json`) },
    tempDirName: 'out/mutation/sandbox',
    ignorePatterns: [
      '.cache',
      'bench',
      'client',
      'docs',
      'coverage',
      'demo',
      'out',
      'dist/sample',
      'test/editor/screenshots',
    ],
    allowConsoleColors: false,
    disableTypeChecks: true,
    checkers: [],
  }),
)
run(process.execPath, [path.join(folder, 'node_modules/@stryker-mutator/core/bin/stryker.js'), 'run', config])
