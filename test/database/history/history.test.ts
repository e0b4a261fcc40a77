import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { withClient } from '../../../server/src/database/connect'
import { readSurroundings } from '../../../server/src/database/table-surroundings'
import { tablesOfPlan } from '../../../server/src/migration/plan/judge-surroundings'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { prismaDeploy, prismaHistory } from '../../support/history-oracle'
import { usePostgres } from '../../support/postgres'
import { CASES } from '../migration/support/cases'
import { createProject } from '../migration/support/project'
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

  it('of small tables is one folder up and one down; it fills and indexes at once, and refuses large tables', async () => {
    const { schema, policy } = SAMPLE
    const project = await createHistoryProject(server, SAMPLE)
    try {
      const before = await structure(project.database)
      const planned = await project.plan()
      const { sizes } = await withClient(project.url, {}, (client) => readSurroundings(client, tablesOfPlan(planned)))
      const plan = { ...planned, tableBytes: Object.fromEntries([...sizes].map(([name, { rows }]) => [name, rows])) }
      assert.equal((await runPlan({ url: project.url, plan, history: project.target })).status, 'completed')
      const folders = project.names().slice(1)
      assert.equal(folders.length, 1)
      await project.checkClean(project.editedSchema(plan.additions))

      const elsewhere = await createProject(server, { schema, policy, sql: SAMPLE.sql ?? '' })
      const [text = ''] = folders.map((name) =>
        fs.readFileSync(path.join(project.migrations, name, 'migration.sql'), 'utf8'),
      )
      const large = `ALTER TABLE "Lead" SET (fillfactor = 10); INSERT INTO "Lead" (name, email) SELECT repeat('x', 900), '' FROM generate_series(1, 8300)`
      await elsewhere.database.query('BEGIN; ' + large + '; COMMIT')
      const small = await structure(elsewhere.database)
      await assert.rejects(elsewhere.database.query(text), /would block writes to these for long: "Lead"/)
      assert.equal(await structure(elsewhere.database), small)
      await elsewhere.database.query(`DELETE FROM "Lead" WHERE length(name) = 900`)
      await elsewhere.database.query('VACUUM FULL "Lead"')
      await elsewhere.database.query('ALTER TABLE "Lead" RESET (fillfactor)')
      await elsewhere.database.query(text)
      await elsewhere.database.query(text)
      const ofTables = (text: string) => text.split('\n\n').filter((part) => !part.includes('_prisma_migrations'))
      assert.deepEqual(ofTables(await structure(elsewhere.database)), ofTables(await structure(project.database)))
      const rows = await elsewhere.database.query('SELECT count(*)::int AS count FROM "Lead" WHERE "ownerId" IS NULL')
      assert.deepEqual(rows, [{ count: 0 }])

      await rollBack({ url: project.url, history: project.target })
      assert.equal(project.names().length, 3)
      await project.checkClean(project.schemaText)
      assert.equal(await structure(project.database), before)
      assert.equal(await replayed(project.schemaText, project.migrations), before)
    } finally {
      project.remove()
    }
  })

  async function replayed(schema: string, migrations: string): Promise<string> {
    const empty = await server.createDatabase()
    await prismaDeploy(schema, empty.url, migrations)
    const text = await structure(empty)
    await empty.drop()
    return text
  }
})
