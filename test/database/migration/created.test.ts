import assert from 'node:assert/strict'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { usePostgres } from '../../support/postgres'
import { dump } from './support/dump'
import { createProject } from './support/project'
import { checkVerified } from './support/verified'

/** That both go up, leave no drift and go back is held for `CASES` too. */
describe('createdAt and createdBy, on a server', () => {
  const server = usePostgres()
  const create = (fields: object) =>
    createProject(server, {
      schema:
        'datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id\n}\nmodel Lead {\n  id Int @id @default(autoincrement())\n}\n',
      policy: { rules: [{ models: ['Lead'], require: ['createdAt', 'createdBy'] }], fields },
      sql: 'INSERT INTO "User" VALUES (1); INSERT INTO "Lead" SELECT FROM generate_series(1, 3)',
    })

  it('leave old rows NULL, and say of new ones when they came', async () => {
    const project = await create({})
    const before = await dump(project.database, server)
    const plan = await project.plan()
    await runPlan({ url: project.url, plan })
    await project.database.query('INSERT INTO "Lead" (id) VALUES (4)')
    const rows = await project.database.query(
      `SELECT "createdAt" IS NULL AS unknown, "createdBy" FROM "Lead" ORDER BY id`,
    )
    const old = { unknown: true, createdBy: null }
    assert.deepEqual(rows, [old, old, old, { unknown: false, createdBy: null }])
    await checkVerified(project)
    assert.deepEqual((await project.plan()).steps, [])
    await project.database.query('DELETE FROM "Lead" WHERE id > 3')
    assert.equal((await rollBack({ url: project.url })).status, 'completed')
    assert.equal(await dump(project.database, server), before)
  })

  it('are refused before anything changes, where they are required of rows that nobody knows them of', async () => {
    const project = await create({ createdAt: { required: true } })
    const before = await dump(project.database, server)
    await assert.rejects(
      runPlan({ url: project.url, plan: await project.plan() }),
      /the policy does not say which value existing rows get/,
    )
    assert.equal(await dump(project.database, server), before)
  })
})
