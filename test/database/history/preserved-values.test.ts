import assert from 'node:assert/strict'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { usePostgres } from '../../support/postgres'
import { createHistoryProject, SAMPLE } from './support'

describe("Prisma's history and values that are kept", () => {
  const server = usePostgres()

  it('is still true after up, writes, down and up with the values restored', async () => {
    const project = await createHistoryProject(server, SAMPLE)
    const plan = await project.plan()
    const run = async () =>
      runPlan({ url: project.url, plan: await project.plan(), history: project.target, preservedValues: 'put back' })
    await run()
    await project.database.query(`UPDATE "User" SET "updatedBy" = 4 WHERE id = 4`)
    await rollBack({ url: project.url, history: project.target })
    await project.checkClean(project.schemaText)
    const { putBack } = await run()
    assert.equal(putBack.length > 0, true)
    await project.checkClean(project.editedSchema(plan.additions))
    assert.ok(!project.names().some((name) => name.includes('put_back')))
    project.remove()
  })
})
