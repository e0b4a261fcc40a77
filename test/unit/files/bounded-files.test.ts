import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { readFolder } from '../../../server/src/files/bounded-files'
import { listMigrations } from '../../../server/src/migration/run/prisma-history/migration-files'

describe('a folder of a repository', () => {
  let folder: string
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-folder-'))
  })
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

  it('is read, or does not exist', () => {
    fs.mkdirSync(path.join(folder, 'a'))
    assert.deepEqual(
      readFolder(folder)?.map(({ name }) => name),
      ['a'],
    )
    assert.equal(readFolder(path.join(folder, 'b')), null)
    fs.writeFileSync(path.join(folder, 'file'), '')
    assert.equal(readFolder(path.join(folder, 'file', 'migrations')), null)
  })

  const OTHERS: Readonly<Record<string, (place: string) => void>> = {
    'a file': (place) => fs.writeFileSync(place, ''),
    'a link to itself': (place) => fs.symlinkSync(path.basename(place), place),
    'a link to a device': (place) => fs.symlinkSync('/dev/zero', place),
    'a pipe': (place) => execFileSync('mkfifo', [place]),
  }
  for (const [kind, make] of Object.entries(OTHERS)) {
    it(`is said not to be one: ${kind}`, () => {
      const migrations = path.join(folder, 'migrations')
      make(migrations)
      assert.throws(() => readFolder(migrations), { code: 'file-unreadable' })
      assert.throws(() => listMigrations(migrations), { code: 'file-unreadable' })
    })
  }
})
