import assert from 'node:assert/strict'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { startPostgres, usePostgres, type TestServer } from '../../support/postgres'
import { useClients } from './support/clients'
import { createSampleProject } from './support/sample-project'
import { queryAtOnce } from './support/query-at-once'
import { checkVerified } from './support/verified'
import { runUntil } from './support/stopped-run'

describe('an application beside a migration', () => {
  const server = usePostgres()
  const sampleProject = (on: TestServer = server, sql?: string) =>
    createSampleProject(on, sql === undefined ? {} : { sql })
  const clients = useClients()
  const { connect, reporter } = clients

  it('deletes the very user who is to be written: the next one is', async () => {
    const project = await sampleProject()
    await runUntil({ url: project.url, plan: await project.plan() }, ({ step }) => step.kind === 'populate')
    const application = await connect(project.url, 'the application')
    const [first, next] = await project.database.query('SELECT id FROM "User" ORDER BY id LIMIT 2')
    await application.query('BEGIN')
    await application.query('DELETE FROM "User" WHERE id = $1', [first?.id])
    const gone: Promise<unknown>[] = []
    let isInserted = false
    const result = await runPlan({
      url: project.url,
      plan: await project.plan(),
      onProgress: ({ step, waiting, rowsDone }) => {
        if (waiting !== null && gone.length === 0) gone.push(application.query('COMMIT'))
        if (step.kind !== 'populate' || (rowsDone ?? 0) === 0 || isInserted) return
        // Behind the walk, which goes over the table once more.
        isInserted = true
        queryAtOnce(project.url, `INSERT INTO "Lead" (id, name, email) VALUES (-1, 'late', 'late@example.com')`)
      },
    })
    await Promise.all(gone)
    assert.deepEqual([result.status, gone.length, isInserted], ['completed', 1, true])
    const owners = await project.database.query('SELECT DISTINCT "ownerId" FROM "Lead"')
    assert.deepEqual(owners, [{ ownerId: next?.id }])
  })

  it('is not ended by a deadlock: our batch gives way', async () => {
    const project = await sampleProject()
    const plan = await project.plan()
    const position = plan.steps.findIndex((step) => step.kind === 'populate')
    await runUntil({ url: project.url, plan }, ({ index }) => index === position)
    const application = await connect(project.url, 'the application')
    await application.query(`BEGIN; UPDATE "Lead" SET status = 'x' WHERE id = 300`)
    const second: Promise<unknown>[] = []
    const result = await runPlan({
      url: project.url,
      plan: await project.plan(),
      onProgress: ({ waiting }) => {
        if (waiting === null || second.length > 0) return
        // The batch holds this row, and waits for the other: whoever waits longer than the server looks on is ended.
        second.push(application.query(`UPDATE "Lead" SET status = 'x' WHERE id = 5; COMMIT`))
      },
    })
    assert.equal(second.length, 1)
    await Promise.all(second)
    assert.equal(result.status, 'completed')
    const changed = await project.database.query(`SELECT id FROM "Lead" WHERE status = 'x' ORDER BY id`)
    assert.deepEqual(changed, [{ id: 5 }, { id: 300 }])
    await checkVerified(project)
  })

  it('reads without waiting for long, however many readers there are', async function () {
    this.timeout(600_000)
    // The server itself writes down who waited longer than this for a lock.
    const busy = await startPostgres({ settings: { log_lock_waits: 'on', deadlock_timeout: '2s' } })
    try {
      const project = await sampleProject(busy)
      const holder = await reporter(project.url)
      const readers = await Promise.all(Array.from({ length: 8 }, () => connect(project.url, 'a reader')))
      let isOver = false
      const reading = readers.map(async (client) => {
        let count = 0
        while (!isOver) {
          await client.query('SELECT count(*) FROM "Lead" AS l, pg_sleep(0.01)')
          count++
        }
        return count
      })
      const tries = new Set<number>()
      const result = await runPlan({
        url: project.url,
        plan: await project.plan(),
        askAfter: 4000,
        onProgress: ({ waiting }) => {
          if (waiting !== null) tries.add(waiting.seconds)
        },
        onBlocked: async () => {
          await holder.query('COMMIT')
          return 'wait'
        },
      })
      isOver = true
      const counts = await Promise.all(reading)
      assert.equal(result.status, 'completed')
      assert.ok(tries.size >= 3, 'it waited for seconds')
      assert.ok(
        counts.every((count) => count > 20),
        counts.join(),
      )
      assert.doesNotMatch(busy.log(), /still waiting for AccessShareLock on relation/)
    } finally {
      await clients.close()
      await busy.stop()
    }
  })

  it('is spared a statement that takes too long, which is cancelled; the completed steps remain', async () => {
    const project = await sampleProject()
    await project.database.query(`
      CREATE FUNCTION dawdle() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(20); END $$;
      CREATE EVENT TRIGGER dawdle ON ddl_command_start WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION dawdle()`)
    const run = runPlan({ url: project.url, plan: await project.plan(), statementTimeout: 1500 })
    await assert.rejects(run, { code: 'statement-timeout', message: /^Step 2 of 15 failed/ })
    await project.database.query('DROP EVENT TRIGGER dawdle; DROP FUNCTION dawdle()')
    const result = await runPlan({ url: project.url, plan: await project.plan() })
    assert.deepEqual([result.status, result.resumed], ['completed', true])
    await checkVerified(project)
  })
})
