import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { readArchive } from '../../../server/src/backup/native/native-way'
import { findPgDumps, type PgDump } from '../../../server/src/backup/native/find-pg-dumps'
import { urlOfDatabase } from '../../../server/src/backup/create-database'
import { dropDatabase } from '../../../server/src/backup/drop-database'
import { restoreIntoNewDatabase } from '../../../server/src/backup/restore/restore-elsewhere'
import { withClient } from '../../../server/src/database/connect'
import { createScratchDatabase } from '../../../server/src/backup/scratch-database'
import { restoreBackup, type RestoreOptions } from '../../../server/src/backup/restore/restore-backup'
import { usePostgres } from '../../support/postgres'
import { until } from '../../support/until'
import { ALL_ROWS, backUpTo, DIFFICULT_SQL, killWhole, NOTHING_INSTALLED, useFolder } from './support'

describe('restoreBackup', () => {
  const server = usePostgres()
  const folder = useFolder()
  const restore = (options: Pick<RestoreOptions, 'path' | 'url'> & Partial<RestoreOptions>) =>
    restoreBackup({ environment: process.env, ...options })

  for (const [kind, options] of [
    ['custom', {}],
    ['plain', NOTHING_INSTALLED],
  ] as const) {
    it(`restores a ${kind} backup over other data only when it is forced`, async function () {
      if (kind === 'custom' && !fs.existsSync(path.join(server.binFolder, 'pg_dump'))) this.skip()
      const database = await server.createDatabase(`${DIFFICULT_SQL}; SELECT lo_from_bytea(0, 'x'), lo_create(0)`)
      const before = await database.query(ALL_ROWS)
      const backup = await backUpTo(folder(), database.url, options)
      assert.equal(backup.format, kind)
      assert.match(backup.proof, /3 tables with 3,051 rows, \d+ constraints and 2 large objects, equal to/)
      await database.query(
        `DELETE FROM "Other; Schema"."Lead" WHERE id > 10; ALTER TABLE "User" ADD COLUMN more int DEFAULT 1;
         CREATE TABLE added (id int); CREATE SCHEMA more; SELECT lo_create(0)`,
      )
      await assert.rejects(restore({ path: backup.path, url: database.url, ...options }), {
        code: 'restore-target-not-empty',
        why: /"Other; Schema"\."Lead"/,
      })
      const over = { path: backup.path, url: database.url, force: true, ...options }
      await withClient(database.url, {}, async (client) => {
        await client.query(`SET application_name = 'the report'; BEGIN; SELECT FROM public.added`)
        await assert.rejects(restore({ ...over, lockWaitSeconds: 0.1 }), {
          code: 'lock-timeout',
          why: /^Held by process \d+ of postgres \(the report\), in its transaction for \d+ s: /,
        })
        assert.deepEqual((await client.query('SELECT more FROM public."User" LIMIT 1')).rows, [{ more: 1 }])
        await client.query('COMMIT')
      })
      if (kind === 'plain') for (const beside of ['sha256', 'json']) fs.rmSync(`${backup.path}.${beside}`)
      const { checksum, comparison } = await restore(over)
      assert.equal(checksum, kind === 'plain' ? 'absent' : 'verified')
      assert.deepEqual(await database.query(ALL_ROWS), before)
      // What the backup lacks is gone.
      assert.deepEqual(comparison?.differences, kind === 'plain' ? undefined : [])
      assert.equal(comparison?.largeObjects, kind === 'plain' ? undefined : 2)
      const added = `SELECT to_regclass('added') AS added, to_regnamespace('more') AS more, (SELECT count(*)::int FROM pg_largeobject_metadata) AS objects`
      assert.deepEqual(await database.query(added), [{ added: null, more: null, objects: 2 }])
    })
  }

  it('omits subscriptions from a test, and never drops one with its slot', async () => {
    const database = await server.createDatabase(`CREATE TABLE t AS SELECT 1 AS id;
      CREATE SUBSCRIPTION "my; own" CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p WITH (connect = false, slot_name = theirs);
      COMMENT ON SUBSCRIPTION "my; own" IS 'from elsewhere'`)
    for (const options of [NOTHING_INSTALLED, {}]) {
      const { level, proof } = await backUpTo(folder(), database.url, { ...options, level: 3 })
      assert.equal(level, 3, proof)
      assert.match(proof, /1 table with 1 row and 0 constraints, equal .*; not restored: the subscriptions my; own$/)
    }
    const databases = () =>
      database.query(`SELECT datname FROM pg_database WHERE datname ~ '^prisma_audit_scratch|_copy$'`)
    assert.deepEqual(await databases(), [])
    const [backup = ''] = fs.readdirSync(folder()).filter((name) => /\.(?:dump|sql)$/.test(name))
    const options = { path: path.join(folder(), backup), url: database.url, environment: process.env }
    await assert.rejects(restore({ ...options, force: true }), { code: 'restore-target-subscribes', why: /my; own/ })

    const name = `${database.name}_copy`
    await restoreIntoNewDatabase({ ...options, database: name })
    const url = urlOfDatabase(database.url, name) ?? ''
    await withClient(database.url, {}, (client) => dropDatabase(client, { name, url, environment: process.env }))
    assert.deepEqual(await databases(), [])
    assert.deepEqual(await database.query('SELECT subname, subslotname FROM pg_subscription'), [
      { subname: 'my; own', subslotname: 'theirs' },
    ])
  })

  for (const [kind, options] of [
    ['custom', {}],
    ['plain', NOTHING_INSTALLED],
  ] as const) {
    it(`killed while it loads a ${kind} backup: no database of that name, and the next restore clears away`, async function () {
      if (process.platform !== 'linux') this.skip()
      if (kind === 'custom' && !fs.existsSync(path.join(server.binFolder, 'pg_dump'))) this.skip()
      this.timeout(600_000)
      const role = await server.createRole({ attributes: 'SUPERUSER' })
      const database =
        await server.createDatabase(`CREATE FUNCTION public.slowly(int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
          IF current_setting('test.slow', true) = 'on' THEN PERFORM pg_sleep(600); END IF; RETURN true; END $$;
        CREATE TABLE t AS SELECT 1 AS id; ALTER TABLE t ADD CHECK (public.slowly(id))`)
      const url = role.urlFor(database)
      const { path: file } = await backUpTo(folder(), url, options)
      const name = `${database.name}_copy`
      const restoreCopy = () =>
        spawn(
          process.execPath,
          [path.join(__BUNDLE_FOLDER__, 'cli.js'), 'restore', file, '--into', name, '--yes', '--url', url],
          { cwd: path.join(__REPOSITORY__, 'sample'), stdio: 'ignore' },
        )
      const databases = async () => {
        const rows = await database.query(
          `SELECT CASE WHEN datname = $1 THEN 'copy' ELSE 'scratch' END AS is, shobj_description(oid, 'pg_database') AS comment
           FROM pg_database WHERE datname = $1 OR datname ~ '^prisma_audit_scratch' ORDER BY 1`,
          [name],
        )
        return rows.map(({ is, comment }) => [is, comment === null ? 'no comment' : 'safe to drop'])
      }
      await database.query(`ALTER ROLE "${role.name}" SET test.slow = 'on'`)
      const killed = restoreCopy()
      const sleeping = `SELECT FROM pg_stat_activity WHERE usename = '${role.name}' AND wait_event = 'PgSleep'`
      await until(async () => (await database.query(sleeping)).length > 0)
      // Another restore leaves one alone that is in use.
      const other = await createScratchDatabase(url, { environment: process.env })
      assert.deepEqual(await databases(), [
        ['scratch', 'safe to drop'],
        ['scratch', 'safe to drop'],
      ])
      await other.drop()
      await killWhole(killed)
      assert.deepEqual(await databases(), [['scratch', 'safe to drop']])
      await database.query(`ALTER ROLE "${role.name}" RESET test.slow`)
      const [exitCode] = (await once(restoreCopy(), 'exit')) as [number | null]
      assert.equal(exitCode, 0)
      assert.deepEqual(await databases(), [['copy', 'no comment']])
      assert.deepEqual(await database.query(sleeping), [])
      await database.query(`DROP DATABASE "${name}"`)
    })
  }

  it('leaves the database as it was when a statement fails', async () => {
    const database = await server.createDatabase()
    const file = path.join(folder(), 'bad.sql')
    const sql = "CREATE TABLE public.t (id int);\nSELECT pg_catalog.setval('public.nonsense', 1, true);\n"
    fs.writeFileSync(
      file,
      `--\n-- PostgreSQL database dump\n--\n\n${sql}--\n-- PostgreSQL database dump complete\n--\n`,
    )
    await assert.rejects(restore({ path: file, url: database.url }), { code: 'restore-failed', why: /nonsense/ })
    assert.deepEqual(await database.query(`SELECT to_regclass('t') AS t`), [{ t: null }])
  })

  it('refuses a file that is not as it was written', async () => {
    const database = await server.createDatabase('CREATE TABLE t AS SELECT 1 AS id')
    const backup = await backUpTo(folder(), database.url, NOTHING_INSTALLED)
    fs.appendFileSync(backup.path, 'DROP TABLE t;')
    await assert.rejects(restore({ path: backup.path, url: database.url, force: true }), { code: 'backup-changed' })
    await assert.rejects(restore({ path: path.join(folder(), 'none'), url: database.url }), { code: 'backup-missing' })
  })

  it('detects a truncated archive and a flipped byte without a checksum, too', async function () {
    const { programs } = await findPgDumps({ pgDumpPath: null, environment: process.env })
    const program: PgDump | undefined = programs.find(({ major }) => major >= server.majorVersion)
    if (program === undefined) this.skip()
    const database = await server.createDatabase(
      'CREATE TABLE t AS SELECT i, md5(i::text) FROM generate_series(1, 50000) i',
    )
    const backup = await backUpTo(folder(), database.url)
    const whole = fs.readFileSync(backup.path)
    const damaged = path.join(folder(), 'damaged.dump')
    const check = async (bytes: Buffer) => {
      fs.writeFileSync(damaged, bytes)
      await assert.rejects(readArchive({ program, path: damaged, environment: process.env }), {
        code: 'backup-unreadable',
      })
      const target = await server.createDatabase()
      await assert.rejects(restore({ path: damaged, url: target.url }), { code: 'backup-unreadable' })
    }
    await check(whole.subarray(0, whole.length / 2))
    const flipped = Buffer.from(whole)
    const middle = Math.floor(whole.length / 2)
    flipped[middle] = (flipped[middle] ?? 0) ^ 0xff
    await check(flipped)
  })
})
