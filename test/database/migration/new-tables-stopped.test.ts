import assert from 'node:assert/strict'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { usePostgres } from '../../support/postgres'
import { dump } from './support/dump'
import { planTables, SOURCE } from './support/plan-tables'

/** Every step is tried where this is 1; a few show the kinds. */
const EACH = Number(process.env.PRISMA_AUDIT_TEST_EACH ?? 7)

describe('tables', () => {
  const server = usePostgres()

  it('that a run creates are finished by the next run, and taken back whole, wherever the first one was stopped', async function () {
    this.timeout(600_000)
    const text = `${SOURCE}model User {\n  id Int @id\n}\nmodel Deal {\n  id Int @id\n  ownerId Int\n  owner User @relation(fields: [ownerId], references: [id])\n}\n`
    const stopped = async (at: number) => {
      const database = await server.createDatabase(
        'CREATE TABLE "User" (id integer CONSTRAINT "User_pkey" PRIMARY KEY)',
      )
      const before = await dump(database, server)
      const controller = new AbortController()
      const plan = await planTables(text, database.url)
      const onProgress = ({ index }: { readonly index: number }) => {
        if (index === at) controller.abort()
      }
      const first = await runPlan({ url: database.url, plan, onProgress, signal: controller.signal })
      assert.equal(first.status, at < plan.steps.length - 1 ? 'stopped' : first.status)
      const rest = await planTables(text, database.url)
      assert.equal((await runPlan({ url: database.url, plan: rest })).status, 'completed')
      assert.deepEqual((await planTables(text, database.url)).steps, [])
      await rollBack({ url: database.url })
      assert.equal(await dump(database, server), before, String(at))
      return plan.steps.length
    }
    for (let at = 0, count = 1; at < count; at += EACH) count = await stopped(at)
  })
})
