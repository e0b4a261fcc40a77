import { said } from '../../support/said'
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { withReadOnly } from '../../../server/src/commands/plan'
import { verificationOutcome } from '../../../server/src/commands/verify'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { compare } from '../../../server/src/audit/compare'
import { withClient } from '../../../server/src/database/connect'
import { readWritesRefused } from '../../../server/src/database/takes-writes'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runChecks } from '../../../server/src/verification/run-checks'
import { startPostgres, usePostgres, type TestServer } from '../../support/postgres'
import { dump } from './support/dump'
import { findPgBouncer, startPgBouncer } from './support/pgbouncer'
import { createSampleProject } from './support/sample-project'
import { queryAtOnce } from './support/query-at-once'
import { startReplica } from './support/replica'
import { checkVerified } from './support/verified'
import { waitUntil } from './support/wait-until'
import { runUntil } from './support/stopped-run'

/**
 * What a developer's machine may lack is skipped, with the reason as the pending test's title; `.ci/run` installs it.
 */
describe('a migration in places that are unfit, or nearly so', () => {
  const server = usePostgres()
  const sampleProject = (on: TestServer = server) => createSampleProject(on)

  it('PgBouncer in transaction mode is found out by what it does, and refused; the direct URL works', async function () {
    const program = findPgBouncer()
    if (program === null) {
      skip(this, 'PgBouncer is not installed: apt-get install pgbouncer')
      return
    }
    const pooler = await startPgBouncer(program, server, { mode: 'transaction', sessions: 5 })
    try {
      const project = await sampleProject()
      const before = await dump(project.database, server)
      const plan = await project.plan()
      const url = pooler.through(project.url)
      await assert.rejects(runPlan({ url, plan }), {
        code: 'transaction-pooler',
        nextStep:
          'Specify a direct connection: `directUrl` in the schema, --url in a terminal, "Prisma Audit: Connect to Database" in VS Code.',
      })
      await assert.rejects(rollBack({ url }), { code: 'transaction-pooler' })
      assert.equal(await dump(project.database, server), before)
      const left = await project.database.query(`SELECT current_setting('lock_timeout') AS value`)
      assert.deepEqual(left, [{ value: '0' }])
      assert.equal((await runPlan({ url: project.url, plan })).status, 'completed')
    } finally {
      await pooler.stop()
    }
  })

  it('PgBouncer in session mode is as good as the server itself', async function () {
    const program = findPgBouncer()
    if (program === null) {
      skip(this, 'PgBouncer is not installed: apt-get install pgbouncer')
      return
    }
    // So few sessions that the probe for a pooler has to wait for one, and gives up: PgBouncer 1.18 dies of a cancel
    // request in that state.
    const pooler = await startPgBouncer(program, server, { mode: 'session', sessions: 3 })
    try {
      const project = await sampleProject()
      const through = pooler.through(project.url)
      const wait = () => withClient(through, { signal: AbortSignal.timeout(200) }, (client) => client.query('SELECT 1'))
      const fill = (sessions: number): Promise<void> =>
        sessions === 0
          ? assert.rejects(Promise.all([wait(), wait()]), { name: 'TimeoutError' })
          : withClient(through, {}, () => fill(sessions - 1))
      await fill(3)
      const result = await runPlan({ url: pooler.through(project.url), plan: await project.plan() })
      assert.equal(result.status, 'completed')
      await checkVerified(project)
      assert.ok(pooler.isRunning())
    } finally {
      await pooler.stop()
    }
  })

  it('a streaming replica is refused, and says that it is one; what only reads can be verified there', async function () {
    this.timeout(600_000)
    const primary = await startPostgres({ settings: { wal_level: 'replica', max_wal_senders: '4' } })
    try {
      const project = await sampleProject(primary)
      const replica = await startReplica(primary)
      if (replica === null) {
        skip(this, 'this server comes without pg_basebackup')
        return
      }
      try {
        const plan = await project.plan()
        await assert.rejects(runPlan({ url: replica.of(project.url), plan }), {
          code: 'database-read-only',
          why: /a standby, a read replica/,
          nextStep: /Run it on the primary server/,
        })
        const readOnly = await withClient(replica.of(project.url), {}, readWritesRefused)
        const [warning] = withReadOnly(plan, {
          label: 'crm',
          url: 'postgresql://db/crm',
          standing: { environment: null, readOnly },
        }).warnings
        assert.equal(
          said(warning?.text),
          'crm on db:5432 is on a standby, which is read-only: run this migration on the primary server.',
        )
        assert.equal((await runPlan({ url: project.url, plan })).status, 'completed')
        const [row] = await project.database.query('SELECT pg_current_wal_lsn()::text AS lsn')
        await waitUntil(replica.of(project.url), `pg_last_wal_replay_lsn() >= '${String(row?.lsn)}'`)
        const report = await withClient(replica.of(project.url), {}, (client) =>
          runChecks(client, plan.checks, 'replica'),
        )
        const reasons = report.results.filter(({ outcome }) => outcome === 'skipped').map(({ found }) => found)
        assert.ok(report.passed > 0 && report.failed === 0 && reasons.length > 0, JSON.stringify(report.results))
        for (const reason of reasons) assert.match(reason, /^this check writes a row .* read replica/)
        assert.match(verificationOutcome(report).message, /^Verified: \d+ checks passed, \d skipped: this check writes/)
      } finally {
        await replica.stop()
      }
    } finally {
      await primary.stop()
    }
  })

  it('a disk that fills up: the completed steps remain, and the run resumes once there is room', async function () {
    this.timeout(600_000)
    const disk = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-disk-'))
    const mount = (options: string) =>
      spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk], { encoding: 'utf8' })
    if (mount('size=14m').status !== 0) {
      skip(this, 'only root may mount a small disk')
      return
    }
    try {
      const owner = fs.statSync(server.socketFolder)
      fs.chownSync(disk, owner.uid, owner.gid)
      await server.createDatabase({ sql: `CREATE TABLESPACE small LOCATION '${disk}'` })
      const project = await sampleProject()
      await project.database.query(`ALTER TABLE "Lead" SET TABLESPACE small`)
      await project.database.query(
        `INSERT INTO "Lead" (name, email) SELECT repeat('x', 200), i FROM generate_series(1, 30000) AS i`,
      )
      await assert.rejects(runPlan({ url: project.url, plan: await project.plan() }), {
        code: 'server-disk-full',
        message: /^Step \d+ of 15 failed: Fill Lead\.ownerId with the first user/,
        why: /No space left on device/,
      })
      execFileSync('mount', ['-o', 'remount,size=200m', disk])
      const result = await runPlan({ url: project.url, plan: await project.plan() })
      assert.deepEqual([result.status, result.resumed], ['completed', true])
      await checkVerified(project)
      await project.database.drop()
      await (await server.createDatabase()).query('DROP TABLESPACE small')
    } finally {
      execFileSync('umount', ['--lazy', disk])
      fs.rmdirSync(disk)
    }
  })

  it('a database that is not in UTC writes UTC all the same', async () => {
    const project = await sampleProject()
    await project.database.query(`ALTER DATABASE "${project.database.name}" SET timezone = 'America/New_York'`)
    assert.equal((await runPlan({ url: project.url, plan: await project.plan() })).status, 'completed')
    await checkVerified(project)
  })

  it('a database that quotes all identifiers is read, migrated and taken back like any other', async () => {
    const project = await sampleProject()
    const drift = async () =>
      compare({ schema: project.schema, policy: project.policy, database: await project.catalog() })
        .filter(({ code }) => !code.startsWith('missing-'))
        .map(({ code, message }) => `${code}: ${message}`)
    const before = await drift()
    await project.database.query(`ALTER DATABASE "${project.database.name}" SET quote_all_identifiers = on`)
    assert.deepEqual(await drift(), before)
    assert.equal((await runPlan({ url: project.url, plan: await project.plan() })).status, 'completed')
    await checkVerified(project)
    await rollBack({ url: project.url })
    assert.deepEqual(await drift(), before)
  })

  it("a constraint of another kind that has the foreign key's name is seen beforehand", async () => {
    const project = await sampleProject()
    await project.database.query(`ALTER TABLE "Lead" ADD CONSTRAINT "Lead_ownerId_fkey" CHECK (id > 0)`)
    const plan = await project.plan()
    assert.match(
      plan.warnings.map(({ text }) => said(text)).join(' '),
      /Lead_ownerId_fkey is taken, so the foreign key .* is named Lead_ownerId_fkey1/,
    )
    assert.equal((await runPlan({ url: project.url, plan })).status, 'completed')
    const keys = await project.database.query(
      `SELECT conname, contype FROM pg_constraint WHERE conname LIKE 'Lead_ownerId_fkey%' ORDER BY 1`,
    )
    assert.deepEqual(keys, [
      { conname: 'Lead_ownerId_fkey', contype: 'c' },
      { conname: 'Lead_ownerId_fkey1', contype: 'f' },
    ])
  })

  it('an index of that name with another definition is left as it is, and said to be in the way', async () => {
    const project = await sampleProject()
    const plan = await project.plan()
    await project.database.query(`CREATE INDEX "Lead_ownerId_idx" ON "Lead" (name)`)
    await assert.rejects(runPlan({ url: project.url, plan }), {
      code: 'step-not-verified',
      message: /^Step \d+ of 15 failed/,
    })
    const [left] = await project.database.query(`SELECT indexdef FROM pg_indexes WHERE indexname = 'Lead_ownerId_idx'`)
    assert.match(String(left?.indexdef), /\(name\)/)
    await project.database.query(`ALTER INDEX "Lead_ownerId_idx" RENAME TO by_name`)
    assert.equal((await runPlan({ url: project.url, plan: await project.plan() })).status, 'completed')
    await checkVerified(project)
  })

  it('privileges that are lost midway: the completed steps remain, and the run resumes once they are back', async () => {
    const role = await server.createRole()
    const other = await server.createRole()
    const project = await sampleProject()
    const ownedBy = (name: string) => `ALTER TABLE "User" OWNER TO "${name}"; ALTER TABLE "Lead" OWNER TO "${name}"`
    const owner = (name: string) => project.database.query(ownedBy(name))
    await owner(role.name)
    await project.database.query(`
      GRANT CREATE ON SCHEMA public TO "${role.name}"; GRANT CREATE ON DATABASE "${project.database.name}" TO "${role.name}"`)
    const url = role.urlFor(project.database)
    await runUntil({ url, plan: await project.plan() }, ({ index }) => index === 5)
    await owner(other.name)
    await assert.rejects(runPlan({ url, plan: await project.plan() }), { code: 'privileges-missing' })
    await owner(role.name)
    // This time the right goes in the middle of a run.
    let isTaken = false
    await assert.rejects(
      runPlan({
        url,
        plan: await project.plan(),
        onProgress: ({ index }) => {
          if (index !== 7 || isTaken) return
          queryAtOnce(project.url, ownedBy(other.name))
          isTaken = true
        },
      }),
      { code: 'permission-denied', nextStep: /The steps before it are applied/ },
    )
    assert.ok(isTaken)
    await owner(role.name)
    assert.equal((await runPlan({ url, plan: await project.plan() })).status, 'completed')
    await checkVerified({ ...project, url })
  })

  it('the chosen owner is deleted while the rows are filled: the next user owns the rest, and those it had', async () => {
    const project = await sampleProject()
    await project.database.query(`INSERT INTO "Lead" (name, email) SELECT i, i FROM generate_series(1, 9000) AS i`)
    await runUntil(
      { url: project.url, plan: await project.plan() },
      ({ rowsDone }) => rowsDone !== null && rowsDone > 0,
    )
    await project.database.query(`DELETE FROM "User" WHERE id = 4`)
    const result = await runPlan({ url: project.url, plan: await project.plan() })
    assert.equal(result.status, 'completed')
    assert.deepEqual(await project.database.query('SELECT "ownerId", count(*)::int FROM "Lead" GROUP BY 1'), [
      { ownerId: 5, count: 9400 },
    ])
    await checkVerified(project)
  })
})

function skip(context: Mocha.Context, reason: string): void {
  if (context.test !== undefined) context.test.title += ` (not shown here: ${reason})`
  context.skip()
}
