// `npm run mocha -- PART …`: bundles the test files whose path contains one of the parts and runs them with mocha.
// For work on one room; `npm test` runs everything.
import { spawnSync } from 'node:child_process'
import { bundleTests } from '../esbuild.mjs'

const parts = process.argv.slice(2).filter((word) => !word.startsWith('-'))
const flags = process.argv.slice(2).filter((word) => word.startsWith('-'))
const files = (await bundleTests(parts)).filter((file) => !file.includes('/test/editor/'))
const run = spawnSync(
  process.execPath,
  ['--enable-source-maps', 'node_modules/mocha/bin/mocha.js', '--timeout', '600000', ...flags, ...files],
  { stdio: 'inherit' },
)
process.exit(run.status ?? 1)
