import assert from 'node:assert/strict'
import { withClient } from '../../../server/src/database/connect'
import { readJournal } from '../../../server/src/migration/run/journal/journal'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { usePostgres } from '../../support/postgres'
import { createProject, type TestProject } from './support/project'

const SCHEMA = `datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id\n}\nmodel Lead {\n  id Int @id\n}\n`

describe('runs of several projects in one database', () => {
  const server = usePostgres()

  /** Tenants as PostgreSQL schemas: `?schema=t1`, and the very same tables in each. */
  async function tenants(): Promise<{ project: TestProject; of: (tenant: string) => TestProject }> {
    const policy = { rules: [{ models: ['*'], require: ['updatedAt', 'updatedBy', 'ownerId'] }] }
    const names = ['t1', 't2', 't3']
    const ddl = names
      .map(
        (name) => `CREATE SCHEMA ${name}; CREATE TABLE ${name}."User" (id integer PRIMARY KEY);
        CREATE TABLE ${name}."Lead" (id integer PRIMARY KEY); INSERT INTO ${name}."User" VALUES (1)`,
      )
      .join(';')
    const project = await createProject(server, { schema: SCHEMA, policy, ddl })
    return { project, of: (tenant) => project.inSchema(tenant) }
  }

  const standing = async (project: TestProject) =>
    (await withClient(project.url, {}, readJournal)).map(({ state, steps }) => [state, steps[0]?.step.schema])

  it('a rollback takes back the newest run of its own schema, and names the others', async () => {
    const { project, of } = await tenants()
    for (const tenant of ['t1', 't2', 't3']) {
      const plan = await of(tenant).plan()
      assert.equal((await runPlan({ url: project.url, schemas: [tenant], plan })).status, 'completed')
    }
    const result = await rollBack({ url: project.url, schemas: ['t2'] })
    assert.equal(result.status, 'completed')
    assert.ok(
      result.undone.every((title) => title.includes('t2')),
      result.undone.join('\n'),
    )
    assert.deepEqual(
      result.others.map(({ schemas }) => schemas),
      [['t3'], ['t1']],
    )
    assert.deepEqual(await standing(project), [
      ['completed', 't1'],
      ['rolled back', 't2'],
      ['completed', 't3'],
    ])
    assert.deepEqual((await rollBack({ url: project.url, schemas: ['t2'] })).undone, [])
    assert.ok((await rollBack({ url: project.url, schemas: ['t1'] })).undone.length > 0)
    assert.ok((await rollBack({ url: project.url, schemas: ['t3'] })).undone.length > 0)
    assert.deepEqual(await standing(project), [])
  })

  it('what another left unfinished is neither finished nor in the way', async () => {
    const { project, of } = await tenants()
    const broken = new AbortController()
    const first = of('t1')
    const stopped = await runPlan({
      url: project.url,
      schemas: ['t1'],
      plan: await first.plan(),
      signal: broken.signal,
      onProgress: ({ index }) => {
        if (index === 3) broken.abort()
      },
    })
    assert.equal(stopped.status, 'stopped')
    const second = of('t2')
    const plan = await second.plan()
    assert.ok(plan.steps.every(({ schema }) => schema === 't2'))
    const result = await runPlan({ url: project.url, schemas: ['t2'], plan })
    assert.deepEqual([result.status, result.resumed], ['completed', false])
    const titles = new Set(plan.steps.map(({ title }) => title))
    assert.ok(result.applied.length > 0 && result.applied.every((title) => titles.has(title)))
    assert.deepEqual(await standing(project), [
      ['running', 't1'],
      ['completed', 't2'],
    ])
    const again = await runPlan({ url: project.url, schemas: ['t1'], plan: await first.plan() })
    assert.deepEqual([again.status, again.resumed], ['completed', true])
  })

  it('of several runs of one project the newest is taken back, then the one before', async () => {
    const { project, of } = await tenants()
    const tenant = of('t1')
    const plan = await tenant.plan()
    const ofUsers = plan.steps.filter(({ kind, table }) => table === 'User' || kind === 'create-function')
    await runPlan({ url: project.url, schemas: ['t1'], plan: { ...plan, steps: ofUsers } })
    await runPlan({ url: project.url, schemas: ['t1'], plan: await tenant.plan() })
    const [older, newest] = await withClient(project.url, {}, readJournal)
    // What a person has agreed to is another one by now.
    const agreed = rollBack({ url: project.url, schemas: ['t1'], agreed: older! })
    await assert.rejects(agreed, { code: 'other-run', nextStep: /^Nothing was changed/ })
    assert.equal((await standing(project)).filter(([state]) => state === 'completed').length, 2)
    const result = await rollBack({ url: project.url, schemas: ['t1'], agreed: newest! })
    assert.ok(
      result.undone.every((title) => title.includes('Lead')),
      result.undone.join('\n'),
    )
    assert.equal(result.others.length, 1)
    assert.ok((await rollBack({ url: project.url, schemas: ['t1'] })).undone.length > 0)
    assert.deepEqual(await standing(project), [])
  })
})
