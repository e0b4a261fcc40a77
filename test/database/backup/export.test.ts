import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { EXPORT_READER } from '../../../server/src/backup/export/export-reader'
import { readContents } from '../../../server/src/backup/contents/read-contents'
import { differencesOfContents, differencesOfInventory } from '../../../server/src/backup/proof/compare-contents'
import { withClient } from '../../../server/src/database/connect'
import { usePostgres } from '../../support/postgres'
import { EVERYTHING_SQL, exportTo, useFolder } from './support'
import { inPlainEnglish } from '../../../server/src/text/phrase'

const COMPARED = { scope: 'database', withoutOwners: false } as const

describe('the export by COPY', () => {
  const server = usePostgres()
  const folder = useFolder()
  const environment = process.env
  const contentsOf = (url: string) => withClient(url, {}, (client) => readContents(client))

  const exportOf = (url: string) => exportTo(folder(), url)
  const restore = (file: string, url: string, { force = false, atomic = true } = {}) =>
    EXPORT_READER.restore({
      ...{ path: file, url, serverMajor: server.majorVersion, environment, force, atomic, withoutOwners: false },
    })

  it('restores to the same contents, also over other ones, and tells damage from whole', async () => {
    const database = await server.createDatabase(EVERYTHING_SQL)
    const before = await contentsOf(database.url)
    const file = await exportOf(database.url)
    const read = (from: string) => EXPORT_READER.read({ path: from, environment })
    assert.deepEqual(differencesOfInventory(before, await read(file), 'database'), [])
    const target = await server.createDatabase()
    await restore(file, target.url)
    assert.deepEqual(differencesOfContents(before, await contentsOf(target.url), COMPARED), [])
    const [next] = await target.query(`INSERT INTO "User" (email) VALUES ('new') RETURNING id`)
    assert.deepEqual(next, { id: 51 })
    await restore(file, target.url, { force: true })
    assert.deepEqual(differencesOfContents(before, await contentsOf(target.url), COMPARED), [])

    const whole = fs.readFileSync(file)
    const damaged = path.join(folder(), 'damaged.sql.gz')
    const flipped = Buffer.from(whole)
    flipped[whole.length >> 1] = (flipped[whole.length >> 1] ?? 0) ^ 0xff
    const text = gunzipSync(whole)
    const cases = [
      whole.subarray(0, whole.length >> 1),
      flipped,
      gzipSync(text.subarray(0, text.length >> 1)),
      gzipSync('x'),
    ]
    const empty = await server.createDatabase()
    for (const bytes of cases) {
      fs.writeFileSync(damaged, bytes)
      await assert.rejects(read(damaged), { code: 'backup-unreadable' })
      await assert.rejects(restore(damaged, empty.url))
    }
    assert.deepEqual((await contentsOf(empty.url)).tables, [])
  })

  it('has thousands of large objects in parts, and compares their owners and privileges together', async () => {
    const database = await server.createDatabase(
      `SELECT lo_from_bytea(80000 + i, decode(md5(i::text), 'hex')) FROM generate_series(1, 2500) i`,
    )
    await database.query('GRANT SELECT ON LARGE OBJECT 81234 TO PUBLIC')
    const before = await contentsOf(database.url)
    assert.deepEqual(
      before.objects.filter(({ name }) => name.startsWith('large object')).map(({ name }) => name),
      ['large objects'],
    )
    const file = await exportOf(database.url)
    const longest = Math.max(
      ...gunzipSync(fs.readFileSync(file))
        .toString()
        .split(/^-- [0-9a-f]{32} sql$/m)
        .map((part) => part.split('lo_create').length - 1),
    )
    assert.ok(longest <= 1000, String(longest))
    const target = await server.createDatabase()
    await restore(file, target.url)
    assert.deepEqual(differencesOfContents(before, await contentsOf(target.url), COMPARED), [])
    await target.query('REVOKE SELECT ON LARGE OBJECT 81234 FROM PUBLIC')
    const [differs, ...others] = differencesOfContents(before, await contentsOf(target.url), COMPARED)
    assert.deepEqual([differs && inPlainEnglish(differs), others], ['privileges large objects differ', []])
  })

  it('has each part of a large object on its own, so that the size of a part does not grow with theirs', async () => {
    const sizes = [0, 7_999, 8_000, 8_001, 38_000, 38_001, 700_000, 700_001, 1_500_000]
    const objects = sizes.map(
      (size, index) => `SELECT lo_from_bytea(90000 + ${index}, convert_to(repeat('a', ${size}), 'UTF8'))`,
    )
    const database = await server.createDatabase(objects.join(';'))
    const file = await exportOf(database.url)
    const longest = Math.max(
      ...gunzipSync(fs.readFileSync(file))
        .toString()
        .split(/^-- [0-9a-f]{32} sql$/m)
        .map((part) => part.length),
    )
    assert.ok(longest < 200_000, String(longest))
    const target = await server.createDatabase()
    await restore(file, target.url)
    assert.deepEqual(differencesOfContents(await contentsOf(database.url), await contentsOf(target.url), COMPARED), [])
    const [total] = await target.query('SELECT sum(length(lo_get(oid)))::int AS bytes FROM pg_largeobject_metadata')
    assert.deepEqual(total, { bytes: sizes.reduce((sum, size) => sum + size) })
  })

  it('runs as it is in psql', async function () {
    if (!fs.existsSync(path.join(server.binFolder, 'psql'))) this.skip()
    const { spawnSync } = await import('node:child_process')
    const database = await server.createDatabase(
      `CREATE TABLE t AS SELECT i, E'a\\tb\\n\\\\.' AS x FROM generate_series(1, 99) i`,
    )
    const file = await exportOf(database.url)
    const target = await server.createDatabase()
    const run = spawnSync(path.join(server.binFolder, 'psql'), ['-v', 'ON_ERROR_STOP=1', target.url], {
      input: gunzipSync(fs.readFileSync(file)),
      encoding: 'utf8',
    })
    assert.equal(run.status, 0, run.stderr)
    const [before, after] = [await contentsOf(database.url), await contentsOf(target.url)]
    assert.deepEqual(differencesOfContents(before, after, COMPARED), [])
  })
})
