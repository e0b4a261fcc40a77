import assert from 'node:assert/strict'
import { once } from 'node:events'
import pg from 'pg'
import { withClient } from '../../../server/src/database/connect'
import { readJournal } from '../../../server/src/migration/run/journal/journal'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { usePostgres } from '../../support/postgres'
import { dump } from './support/dump'
import { createSampleProject } from './support/sample-project'
import { queryAtOnce } from './support/query-at-once'
import { useRunner } from './support/runner'
import { checkVerified } from './support/verified'
import { waitUntil } from './support/wait-until'
import { runUntil } from './support/stopped-run'

describe('runs that break off', () => {
  const server = usePostgres()
  const runner = useRunner()

  const sampleProject = (sql?: string) => createSampleProject(server, sql === undefined ? {} : { sql })

  it('killed at the beginning of any step: rolled back to an equal dump, or resumed to the end', async function () {
    this.timeout(600_000)
    const project = await sampleProject()
    const before = await dump(project.database, server)
    // The same each time, since each dump is.
    const plan = await project.plan()
    const { length } = plan.steps
    for (let step = 0; step < length; step++) {
      assert.equal(await runner.run(project.url, plan, `step:${step}`), 'SIGKILL')
      const [broken] = await withClient(project.url, {}, readJournal)
      assert.equal(broken?.state, 'running')
      await rollBack({ url: project.url })
      assert.equal(await dump(project.database, server), before, `rolled back from step ${step}`)

      assert.equal(await runner.run(project.url, plan, `step:${step}`), 'SIGKILL')
      // As a caller does it, with a plan of what is still missing now; the journal knows the rest.
      const result = await runPlan({ url: project.url, plan: await project.plan() })
      assert.deepEqual([result.status, result.resumed, result.remaining], ['completed', true, []])
      assert.equal(result.applied.length, length, `went on at step ${step}`)
      await checkVerified(project)
      await rollBack({ url: project.url })
      assert.equal(await dump(project.database, server), before, `rolled back after going on at step ${step}`)
    }
  })

  it('a rollback that ends between the last undone step and the schema: the next one still knows its fields', async () => {
    const project = await sampleProject()
    const before = await dump(project.database, server)
    await runPlan({ url: project.url, plan: await project.plan() })
    const killed = new Error('The process is gone.')
    await assert.rejects(rollBack({ url: project.url, onUndone: () => Promise.reject(killed) }), killed)
    assert.deepEqual(
      (await withClient(project.url, {}, readJournal)).map(({ state }) => state),
      ['rolling back'],
    )
    const told: string[][] = []
    await rollBack({
      url: project.url,
      onUndone: (fields) => {
        told.push(fields.map(({ model, field }) => `${model}.${field}`))
        return Promise.resolve('forget')
      },
    })
    assert.deepEqual(told, [['User.updatedAt', 'User.updatedBy', 'Lead.ownerId']])
    assert.equal(await dump(project.database, server), before)
  })

  it('killed between batches: resumes where it stopped', async () => {
    const project = await sampleProject(
      `INSERT INTO "User" (id, email, name) VALUES (9, 'i@example.com', 'I');
       INSERT INTO "Lead" (name, email) SELECT i, i FROM generate_series(1, 7000) AS i`,
    )
    assert.equal(await runner.run(project.url, await project.plan(), 'rows:2000'), 'SIGKILL')
    const [broken] = await withClient(project.url, {}, readJournal)
    const walked = broken?.steps.find(({ step }) => step.batch !== null)
    assert.deepEqual([walked?.state, walked?.batches, walked?.rowsDone, walked?.cursor], ['running', 1, 2000, ['2000']])
    const seen: (number | null)[] = []
    const plan = await project.plan()
    assert.equal(
      plan.steps.some((step) => step.kind === 'populate'),
      false,
      'the catalog alone does not know of it',
    )
    const result = await runPlan({ url: project.url, plan, onProgress: ({ rowsDone }) => seen.push(rowsDone) })
    assert.equal(result.status, 'completed')
    const rows = seen.filter((number) => number !== null)
    assert.ok(rows[0] !== undefined && rows[0] > 2000 && rows.at(-1) === 7000, rows.join())
    await checkVerified(project)
  })

  it('killed while an index is built: the invalid one is found and rebuilt', async () => {
    const project = await sampleProject()
    const plan = await project.plan()
    const position = plan.steps.findIndex((step) => step.object === 'Lead_ownerId_idx')
    assert.equal(await runner.run(project.url, plan, `step:${position}`), 'SIGKILL')
    const blocker = new pg.Client({ connectionString: project.url })
    await blocker.connect()
    try {
      // An old transaction that has written the table keeps CREATE INDEX CONCURRENTLY waiting.
      await blocker.query('BEGIN')
      await blocker.query(`UPDATE "Lead" SET status = 'x' WHERE id = 1`)
      const child = runner.start(project.url, plan)
      const exit = once(child, 'exit')
      await waitUntil(
        project.url,
        `EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CONCURRENTLY%Lead%' AND wait_event_type = 'Lock')`,
      )
      child.kill('SIGKILL')
      await exit
      // The server notices by itself that nobody is there any more.
      await waitUntil(
        project.url,
        `NOT EXISTS (SELECT FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = 'prisma-audit migrate')`,
      )
      await blocker.query('COMMIT')
    } finally {
      await blocker.end()
    }
    const invalid = await project.database.query(
      'SELECT indexrelid::regclass::text AS name FROM pg_index WHERE NOT indisvalid',
    )
    assert.deepEqual(invalid, [{ name: '"Lead_ownerId_idx"' }])
    const result = await runPlan({ url: project.url, plan: await project.plan() })
    assert.equal(result.status, 'completed')
    await checkVerified(project)
  })

  it('aborted between steps: names the completed ones, and resumes later', async () => {
    const project = await sampleProject()
    const plan = await project.plan()
    const result = await runUntil({ url: project.url, plan }, ({ index }) => index === 4)
    assert.equal(result.status, 'stopped')
    assert.deepEqual(result.applied.length + result.remaining.length, plan.steps.length)
    assert.ok(result.applied.length >= 4)
    const rest = await runPlan({ url: project.url, plan: await project.plan() })
    assert.deepEqual([rest.status, rest.resumed, rest.applied.length], ['completed', true, plan.steps.length])
    await checkVerified(project)
  })

  it('interrupted when an index was built and not yet recorded: the index is ours, and a rollback drops it', async () => {
    const project = await sampleProject('ALTER TABLE "Lead" ADD COLUMN "ownerId" integer REFERENCES "User"')
    const before = await dump(project.database, server)
    const index = 'Lead_ownerId_idx'
    await runUntil({ url: project.url, plan: await project.plan() }, ({ step }) => step.object === index)
    // As it is when the process ends between the two.
    await project.database.query(`CREATE INDEX "${index}" ON "Lead" ("ownerId")`)
    await project.database.query(`UPDATE prisma_audit.step SET state = 'running' WHERE id LIKE '%${index}'`)
    const rest = await runPlan({ url: project.url, plan: await project.plan() })
    assert.deepEqual([rest.status, rest.alreadyThere], ['completed', []])
    await rollBack({ url: project.url })
    assert.equal(await dump(project.database, server), before)
  })

  it('aborted before it began: nothing was done', async () => {
    const project = await sampleProject()
    const plan = await project.plan()
    const before = await dump(project.database, server)
    const result = await runPlan({ url: project.url, plan, signal: AbortSignal.abort() })
    assert.deepEqual([result.status, result.applied, result.remaining.length], ['stopped', [], plan.steps.length])
    assert.equal(await dump(project.database, server), before)
  })

  it('its connection was terminated: a new one continues', async () => {
    const project = await sampleProject()
    const terminated: unknown[] = []
    const result = await runPlan({
      url: project.url,
      plan: await project.plan(),
      onProgress: ({ index }) => {
        if (index !== 5 || terminated.length > 0) return
        const others = `datname = current_database() AND application_name = 'prisma-audit migrate'`
        terminated.push(
          ...queryAtOnce(project.url, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${others}`),
        )
      },
    })
    assert.equal(result.status, 'completed')
    assert.equal(terminated.length, 1)
    await checkVerified(project)
  })

  it('a journal that someone changed is not run', async () => {
    const project = await sampleProject()
    assert.equal(await runner.run(project.url, await project.plan(), 'step:3'), 'SIGKILL')
    await project.database.query(
      `UPDATE prisma_audit.step SET definition = replace(definition::text, 'integer', 'bigint')::json WHERE position = 4`,
    )
    await assert.rejects(runPlan({ url: project.url, plan: await project.plan() }), {
      code: 'journal-unreadable',
      why: 'Step 4 of run 1 was changed after it was written.',
    })
    await project.database.query('UPDATE prisma_audit.run SET format = 3')
    await assert.rejects(rollBack({ url: project.url }), {
      code: 'journal-unreadable',
      why: /^Run 1 was written in format 3; this version supports 2/,
    })
  })
})
