import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { claimFile, hashBackup, readChecksum } from '../../../server/src/backup/backup-file'

describe('backup file', () => {
  const now = new Date('2026-01-31T23:59:59.123Z')
  let folder: string
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-file-'))
  })
  afterEach(() => {
    fs.rmSync(folder, { recursive: true })
  })

  it('is published with its checksum, in a folder that git ignores and nobody else can write to', async () => {
    const directory = path.join(folder, 'deep', 'backups')
    const before = process.umask(0)
    const file = claimFile(directory, 'app', now, 'dump')
    process.umask(before)
    const mode = (name: string) => (fs.statSync(path.join(directory, name)).mode & 0o777).toString(8)
    if (process.platform !== 'win32') assert.deepEqual([mode('.'), mode('.gitignore')], ['700', '600'])
    assert.equal(file.partialPath, path.join(directory, 'app-20260131T235959Z.dump.partial'))
    fs.writeFileSync(file.partialPath, 'content')
    const published = await file.publish()
    assert.equal(published.path, path.join(directory, 'app-20260131T235959Z.dump'))
    assert.equal(published.bytes, 7)
    assert.deepEqual(await hashBackup(published.path), { sha256: published.sha256, files: null })
    assert.equal(readChecksum(published.path)?.sha256, published.sha256)
    assert.equal(fs.readFileSync(path.join(directory, '.gitignore'), 'utf8'), '*\n')
    assert.equal(fs.existsSync(file.partialPath), false)
    assert.deepEqual(fs.readdirSync(directory).sort(), [
      ...['.gitignore', 'app-20260131T235959Z.dump', 'app-20260131T235959Z.dump.sha256'],
    ])
    file.discard()
    assert.equal(fs.readFileSync(published.path, 'utf8'), 'content')
    if (process.platform === 'win32') return
    for (const name of [published.path, `${published.path}.sha256`]) assert.equal(fs.statSync(name).mode & 0o777, 0o600)
    assert.equal(fs.statSync(directory).mode & 0o777, 0o700)
  })

  it('has no checksum where no such file is beside it; one that holds something else is refused', () => {
    const file = path.join(folder, 'app.dump')
    const sum = 'a'.repeat(64)
    const read = (text: string) => {
      fs.writeFileSync(`${file}.sha256`, text)
      return readChecksum(file)?.sha256
    }
    assert.equal(readChecksum(file), null)
    assert.equal(read(`${sum}  app.dump\n`), sum)
    assert.equal(read(`${sum} *app.dump\n`), sum)
    assert.equal(read(`${sum}\n`), sum)
    for (const text of ['', `x${sum}  app.dump`, `${sum}a  app.dump`]) {
      assert.throws(() => read(text), { code: 'checksum-unreadable' }, text)
    }
  })

  it('is gone when it is discarded, with what was begun of its checksum', () => {
    const file = claimFile(folder, 'app', now, 'sql')
    fs.writeFileSync(`${file.partialPath}.sha256`, '')
    file.discard()
    file.discard()
    assert.deepEqual(fs.readdirSync(folder), [])
  })

  it('writes its checksum through no link', async () => {
    const file = claimFile(folder, 'app', now, 'sql')
    const elsewhere = path.join(folder, 'elsewhere')
    fs.writeFileSync(elsewhere, 'mine')
    fs.symlinkSync(elsewhere, `${file.partialPath}.sha256`)
    const { path: published } = await file.publish()
    assert.equal(fs.readFileSync(elsewhere, 'utf8'), 'mine')
    assert.ok(fs.lstatSync(`${published}.sha256`).isFile())
  })

  it('never takes a name that is taken, be it by a backup or by one in the making', () => {
    fs.writeFileSync(path.join(folder, 'app-20260131T235959Z.sql'), 'mine')
    const second = claimFile(folder, 'app', now, 'sql')
    const third = claimFile(folder, 'app', now, 'sql')
    assert.deepEqual(
      [second, third].map(({ partialPath }) => path.basename(partialPath)),
      ['app-20260131T235959Z-2.sql.partial', 'app-20260131T235959Z-3.sql.partial'],
    )
    assert.equal(fs.readFileSync(path.join(folder, 'app-20260131T235959Z.sql'), 'utf8'), 'mine')
    assert.equal(fs.existsSync(path.join(folder, '.gitignore')), false)
  })

  it('does not overwrite what took its name meanwhile', async () => {
    const file = claimFile(folder, 'app', now, 'sql')
    const target = file.partialPath.replace(/\.partial$/, '')
    fs.writeFileSync(target, 'mine')
    fs.writeFileSync(`${target}.sha256`, 'mine')
    await assert.rejects(file.publish(), { code: 'backup-folder-not-writable', why: /EEXIST/ })
    assert.equal(fs.readFileSync(target, 'utf8'), 'mine')
    file.discard()
    assert.deepEqual(fs.readdirSync(folder).sort(), [path.basename(target), `${path.basename(target)}.sha256`])
    assert.equal(fs.readFileSync(`${target}.sha256`, 'utf8'), 'mine')
  })

  it('has a name that every file system takes', () => {
    const { partialPath } = claimFile(folder, '../"a/b\\c:d" Ünï', now, 'dump')
    assert.equal(path.dirname(partialPath), folder)
    assert.equal(path.basename(partialPath), '___a_b_c_d__Ünï-20260131T235959Z.dump.partial')
    const named = (database: string) => path.basename(claimFile(folder, database, now, 'sql').partialPath)
    assert.equal(named('a..b'), 'a..b-20260131T235959Z.sql.partial')
    assert.equal(named('..a..b'), '_a..b-20260131T235959Z.sql.partial')
  })

  it('says where it cannot be written', () => {
    fs.writeFileSync(path.join(folder, 'file'), '')
    for (const directory of [path.join(folder, 'file', 'backups'), path.join(folder, 'file')]) {
      assert.throws(() => claimFile(directory, 'app', now, 'dump'), { code: 'backup-folder-not-writable' })
    }
  })
})
