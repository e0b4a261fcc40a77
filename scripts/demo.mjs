// `npm run demo`: installs, builds, and shows the complete workflow on an embedded PostgreSQL. Needs only Node.
import path from 'node:path'
import { ensureInstalled, root, run } from './install.mjs'

ensureInstalled()
run(process.execPath, ['esbuild.mjs'])
run(process.execPath, [
  path.join(root, 'dist', 'cli.js'),
  'demo',
  '--directory',
  path.join(root, 'demo'),
  ...process.argv.slice(2),
])
