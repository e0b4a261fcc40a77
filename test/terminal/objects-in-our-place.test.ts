import assert from 'node:assert/strict'
import path from 'node:path'
import { startAgentClient } from '../support/agent-client'
import { commandLine } from '../support/command-line'
import { plantHostileObjects, type HostileObjects } from '../support/hostile-objects'
import { openSchemaOnce } from '../support/lsp-client'
import { plantInOurPlace, type ObjectsInOurPlace } from '../support/objects-in-our-place'
import { usePostgres } from '../support/postgres'
import { createSampleWorkspace, type SampleWorkspace } from '../support/sample-workspace'

const ATTACKER = 'lower'
const UNHARMED = { ran: [], isSuperuser: false }

describe("a role that makes schemas, and tables in the place of ours, of Prisma's and of a model's", function () {
  this.timeout(600_000)
  const postgres = usePostgres()
  let workspace: SampleWorkspace
  let hostile: HostileObjects
  let planted: ObjectsInOurPlace

  before(async () => {
    await postgres.createRole({ name: ATTACKER })
    workspace = await createSampleWorkspace(postgres)
    hostile = await plantHostileObjects(postgres, workspace.database, ATTACKER)
    planted = await plantInOurPlace(workspace.database, ATTACKER)
  })
  after(() => workspace.remove())

  it('is heard by whoever reads them, also where that is rolled back or may only read, so that the rest proves something', async () => {
    const { query } = workspace.database
    await query('SELECT FROM prisma_audit.run')
    await query('BEGIN; SELECT FROM public."Lead"; ROLLBACK')
    await query('BEGIN READ ONLY; SELECT FROM public._prisma_migrations; ROLLBACK')
    const { ran, isSuperuser } = await hostile.harm()
    assert.deepEqual([...ran].sort(), [
      'a foreign table was read',
      'an index of a child of the history',
      'statistics of the history',
      'view prisma_audit.run',
    ])
    assert.equal(isSuperuser, true)
    await query(`ALTER ROLE ${ATTACKER} NOSUPERUSER`)
  })

  const MIGRATING = [['plan'], ['migrate', '--yes'], ['run', '--yes', '--no-backup'], ['rollback', '--yes']]

  async function isUnharmedBy(commands: readonly (readonly string[])[]): Promise<string> {
    let said = ''
    for (const words of commands) {
      const { stdout, stderr } = await commandLine(words, {
        folder: workspace.folder,
        environment: workspace.environment,
      })
      said += `${stdout}${stderr}\n`
      assert.deepEqual(await hostile.harm(), UNHARMED, `${words.join(' ')}\n${stdout}\n${stderr}`)
    }
    return said.replace(/\s+/g, ' ')
  }

  it('gains nothing by what a superuser does', async () => {
    const backup = path.join(workspace.folder, 'a-backup')
    const reading = [['check'], ['baseline', '--output', 'known.json'], ['environment'], ['lint'], ['plan', '--drift']]
    const said = await isUnharmedBy([...reading, ...MIGRATING, ['verify'], ['backup', '--output', backup]])
    assert.match(said, /the schema prisma_audit_kept belongs to the role lower/)
  })

  it("gains nothing by a superuser's editor, nor by his agents", async () => {
    await openSchemaOnce(workspace)
    assert.deepEqual(await hostile.harm(), UNHARMED)
    const agent = await startAgentClient(workspace)
    try {
      for (const tool of ['check', 'plan', 'verify', 'coverage', 'migrate', 'roll_back']) {
        const answer = await agent.call(tool, tool === 'migrate' ? { planHash: '0'.repeat(16) } : {})
        assert.deepEqual(await hostile.harm(), UNHARMED, `${tool}\n${answer}`)
      }
    } finally {
      await agent.close()
    }
  })

  it("gains nothing where only Prisma's history and the foreign table are left", async () => {
    await planted.dropJournal()
    const said = await isUnharmedBy([['lint'], ...MIGRATING])
    assert.match(said, /_prisma_migrations.*the statistics object planned/)
  })

  it('gains nothing where only the foreign table is left', async () => {
    await planted.dropHistory()
    await isUnharmedBy([...MIGRATING, ['verify']])
  })
})
