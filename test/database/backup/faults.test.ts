import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { BUILT_IN_WAY } from '../../../server/src/backup/built-in/built-in-way'
import type { BackupWay } from '../../../server/src/backup/backup-way'
import { EXPORT_WAY } from '../../../server/src/backup/export/export-way'
import type { BackUpOptions } from '../../../server/src/backup/back-up'
import { withClient } from '../../../server/src/database/connect'
import { AuditError } from '../../../server/src/errors'
import { usePostgres, type TestDatabase } from '../../support/postgres'
import { until } from '../../support/until'
import { backUpTo, untilSomebodyWaits, useFolder } from './support'

/** What happens while a dump waits for a table that somebody has locked. */
const MIDWAY: readonly { what: string; act: (locked: TestDatabase) => Promise<unknown>; code: RegExp; why: RegExp }[] =
  [
    {
      what: 'its program is killed',
      act: killPrograms,
      ...{ code: /^backup-failed$/, why: /SIGKILL/ },
    },
    {
      what: 'the server ends its connections',
      act: ({ query }) =>
        query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name <> 'prisma-audit-test'`),
      ...{ code: /^connection-lost$/, why: /terminat|closed|lost/i },
    },
  ]

describe('a backup that meets a fault', () => {
  const server = usePostgres()
  const folder = useFolder()
  let database: TestDatabase
  before(async function () {
    if (process.platform !== 'linux') return this.skip()
    database = await server.createDatabase(`
      CREATE TABLE t AS SELECT i, md5(i::text) || md5((-i)::text) AS text FROM generate_series(1, 20000) i;
      CREATE TABLE locked (id int)`)
  })

  const ways: readonly [string, Partial<BackUpOptions>][] = [
    ['pg_dump', {}],
    ['the built-in pg_dump', { way: BUILT_IN_WAY }],
    ['the export', { way: EXPORT_WAY }],
  ]
  for (const [name, options] of ways) {
    /** The error; nothing is left of the backup, and no session of it. */
    const failure = async (more: Partial<BackUpOptions> = {}): Promise<AuditError> => {
      const directory = path.join(folder(), 'backups')
      const error: unknown = await backUpTo(directory, database.url, { ...options, ...more }).then(
        () => assert.fail('It was made.'),
        (reason: unknown) => reason,
      )
      assert.ok(error instanceof AuditError, String(error))
      assert.deepEqual(fs.readdirSync(directory), ['.gitignore'])
      assert.notEqual(error.nextStep, '')
      return error
    }

    it(`by ${name} says what it was, and leaves nothing`, async function () {
      if (name === 'pg_dump' && !fs.existsSync(path.join(server.binFolder, 'pg_dump'))) this.skip()
      for (const { what, act, code, why } of MIDWAY) {
        await withClient(database.url, { applicationName: 'prisma-audit-test' }, async (client) => {
          await client.query('BEGIN; LOCK TABLE public.locked')
          const failing = failure()
          await untilSomebodyWaits(database)
          await act(database)
          const error = await failing
          assert.match(error.code, code, `${what}: ${error.message} ${error.why}`)
          assert.match(error.why, why, what)
          // Whoever waits for a lock notices only then that nobody is there.
          await client.query('COMMIT')
        })
      }
      await withClient(database.url, {}, async (client) => {
        await client.query('BEGIN; LOCK TABLE public.locked')
        const error = await failure({ lockWaitSeconds: 1 })
        assert.equal(error.code, 'backup-table-locked', error.why)
        await client.query('COMMIT')
      })
      // A limit on the size of files is what a full disk looks like to who writes one, and needs no rights.
      if (!limitFiles('65536')) this.skip()
      try {
        assert.equal((await failure()).code, 'disk-full')
      } finally {
        limitFiles('unlimited')
      }
    })
  }

  it('holds no lock on a sequence or view while it waits for pg_dump, or a DROP would wait for both, and pg_dump for it', async () => {
    const own = await server.createDatabase(
      `CREATE TABLE t (id serial PRIMARY KEY); CREATE VIEW v AS SELECT 1 AS one; SELECT nextval('t_id_seq')`,
    )
    const held = async () => {
      const [row] = await own.query(
        `SELECT string_agg(DISTINCT relation::regclass::text, ' ' ORDER BY relation::regclass::text) AS names FROM pg_locks
         JOIN pg_stat_activity USING (pid) WHERE application_name = 'prisma-audit' AND state = 'idle in transaction'
           AND relation IN ('t'::regclass, 't_id_seq'::regclass, 'v'::regclass)`,
      )
      return row?.names
    }
    const way: BackupWay = {
      ...BUILT_IN_WAY,
      async dump() {
        // The table is read then.
        await until(async () => (await held()) === 't')
        throw new Error('It need not dump.')
      },
    }
    await assert.rejects(backUpTo(folder(), own.url, { way, level: 2 }), { why: /It need not dump/ })
  })

  it('names the folder that cannot be written to, and writes beside a file that is there', async () => {
    // Nobody may write there, not even root.
    await assert.rejects(backUpTo('/sys/prisma-audit', database.url), { code: 'backup-folder-not-writable' })
    const first = await backUpTo(folder(), database.url, { level: 1 })
    const before = fs.readFileSync(first.path)
    const second = await backUpTo(folder(), database.url, { level: 1 })
    assert.equal(path.basename(second.path), path.basename(first.path).replace(/(?=\.)/, '-2'))
    assert.deepEqual(fs.readFileSync(first.path), before)
  })
})

/** Of this process and of those that it starts; false where the system has no such limit. */
function limitFiles(bytes: string): boolean {
  return spawnSync('prlimit', [`--pid=${process.pid}`, `--fsize=${bytes}:`]).status === 0
}

/**
 * Those that dump for this process, as soon as there are any: who waits for the table may be the reader beside them.
 */
async function killPrograms(): Promise<void> {
  await until(() => {
    const children = fs
      .readdirSync('/proc/self/task')
      .flatMap((task) => fs.readFileSync(`/proc/self/task/${task}/children`, 'utf8').split(' '))
    const dumps = children.filter(
      (pid) => pid !== '' && /pg_dump|built-in-dump/.test(fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8')),
    )
    for (const pid of dumps) process.kill(Number(pid), 'SIGKILL')
    return dumps.length > 0
  })
}
