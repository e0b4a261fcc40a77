import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import type { Backup } from '../../../server/src/backup/back-up'
import { inPlainEnglish } from '../../../server/src/text/phrase'
import { usePostgres, type TestDatabase } from '../../support/postgres'
import { until } from '../../support/until'
import { queryAtOnce } from '../migration/support/query-at-once'
import { findPgBouncer, startPgBouncer } from '../migration/support/pgbouncer'
import { backUpTo, NOTHING_INSTALLED, useFolder, workerOf, writeScript } from './support'

/** Loading a row of "a" waits, in a scratch database only, until a session there is called `ready`, and for "b". */
const WAITS = `
  CREATE FUNCTION public.waits() RETURNS bool LANGUAGE plpgsql AS $$ BEGIN
    WHILE current_database() LIKE 'prisma\\_audit\\_scratch%' AND NOT EXISTS (
      SELECT FROM pg_stat_activity WHERE application_name = 'ready' AND datname = current_database()
    ) LOOP PERFORM pg_sleep(0.02), pg_stat_clear_snapshot(); END LOOP;
    IF current_database() LIKE 'prisma\\_audit\\_scratch%' THEN LOCK TABLE public.b; END IF;
    RETURN true; END $$;
  CREATE TABLE public.a (id int CHECK (public.waits())); CREATE TABLE public.b (id int);
  INSERT INTO public.a VALUES (1); INSERT INTO public.b VALUES (1)`

/** Reasons that lie in the place where a backup is restored say nothing about the backup, which is kept. */
describe('the place where a backup is proven', () => {
  const server = usePostgres()
  const folder = useFolder()

  function requireTool(test: Mocha.Context, tool: string): void {
    if (tool === 'pg_dump' && !fs.existsSync(path.join(server.binFolder, 'pg_dump'))) test.skip()
  }

  function isKept({ path: file, level, proof }: Backup, reason: RegExp): void {
    assert.equal(level, 2, proof)
    assert.match(proof, reason)
    assert.ok(fs.existsSync(file))
  }

  /** The first scratch database in which a session waits. */
  async function untilItWaits(database: TestDatabase): Promise<string> {
    const waiting = () =>
      database.query(
        `SELECT datname AS name FROM pg_stat_activity WHERE datname LIKE 'prisma\\_audit\\_scratch%' AND wait_event = 'PgSleep'`,
      )
    let [found] = await waiting()
    await until(async () => ([found] = await waiting()).length > 0)
    return String(found?.name)
  }

  const scratchDatabases = (database: TestDatabase) =>
    database.query(`SELECT FROM pg_database WHERE datname LIKE 'prisma\\_audit\\_scratch%'`)

  const sessionsOf = (name: string) =>
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}' AND wait_event = 'PgSleep'`

  // The built-in one restores in a single transaction, whose tables no other session sees.
  it('has a deadlock with another session, by pg_dump', async function () {
    requireTool(this, 'pg_dump')
    const database = await server.createDatabase(WAITS)
    const backup = backUpTo(folder(), database.url, { level: 3 })
    const scratch = await untilItWaits(database)
    const other = new pg.Client(database.url.replace(database.name, scratch))
    // The scratch database may be dropped before it leaves.
    other.on('error', () => undefined)
    await other.connect()
    // The restore is the one that finds the deadlock.
    await other.query(`SET deadlock_timeout = '1h'; BEGIN; LOCK TABLE public.b; SET application_name = 'ready'`)
    const held = async () =>
      (await database.query(`SELECT FROM pg_stat_activity WHERE datname = '${scratch}' AND wait_event_type = 'Lock'`))
        .length
    await until(async () => (await held()) > 0)
    await other.query('LOCK TABLE public.a; ROLLBACK')
    await other.end().catch(() => undefined)
    isKept(await backup, /NOT proven: it does not restore into a scratch database: .*deadlock detected/)
  })

  it('has a lock that the restore does not wait for, by pg_dump', async function () {
    requireTool(this, 'pg_dump')
    const impatient = WAITS.replace('LOCK TABLE', `PERFORM set_config('lock_timeout', '1ms', true); LOCK TABLE`)
    const database = await server.createDatabase(impatient)
    const backup = backUpTo(folder(), database.url, { level: 3 })
    const other = new pg.Client(database.url.replace(database.name, await untilItWaits(database)))
    other.on('error', () => undefined)
    await other.connect()
    await other.query(`BEGIN; LOCK TABLE public.b; SET application_name = 'ready'`)
    isKept(
      await backup,
      /NOT proven: it does not restore into a scratch database: .*canceling statement due to lock time/,
    )
    await other.end().catch(() => undefined)
  })

  for (const [tool, way] of [
    ['pg_dump', {}],
    ['the built-in one', NOTHING_INSTALLED],
  ] as const) {
    it(`ends the session that restores, by ${tool}`, async function () {
      requireTool(this, tool)
      const database = await server.createDatabase(WAITS)
      const backup = backUpTo(folder(), database.url, { ...way, level: 3 })
      const scratch = await untilItWaits(database)
      // Between two of its sleeps it does not wait.
      await until(async () => (await database.query(sessionsOf(scratch))).length > 0)
      isKept(await backup, /NOT proven: it does not restore into a scratch database: .*(?:terminat|server closed)/i)
    })

    it(`is no longer reached through its pooler, by ${tool}`, async function () {
      const program = findPgBouncer()
      if (program === null) this.skip()
      requireTool(this, tool)
      const database = await server.createDatabase(WAITS)
      const pooler = await startPgBouncer(program, server, { mode: 'session', sessions: 9 })
      const backup = backUpTo(folder(), pooler.through(database.url), { ...way, level: 3 })
      const scratch = await untilItWaits(database)
      await pooler.stop()
      isKept(
        await backup,
        /NOT proven: .*; the scratch database prisma_audit_scratch_\w+ was left behind, and a backup with level 3 drops it once it is six hours old: /,
      )
      // Its name says when it was made.
      const aged = scratch.replace(/\d{10}/, (made) => String(Number(made) - 6 * 3600))
      await database.query('DROP TABLE public.a; DROP FUNCTION public.waits')
      const next = () => backUpTo(folder(), database.url, { ...way, level: 3 })
      assert.equal((await next()).level, 3)
      await database.query(`SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = '${scratch}'`)
      await database.query(`ALTER DATABASE "${scratch}" RENAME TO "${aged}"`)
      assert.equal((await next()).level, 3)
      assert.deepEqual(await scratchDatabases(database), [])
    })

    it(`is dropped after the worker that loaded it was killed, by ${tool}`, async function () {
      requireTool(this, tool)
      if (process.platform !== 'linux') this.skip()
      const database = await server.createDatabase(WAITS)
      const { path: file } = await backUpTo(folder(), database.url, { ...way, level: 1 })
      const cli = path.join(__BUNDLE_FOLDER__, 'cli.js')
      const words = ['restore', file, '--into', 'loaded', '--yes', '--url', database.url]
      const restore = spawn(process.execPath, [cli, ...words], {
        ...{ cwd: path.join(__REPOSITORY__, 'sample'), stdio: ['ignore', 'ignore', 'pipe'] },
      })
      let log = ''
      restore.stderr.setEncoding('utf8').on('data', (text: string) => (log += text))
      const ended = once(restore, 'close')
      await untilItWaits(database)
      process.kill(workerOf(restore), 'SIGKILL')
      assert.equal(((await ended) as [number | null])[0], 2, log)
      assert.match(log, /a new one that it was\s+loading \(prisma_audit_scratch_…\) is dropped by the next restore/)
      assert.equal((await scratchDatabases(database)).length, 1)
      await database.query('DROP TABLE public.a; DROP FUNCTION public.waits')
      assert.equal((await backUpTo(folder(), database.url, { ...way, level: 3 })).level, 3)
      assert.deepEqual(await scratchDatabases(database), [])
      assert.deepEqual(await database.query(`SELECT FROM pg_database WHERE datname = 'loaded'`), [])
    })

    it(`lets nobody in again to drop it, by ${tool}`, async function () {
      requireTool(this, tool)
      const database = await server.createDatabase('CREATE TABLE public.a AS SELECT 1 AS id')
      const allow = (is: boolean) => `ALTER DATABASE "${database.name}" ALLOW_CONNECTIONS ${String(is)}`
      let restores = false
      const first = await backUpTo(folder(), database.url, {
        ...{ ...way, level: 3 },
        onProgress: (message) => {
          const text = inPlainEnglish(message)
          if (text.startsWith('Restoring')) restores = true
          else if (restores && text.startsWith('Comparing')) queryAtOnce(server.url, allow(false))
        },
      })
      queryAtOnce(server.url, allow(true))
      assert.match(
        first.proof,
        /; the scratch database prisma_audit_scratch_\w+ was left behind, and the next backup with level 3 drops it: /,
      )
      assert.equal((await scratchDatabases(database)).length, 1)
      const next = await backUpTo(folder(), database.url, { ...way, level: 3 })
      assert.equal(next.level, 3, next.proof)
      assert.deepEqual(await scratchDatabases(database), [])
    })

    it(`ends the session that compares, by ${tool}`, async function () {
      requireTool(this, tool)
      const database = await server.createDatabase('CREATE TABLE public.a AS SELECT 1 AS id')
      const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'prisma\\_audit\\_scratch%'`
      let restores = false
      const backup = await backUpTo(folder(), database.url, {
        ...{ ...way, level: 3 },
        onProgress: (message) => {
          const text = inPlainEnglish(message)
          if (text.startsWith('Restoring')) restores = true
          else if (restores && text.startsWith('Comparing')) queryAtOnce(database.url, end)
        },
      })
      isKept(backup, /NOT proven: the restored backup could not be compared: /)
      assert.deepEqual(await scratchDatabases(database), [])
    })
  }

  /** The programs of the server; before pg_restore connects, the shell runs these words. */
  function programsThat(words: string): string {
    const programs = path.join(folder(), 'programs')
    const run = (program: string) => `exec '${path.join(server.binFolder, program)}' "$@"`
    writeScript(path.join(programs, 'pg_dump'), run('pg_dump'))
    const restore = `case "$*" in *--dbname=*) ${words} ;; esac >&2\n${run('pg_restore')}`
    writeScript(path.join(programs, 'pg_restore'), restore)
    return programs
  }

  it('has no connection left for pg_restore', async function () {
    requireTool(this, 'pg_dump')
    const limited = await server.createRole({ attributes: 'CREATEDB' })
    const database = await server.createDatabase(
      `CREATE TABLE public.a AS SELECT 1 AS id; ALTER TABLE public.a OWNER TO "${limited.name}"`,
    )
    const limit = (most: number) => `ALTER ROLE "${limited.name}" CONNECTION LIMIT ${most}`
    const psql = `'${path.join(server.binFolder, 'psql')}' --quiet --dbname='${server.url}' --command='${limit(0)}'`
    const backup = await backUpTo(folder(), limited.urlFor(database), { pgDumpPath: programsThat(psql), level: 3 })
    const reason =
      /NOT proven: it does not restore into a scratch database .*pg_restore: .*too many connections for role/
    isKept(backup, reason)
    assert.match(
      backup.proof,
      /; the scratch database prisma_audit_scratch_\w+ was left behind, and the next backup with level 3 drops it: /,
    )
    await database.query(limit(9))
    const next = await backUpTo(path.join(folder(), 'next'), limited.urlFor(database), { level: 3 })
    assert.equal(next.level, 3, next.proof)
    assert.deepEqual(await scratchDatabases(database), [])
  })
})
