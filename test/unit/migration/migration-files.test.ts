import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { removeMigration, writeMigration } from '../../../server/src/migration/run/prisma-history/migration-files'

describe('the folders of migrations', () => {
  it('are written inside their folder alone, whatever name a journal has for them', () => {
    const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-folders-')))
    const migrations = path.join(root, 'prisma', 'migrations')
    const place = { folder: migrations, writable: [root] }
    const victim = path.join(root, 'victim')
    fs.mkdirSync(victim)
    fs.mkdirSync(migrations, { recursive: true })
    const good = '20261128000000_prisma_audit'
    for (const folder of [
      ...['../../victim', '/tmp/evil', '..', '.bash_profile', '', `a/${good}`, `a\\${good}`, `${good}\u0000`].map(
        (name) => ({ name, files: { 'migration.sql': 'SELECT 1' } }),
      ),
      ...['../../../.bash_profile', '.bash_profile', 'a/b'].map((file) => ({ name: good, files: { [file]: 'evil' } })),
    ]) {
      assert.throws(() => writeMigration(place, folder), { code: 'journal-unreadable' })
      assert.throws(() => removeMigration(place, folder), { code: 'journal-unreadable' })
    }
    assert.deepEqual(fs.readdirSync(root).sort(), ['prisma', 'victim'])
    assert.deepEqual(fs.readdirSync(migrations), [])
    assert.ok(writeMigration(place, { name: good, files: { 'migration.sql': 'SELECT 1' } }) !== null)
    fs.rmSync(root, { recursive: true })
  })
})
