import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { dumpStructure } from '../../../server/src/backup/dump-structure'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { prismaDeploy, prismaHistory } from '../../support/history-oracle'
import { usePostgres, type TestDatabase } from '../../support/postgres'
import { CASES } from '../migration/support/cases'
import type { ProjectOptions } from '../migration/support/project'
import { checkVerified } from '../migration/support/verified'
import { createHistoryProject } from './support'

const read = (name: string) => fs.readFileSync(path.join(__REPOSITORY__, 'sample', name), 'utf8')

const SAMPLE: ProjectOptions = {
  schema: read('backend/prisma/schema.prisma'),
  policy: JSON.parse(read('prisma-audit.json')) as unknown,
  sql: read('database/seed.sql'),
}

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
        assert.equal(await replayed(project.schemaText, project.migrations), before)
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

/** Without the journal, which is not part of what a teammate replays. */
async function structure(database: TestDatabase): Promise<string> {
  const text = await dumpStructure({ url: database.url })
  return text
    .split(/\n\n+/)
    .filter((part) => !/prisma_audit\b(?!_)/.test(part))
    .join('\n\n')
}
