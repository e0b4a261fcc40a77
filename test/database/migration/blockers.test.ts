import assert from 'node:assert/strict'
import type pg from 'pg'
import { describeError } from '../../../server/src/errors'
import {
  describeBlocker,
  readLockHolders,
  STANDBY,
  waitsForStandby,
  type Waiting,
} from '../../../server/src/database/blockers'
import { rollBack, type RollbackProgress } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { startPostgres, usePostgres, type TestServer } from '../../support/postgres'
import { useClients } from './support/clients'
import { dump } from './support/dump'
import type { TestProject } from './support/project'
import { createSampleProject, readSample } from './support/sample-project'
import { checkVerified } from './support/verified'
import { QUEUED, waitUntil } from './support/wait-until'
import { runUntil } from './support/stopped-run'

describe('who keeps a migration from a lock', () => {
  const server = usePostgres()
  const sampleProject = (on: TestServer = server, sql?: string) =>
    createSampleProject(on, sql === undefined ? {} : { sql })
  const { connect, reporter } = useClients()

  /** A run that is to go on with an index, and a writer whose old transaction keeps CONCURRENTLY waiting. */
  async function stoppedBeforeIndex(project: TestProject, name: string): Promise<pg.Client> {
    await runUntil({ url: project.url, plan: await project.plan() }, ({ step }) => step.object === name)
    const holder = await connect(project.url, 'the writer')
    await holder.query(`BEGIN; UPDATE "Lead" SET status = 'x' WHERE id = 1`)
    return holder
  }

  it('is named while the run waits, and terminated if the user chooses so', async () => {
    const project = await sampleProject()
    await reporter(project.url)
    const told: Waiting[] = []
    const asked: Waiting[] = []
    const result = await runPlan({
      url: project.url,
      plan: await project.plan(),
      askAfter: 400,
      onProgress: ({ waiting }) => {
        if (waiting !== null) told.push(waiting)
      },
      onBlocked: (waiting) => {
        asked.push(waiting)
        return Promise.resolve('terminate')
      },
    })
    assert.equal(result.status, 'completed')
    assert.equal(asked.length, 1)
    assert.ok(told.length > 1, 'it was told before it was asked about')
    assert.deepEqual(asked[0]?.tables, ['"public"."Lead"'])
    const [blocker] = asked.flatMap(({ blockers }) => blockers)
    assert.ok(blocker)
    assert.deepEqual([blocker.application, blocker.user, blocker.mayTerminate], ['the report', 'postgres', true])
    assert.match(
      describeBlocker(blocker),
      /^process \d+ of postgres \(the report\), in its transaction for \d+ s: SELECT count\(\*\) FROM "Lead"$/,
    )
    await checkVerified(project)
  })

  it('is named of a reader, too: who locks the table or queues for that, and nobody with a table of its own', async () => {
    const { url } = await sampleProject()
    const said = async () => {
      const { tables, blockers } = await readLockHolders(looking)
      return [tables, blockers.map(({ application }) => application)]
    }
    const [looking, holder, own] = [await connect(url, ''), await connect(url, 'holder'), await connect(url, 'own')]
    await own.query('BEGIN; CREATE TABLE "new" (); CREATE TEMPORARY TABLE "mine" ()')
    await own.query(
      'CREATE TEMPORARY TABLE "kept" () ON COMMIT DELETE ROWS; COMMIT; BEGIN; LOCK TABLE "kept"; CREATE TABLE "newer" ()',
    )
    assert.deepEqual(await said(), [[], []])
    await holder.query('BEGIN; LOCK TABLE "Lead" IN ACCESS EXCLUSIVE MODE')
    assert.deepEqual(await said(), [['"public"."Lead"'], ['holder']])
    await holder.query('ROLLBACK; BEGIN; SELECT FROM "Lead"')
    assert.deepEqual(await said(), [[], []])
    const queued = own.query('ROLLBACK; BEGIN; LOCK TABLE "Lead" IN ACCESS EXCLUSIVE MODE; ROLLBACK')
    await waitUntil(url, QUEUED)
    assert.deepEqual(await said(), [['"public"."Lead"'], ['own']])
    await holder.query('ROLLBACK')
    await queued
  })

  it('stays if the user stops the run, which resumes later', async () => {
    const project = await sampleProject()
    const holder = await reporter(project.url)
    const stopped = await runPlan({
      url: project.url,
      plan: await project.plan(),
      askAfter: 300,
      onBlocked: () => Promise.resolve('stop'),
    })
    assert.deepEqual([stopped.status, stopped.applied.length], ['stopped', 3])
    await holder.query('COMMIT')
    const result = await runPlan({ url: project.url, plan: await project.plan() })
    assert.deepEqual([result.status, result.resumed], ['completed', true])
    await checkVerified(project)
  })

  it('is waited for as long as the user chooses, with new attempts', async () => {
    const project = await sampleProject()
    const holder = await reporter(project.url)
    const result = await runPlan({
      url: project.url,
      plan: await project.plan(),
      // Its only try takes long enough for more than one look, however busy the machine.
      lockAttempts: 1,
      lockTimeout: 2500,
      askAfter: 150,
      onBlocked: async () => {
        await waitUntil(project.url, 'NOT EXISTS (SELECT FROM pg_locks WHERE NOT granted)')
        await holder.query('COMMIT')
        return 'wait'
      },
    })
    assert.equal(result.status, 'completed')
  })

  it('cannot be terminated without the privilege', async () => {
    const role = await server.createRole()
    const project = await sampleProject(
      server,
      `${readSample('database/seed.sql')};
       ALTER TABLE "User" OWNER TO "${role.name}"; ALTER TABLE "Lead" OWNER TO "${role.name}";
       GRANT CREATE ON SCHEMA public TO "${role.name}"`,
    )
    await project.database.query(`GRANT CREATE ON DATABASE "${project.database.name}" TO "${role.name}"`)
    await reporter(project.url)
    const asked: Waiting[] = []
    const result = await runPlan({
      url: role.urlFor(project.database),
      plan: await project.plan(),
      askAfter: 300,
      onBlocked: (waiting) => {
        asked.push(waiting)
        return Promise.resolve('stop')
      },
    })
    assert.equal(result.status, 'stopped')
    assert.deepEqual(
      asked.map(({ blockers }) => blockers.map(({ mayTerminate }) => mayTerminate)),
      [[false]],
    )
  })

  it('while an index is built CONCURRENTLY: told, and the build is given up without harm', async () => {
    const project = await sampleProject()
    const holder = await stoppedBeforeIndex(project, 'Lead_ownerId_idx')
    const stopped = await runPlan({
      url: project.url,
      plan: await project.plan(),
      askAfter: 300,
      onBlocked: ({ blockers, tables }) => {
        // It would wait for a transaction that never touched the table, too.
        assert.deepEqual([blockers[0]?.application, tables], ['the writer', []])
        return Promise.resolve('stop')
      },
    })
    assert.equal(stopped.status, 'stopped')
    await holder.query('COMMIT')
    assert.equal((await runPlan({ url: project.url, plan: await project.plan() })).status, 'completed')
    await checkVerified(project)
  })

  it('with nobody to ask, CONCURRENTLY waits for a limited time, and the error names the blocker', async () => {
    const project = await sampleProject()
    const holder = await stoppedBeforeIndex(project, 'Lead_ownerId_idx')
    await assert.rejects(
      runPlan({ url: project.url, plan: await project.plan(), longestWait: 900 }),
      (error: Error) => {
        assert.match(String(describeError(error)), /CONCURRENTLY within 0\.9 s\.[^]*the writer[^]*UPDATE "Lead"/)
        return true
      },
    )
    await holder.query('COMMIT')
    assert.equal((await runPlan({ url: project.url, plan: await project.plan() })).status, 'completed')
    await checkVerified(project)
  })

  it('can be a standby at a COMMIT, and is named as one', async () => {
    const lonely = await startPostgres({
      settings: { synchronous_standby_names: 'nobody', synchronous_commit: 'local' },
    })
    try {
      const { url } = await lonely.createDatabase()
      const [writer, other] = [await connect(url, 'a writer'), await connect(url, 'another')]
      const { rows } = await writer.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
      const pid = rows[0]?.pid ?? 0
      await writer.query('SET synchronous_commit = on')
      const committing = writer.query('CREATE TABLE t (id integer)').catch(() => undefined)
      await waitUntil(
        url,
        `EXISTS (SELECT FROM pg_stat_activity WHERE pid = ${String(pid)} AND wait_event = 'SyncRep')`,
      )
      assert.equal(await waitsForStandby(other, pid), true)
      assert.match(describeBlocker(STANDBY), /^a synchronous standby to confirm the COMMIT/)
      await other.query('SELECT pg_cancel_backend($1)', [pid])
      await committing
      assert.equal(await waitsForStandby(other, pid), false)
    } finally {
      await lonely.stop()
    }
  })

  it('is named and terminated in a rollback, too', async () => {
    const project = await sampleProject()
    await runPlan({ url: project.url, plan: await project.plan() })
    const holder = await connect(project.url, 'the report')
    await holder.query('BEGIN; SELECT count(*) FROM "User"')
    const titles = new Set<string>()
    const result = await rollBack({
      url: project.url,
      askAfter: 300,
      onProgress: ({ waiting }) => {
        if (waiting !== null) titles.add(waiting.title)
      },
      onBlocked: () => Promise.resolve('terminate'),
    })
    assert.deepEqual([result.status, result.remaining], ['completed', []])
    assert.ok(titles.size > 0)
  })

  it('is waited for only for a limited time by a batch, and by a rollback', async () => {
    const project = await sampleProject()
    const before = await dump(project.database, server)
    await runUntil({ url: project.url, plan: await project.plan() }, ({ step }) => step.kind === 'populate')
    const application = await connect(project.url, 'the application')
    await application.query(`BEGIN; UPDATE "Lead" SET status = 'x' WHERE id = 300`)
    const plan = await project.plan()
    await assert.rejects(runPlan({ url: project.url, plan, lockAttempts: 2 }), {
      code: 'table-locked',
      why: /Held by process \d+ of postgres \(the application\)/,
    })
    await application.query('COMMIT')
    assert.equal((await runPlan({ url: project.url, plan: await project.plan() })).status, 'completed')
    // The trigger that captures writes waits for a writer, and what drops the column for a reader.
    for (const [statement, title] of [
      [`UPDATE "Lead" SET status = 'x' WHERE id = 300`, 'Lead.ownerId'],
      ['SELECT count(*) FROM "User"', 'User.updatedAt'],
    ] as const) {
      await application.query(`BEGIN; ${statement}`)
      await assert.rejects(rollBack({ url: project.url, lockTimeout: 50, lockAttempts: 2 }), (error: Error) => {
        assert.match(error.message, new RegExp(title))
        return 'code' in error && error.code === 'table-locked'
      })
      await application.query('COMMIT')
    }
    assert.equal((await rollBack({ url: project.url })).status, 'completed')
    await project.database.query(
      `DROP SCHEMA prisma_audit_kept CASCADE; UPDATE "Lead" SET status = DEFAULT WHERE id = 300`,
    )
    assert.equal(await dump(project.database, server), before)
  })

  it('is waited for while an index is dropped CONCURRENTLY: broken off there, it is dropped by the next rollback', async () => {
    const project = await sampleProject(server, 'ALTER TABLE "Lead" ADD COLUMN "ownerId" integer REFERENCES "User"')
    const before = await dump(project.database, server)
    const plan = await project.plan()
    const { steps } = plan
    await runPlan({
      url: project.url,
      plan: { ...plan, steps: steps.filter(({ object }) => object === 'Lead_ownerId_idx') },
    })
    assert.notEqual(await dump(project.database, server), before)
    const reader = await reporter(project.url)
    const controller = new AbortController()
    const onProgress = ({ waiting }: RollbackProgress) => {
      if (waiting !== null) controller.abort()
    }
    const stopped = await rollBack({ url: project.url, signal: controller.signal, onProgress })
    assert.deepEqual([stopped.status, stopped.undone, stopped.remaining.length], ['stopped', [], 1])
    await reader.query('COMMIT')
    assert.equal((await rollBack({ url: project.url })).status, 'completed')
    assert.equal(await dump(project.database, server), before)
  })

  it('for nothing: a build that was cancelled by hand leaves an invalid index, which is found and rebuilt', async () => {
    const project = await sampleProject()
    const holder = await stoppedBeforeIndex(project, 'Lead_ownerId_idx')
    const cancelled: Promise<unknown>[] = []
    const run = runPlan({
      url: project.url,
      plan: await project.plan(),
      onProgress: ({ waiting }) => {
        if (waiting === null || cancelled.length > 0) return
        cancelled.push(
          project.database.query(
            `SELECT pg_cancel_backend(pid) FROM pg_stat_activity
             WHERE application_name = 'prisma-audit migrate' AND datname = current_database()`,
          ),
        )
      },
    })
    await assert.rejects(run, { code: 'statement-timeout' })
    await holder.query('COMMIT')
    const invalid = await project.database.query(
      'SELECT indexrelid::regclass::text AS name FROM pg_index WHERE NOT indisvalid',
    )
    assert.deepEqual(invalid, [{ name: '"Lead_ownerId_idx"' }])
    assert.equal((await runPlan({ url: project.url, plan: await project.plan() })).status, 'completed')
    await checkVerified(project)
  })
})
