import assert from 'node:assert/strict'
import { inPlainEnglish } from '../../../server/src/text/phrase'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { choosePgDump } from '../../../server/src/backup/native/choose-pg-dump'
import { findPgDumps, wellKnownFolders } from '../../../server/src/backup/native/find-pg-dumps'
import { writeScript } from '../../database/backup/support'

/** Folders as installers of a system create them, with the version of the pg_dump in each; `->`: a link. */
interface Machine {
  readonly platform: NodeJS.Platform
  readonly environment: Readonly<Record<string, string>>
  readonly folders: Readonly<Record<string, string>>
  readonly versions: readonly string[]
}

const HOME = '/home/me'

const MACHINES: Readonly<Record<string, Machine>> = {
  'macOS: Homebrew, Postgres.app, asdf and mise': {
    platform: 'darwin',
    environment: { HOME: '/Users/me', HOMEBREW_PREFIX: '/Volumes/brew' },
    folders: {
      '/opt/homebrew/opt/postgresql@16/bin': '16.4',
      '/opt/homebrew/opt/libpq/bin': '18.1',
      '/Volumes/brew/opt/postgresql@13/bin': '13.9',
      '/Applications/Postgres.app/Contents/Versions/17/bin': '17.2',
      '/Applications/Postgres.app/Contents/Versions/latest': '-> 17',
      '/Users/me/.asdf/installs/postgres/15.3/bin': '15.3',
      '/Users/me/.local/share/mise/installs/postgres/14.9/bin': '14.9',
      '/Users/me/.local/share/mise/installs/postgres/14': '-> 14.9',
    },
    versions: ['13.9', '14.9', '15.3', '16.4', '17.2', '18.1'],
  },
  'Windows: the installer of EDB, Scoop and mise': {
    platform: 'win32',
    environment: {
      ...{ USERPROFILE: 'C:/Users/me', LOCALAPPDATA: 'C:/Users/me/AppData/Local' },
      ...{ ProgramFiles: 'C:/Program Files (x86)', ProgramW6432: 'C:/Program Files' },
    },
    folders: {
      'C:/Program Files/PostgreSQL/16/bin': '16.4',
      'C:/Program Files/PostgreSQL/9.6/bin': '9.6.24',
      'C:/Program Files (x86)/PostgreSQL/10/bin': '10.23',
      'C:/Users/me/scoop/apps/postgresql/17.1/bin': '17.1',
      'C:/Users/me/scoop/apps/postgresql/current': '-> 17.1',
      'C:/Users/me/AppData/Local/mise/installs/postgres/18.0/bin': '18.0',
    },
    versions: ['9.6.24', '10.23', '16.4', '17.1', '18.0'],
  },
  'Linux: Debian, RPM, Homebrew, asdf and mise elsewhere': {
    platform: 'linux',
    environment: { HOME, ASDF_DATA_DIR: '/data/asdf', XDG_DATA_HOME: '/data/xdg' },
    folders: {
      '/usr/lib/postgresql/15/bin': '15.18',
      '/usr/pgsql-16/bin': '16.4',
      '/home/linuxbrew/.linuxbrew/opt/postgresql@17/bin': '17.2',
      '/data/asdf/installs/postgres/14.1/bin': '14.1',
      '/data/xdg/mise/installs/postgres/18.1/bin': '18.1',
    },
    versions: ['14.1', '15.18', '16.4', '17.2', '18.1'],
  },
  'Linux: mise by its own variable': {
    platform: 'linux',
    environment: { HOME, MISE_DATA_DIR: '/data/mise' },
    folders: { '/data/mise/installs/postgres/18.1/bin': '18.1', '/home/me/.asdf/installs/postgres/12.0/bin': '12.0' },
    versions: ['12.0', '18.1'],
  },
}

describe('pg_dump is found where it is installed', () => {
  let root: string
  before(function () {
    // The programs are shell scripts.
    if (process.platform === 'win32') this.skip()
  })
  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-machine-'))
  })
  afterEach(() => {
    fs.rmSync(root, { recursive: true })
  })

  for (const [name, { platform, environment, folders, versions }] of Object.entries(MACHINES)) {
    it(name, async () => {
      const inRoot = (folder: string) => path.join(root, folder)
      for (const [folder, version] of Object.entries(folders)) {
        if (version.startsWith('-> ')) fs.symlinkSync(version.slice(3), inRoot(folder))
        else {
          writeScript(path.join(inRoot(folder), 'pg_dump'), `echo 'pg_dump (PostgreSQL) ${version}'`)
          writeScript(path.join(inRoot(folder), 'pg_restore'), '')
        }
      }
      // What is on PATH and does not work: the shim of asdf in a folder without a version.
      const shims = path.join(root, 'shims')
      writeScript(path.join(shims, 'pg_dump'), 'echo "No version is set for command pg_dump" >&2; exit 126')
      const found = await findPgDumps({
        pgDumpPath: null,
        environment: { ...environment, PATH: shims },
        folders: wellKnownFolders(environment, platform).map(inRoot),
      })
      const numbers = found.programs.map(({ version }) => version)
      assert.deepEqual(
        numbers.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })),
        versions,
      )
      assert.equal(inPlainEnglish(found.rejected[0]!.reason), 'does not print its version')
      for (const version of versions) {
        const major = Number.parseInt(version, 10)
        assert.equal(choosePgDump(found, major).chosen?.version, version)
      }
    })
  }
})
