import assert from 'node:assert/strict'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { prismaDeploy, prismaHistory } from '../../support/history-oracle'
import { usePostgres } from '../../support/postgres'
import { CASES } from '../migration/support/cases'
import { checkVerified } from '../migration/support/verified'
import { createHistoryProject, SAMPLE, structure } from './support'

/** What Prisma's own engine says of the history before, after and after the way back. */
describe("Prisma's history", () => {
  const server = usePostgres()

  for (const [name, options] of Object.entries({ 'the sample': SAMPLE, ...CASES })) {
    it(`stays true there and back, and makes the same of an empty database: ${name}`, async () => {
      const project = await createHistoryProject(server, options)
      try {
        // Some have the fields in the schema before the database has them.
        const missing = await prismaHistory(project.schemaText, project.url, project.migrations)
        const before = await structure(project.database)
        const plan = await project.plan()
        const result = await runPlan({ url: project.url, plan, history: project.target })
        assert.equal(result.status, 'completed')
        await checkVerified(project)
        const edited = project.editedSchema(plan.additions)
        await project.checkClean(edited)
        assert.equal(await replayed(edited, project.migrations), await structure(project.database))

        await rollBack({ url: project.url, history: project.target })
        await project.checkClean(project.schemaText, missing.difference)
        assert.equal(await structure(project.database), before)
        if (options === SAMPLE) assert.equal(await replayed(project.schemaText, project.migrations), before)
      } finally {
        project.remove()
      }
    })
  }

  async function replayed(schema: string, migrations: string): Promise<string> {
    const empty = await server.createDatabase()
    await prismaDeploy(schema, empty.url, migrations)
    const text = await structure(empty)
    await empty.drop()
    return text
  }
})
