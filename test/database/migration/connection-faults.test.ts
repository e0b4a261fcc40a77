import assert from 'node:assert/strict'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { usePostgres } from '../../support/postgres'
import { startBreakingProxy, type BreakingProxy } from './support/breaking-proxy'
import { dump } from './support/dump'
import { createSampleProject } from './support/sample-project'
import { queryAtOnce } from './support/query-at-once'
import { checkVerified } from './support/verified'

const TERMINATE = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND application_name = 'prisma-audit migrate'`

/** How many COMMITs lie between two cuts, so that one run takes no more than it stands. */
const STRIDE = 9

describe('a connection that breaks', () => {
  const server = usePostgres()
  const sampleProject = () => createSampleProject(server)
  let proxy: BreakingProxy | null = null
  afterEach(async () => {
    await proxy?.close()
    proxy = null
  })

  for (const when of ['before', 'after'] as const) {
    const heard = when === 'before' ? 'before the server got it' : 'after the server got it'
    it(`mid-COMMIT, ${heard}, again and again at other COMMITs: up and down come to their ends`, async function () {
      this.timeout(600_000)
      for (let offset = 0; offset < STRIDE; offset += 3) {
        const project = await sampleProject()
        const before = await dump(project.database, server)
        const plan = await project.plan()
        const breaking = await startBreakingProxy(server.port, when, (commit) => commit % STRIDE === offset)
        proxy = breaking
        const url = breaking.through(project.url)
        const result = await runPlan({ url, plan })
        assert.equal(result.status, 'completed')
        assert.deepEqual(
          [...result.applied].sort(),
          plan.steps.map((step) => step.title).sort(),
          `up, cut at ${offset}: no step is done twice or left out`,
        )
        await checkVerified(project)
        const runs = await project.database.query('SELECT state, count(*)::int FROM prisma_audit.run GROUP BY state')
        assert.deepEqual(runs, [{ state: 'completed', count: 1 }])
        const cutsUp = breaking.cuts
        const undone = await rollBack({ url })
        assert.deepEqual([undone.status, undone.remaining], ['completed', []])
        assert.deepEqual(
          undone.undone,
          plan.steps
            .filter((step) => step.down.length > 0)
            .map((step) => step.title)
            .reverse(),
        )
        assert.equal(await dump(project.database, server), before, `down, cut at ${offset}`)
        assert.ok(cutsUp > 0 && breaking.cuts > cutsUp, `${cutsUp} and ${breaking.cuts} cuts`)
        await breaking.close()
        proxy = null
      }
    })
  }

  it('again and again: it gives up, names the completed steps, and resumes later', async () => {
    const project = await sampleProject()
    const plan = await project.plan()
    const breaking = await startBreakingProxy(server.port, 'before', (commit) => commit > 6)
    proxy = breaking
    await assert.rejects(runPlan({ url: breaking.through(project.url), plan }), { code: 'connection-lost' })
    const result = await runPlan({ url: project.url, plan: await project.plan() })
    assert.deepEqual([result.status, result.resumed], ['completed', true])
    await checkVerified(project)
  })

  it('since a rollback was terminated on the server: a new one goes on', async () => {
    const project = await sampleProject()
    const before = await dump(project.database, server)
    await runPlan({ url: project.url, plan: await project.plan() })
    const terminated: unknown[] = []
    const result = await rollBack({
      url: project.url,
      onProgress: ({ index }) => {
        if (index === 4 && terminated.length === 0) terminated.push(...queryAtOnce(project.url, TERMINATE))
      },
    })
    assert.equal(terminated.length, 1)
    assert.deepEqual([result.status, result.remaining], ['completed', []])
    assert.equal(await dump(project.database, server), before)
  })
})
