import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { usePostgres } from '../../../support/postgres'
import { createProject } from '../support/project'
import { rehearse } from './support'

const read = (name: string) => fs.readFileSync(path.join(__REPOSITORY__, 'sample', name), 'utf8')

describe('rehearseMigration', () => {
  const server = usePostgres()
  const sampleProject = () =>
    createProject(server, {
      schema: read('backend/prisma/schema.prisma'),
      policy: JSON.parse(read('prisma-audit.json')) as unknown,
      sql: read('database/seed.sql'),
    })

  it("passes the guide's case", async () => {
    const project = await sampleProject()
    const report = await rehearse(project, await project.plan())
    console.log(JSON.stringify(report, null, 1))
    assert.equal(report.outcome, 'passed')
  })
})
