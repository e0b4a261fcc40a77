import assert from 'node:assert/strict'
import { withClient } from '../../../server/src/database/connect'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { hasUnfinishedMigration } from '../../../server/src/project/unfinished-migration'
import { usePostgres } from '../../support/postgres'
import { createProject } from './support/project'

describe('an unfinished migration', () => {
  const server = usePostgres()

  it('is reported to a role that can read the journal, and is no error for others', async () => {
    const project = await createProject(server, {
      schema: 'datasource db {\n  provider = "postgresql"\n}\nmodel Lead {\n  id Int @id\n}\n',
      policy: { rules: [{ models: ['Lead'], require: ['updatedAt'] }] },
    })
    await runPlan({ url: project.url, plan: await project.plan() })
    await project.database.query(`UPDATE prisma_audit.run SET state = 'running'`)
    const role = await server.createRole()
    const found = (url: string) => withClient(url, {}, (client) => hasUnfinishedMigration(client, ['public']))
    assert.equal(await found(project.url), true)
    assert.equal(await found(role.urlFor(project.database)), false)
  })
})
