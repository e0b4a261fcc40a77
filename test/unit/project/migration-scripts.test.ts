import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { scriptsNotRun } from '../../../server/src/project/migration-scripts'

describe('scripts that Prisma does not run', () => {
  let root: string

  beforeEach(() => {
    root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-scripts-')))
  })
  afterEach(() => {
    fs.rmSync(root, { recursive: true, force: true })
  })

  function notRun(migrations: string, files: readonly string[]): string[] {
    const folder = path.join(root, migrations)
    for (const file of files) {
      fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
      fs.writeFileSync(path.join(folder, file), 'SELECT 1;')
    }
    return scriptsNotRun({ migrationsFolder: folder, root }).map((file) =>
      path.relative(folder, file).split(path.sep).join('/'),
    )
  }

  it('are directly in the folder of its migrations, or deeper than a migration', () => {
    const run = ['1_a/migration.sql', '1_a/down.sql', '1_a/seed.sql', '2_b.rollback.sql', 'migration_lock.toml']
    const others = ['1_a/old/migration.sql', '2_b.sql']
    assert.deepEqual(notRun('prisma/migrations', [...run, ...others]), others)
  })

  it('are all, if it has no migration', () => {
    assert.deepEqual(notRun('prisma/migrations', ['1_a.sql']), ['1_a.sql'])
  })

  it('are none in the folder in which a project maintains its SQL manually, unless Prisma uses that folder too', () => {
    assert.deepEqual(notRun('migrations', ['1_a.sql']), [])
    assert.deepEqual(notRun('migrations', ['2_b/migration.sql']), ['1_a.sql'])
  })
})
