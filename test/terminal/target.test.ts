import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { usePostgres, type TestDatabase } from '../support/postgres'
import { hasPseudoTerminal, onPseudoTerminal } from '../support/pseudo-terminal'
import { createSampleWorkspace, type SampleWorkspace } from '../support/sample-workspace'

describe('a command in a terminal keeps to the database that was confirmed', () => {
  const postgres = usePostgres()
  let workspace: SampleWorkspace
  let other: TestDatabase

  before(async function () {
    if (!hasPseudoTerminal()) this.skip()
    workspace = await createSampleWorkspace(postgres)
    other = await postgres.createDatabase()
  })
  after(async () => {
    await other.drop()
    await workspace.remove()
  })

  it('where .env changes between the question and the answer', async () => {
    const file = path.join(workspace.folder, 'backend', '.env')
    let wasAsked = false
    const { exitCode, text } = await onPseudoTerminal(['run', '--no-backup', '--no-actor', '--no-application'], {
      folder: workspace.folder,
      environment: workspace.environment,
      type: (screen) => {
        if (wasAsked || !screen.includes('Number, or Enter to cancel:')) return null
        wasAsked = true
        fs.writeFileSync(file, `DATABASE_URL=${other.url}\n`)
        return '1\n'
      },
    })
    assert.equal(exitCode, 0, text)
    assert.match(text, new RegExp(`Migrate ${workspace.database.name} on 127\\.0\\.0\\.1`))
    assert.match(text, /Plan: audit fields, in schema public\./)
    // The proof at the end, too, is of the database that was migrated.
    assert.match(text, new RegExp(`Verification of ${workspace.database.name} on`))
    assert.ok(!text.includes(other.name), text)
    assert.deepEqual(await other.query(`SELECT to_regnamespace('prisma_audit') AS journal`), [{ journal: null }])
  }).timeout(600_000)
})
