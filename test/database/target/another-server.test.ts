import assert from 'node:assert/strict'
import path from 'node:path'
import { backUpProject } from '../../../server/src/commands/back-up'
import { guidedCommand } from '../../../server/src/commands/guided'
import { migrateCommand } from '../../../server/src/commands/migrate'
import { restoreCommand } from '../../../server/src/commands/restore'
import { rollBackCommand } from '../../../server/src/commands/roll-back'
import { withClient } from '../../../server/src/database/connect'
import { readServerIdentity } from '../../../server/src/database/server-identity'
import { planMigration } from '../../../server/src/migration/plan/plan-migration'
import { runPlan, type RunProgress } from '../../../server/src/migration/run/run-plan'
import { openProject } from '../../../server/src/project/open-project'
import type { Project } from '../../../server/src/project/project'
import { Secrets } from '../../../server/src/database/secrets'
import { startPostgres, usePostgres, type TestDatabase, type TestServer } from '../../support/postgres'
import { createSampleWorkspace, type SampleWorkspace } from '../../support/sample-workspace'
import { startSwitchingProxy, type SwitchingProxy } from '../../support/switching-proxy'
import { hasJournal, person, sampleSql } from './support/person'

describe('another server or database behind the same URL', () => {
  const server = usePostgres()
  let otherServer: TestServer
  let proxy: SwitchingProxy
  let workspace: SampleWorkspace
  let twin: TestDatabase
  let project: Project

  before(async () => {
    otherServer = await startPostgres()
    proxy = await startSwitchingProxy(server.port)
  })
  after(async () => {
    await proxy.close()
    await otherServer.stop()
  })
  beforeEach(async () => {
    proxy.switchTo(server.port)
    workspace = await createSampleWorkspace(server)
    twin = await otherServer.createDatabase({ sql: sampleSql(), name: workspace.database.name })
    project = openProject({
      folder: workspace.folder,
      schemaPath: workspace.schemaFile,
      policyPath: path.join(workspace.folder, 'prisma-audit.json'),
      url: proxy.through(workspace.database.url),
      environment: workspace.environment,
      secrets: new Secrets(),
    })
  })
  afterEach(async () => {
    await project.close()
    await twin.drop()
    await workspace.remove()
  })

  const switchAt = (when: RegExp) => person(when, () => proxy.switchTo(otherServer.port))
  const untroubled = person(/^never$/, () => undefined)
  const isOther = { code: 'other-server', message: /server or database behind .* on 127\.0\.0\.1:\d+ has changed/ }
  const migrate = { drift: false, preservedValues: 'ask' } as const
  const skipped = { actor: false, application: false, smoke: false } as const
  const guided = { ...migrate, rehearse: false, backup: true, ...skipped, verbose: false, sql: false } as const

  it('is refused by each command that has asked, before anything is changed there', async () => {
    await assert.rejects(migrateCommand(project, switchAt(/^Migrate /), migrate), isOther)
    assert.deepEqual([await hasJournal(workspace.database), await hasJournal(twin)], [false, false])
    proxy.switchTo(server.port)
    await assert.rejects(guidedCommand(project, switchAt(/^Backing up/), guided), isOther)
    assert.deepEqual([await hasJournal(workspace.database), await hasJournal(twin)], [false, false])
    proxy.switchTo(server.port)
    assert.equal((await migrateCommand(project, untroubled, migrate)).status, 'done')
    await assert.rejects(
      rollBackCommand(project, switchAt(/^Roll the migration back/), { dropData: false, application: false }),
      isOther,
    )
    assert.deepEqual([await hasJournal(workspace.database), await hasJournal(twin)], [true, false])
    proxy.switchTo(server.port)
    const target = await project.databaseTarget(untroubled.signal)
    const { path: file } = await backUpProject(project, untroubled, target)
    await assert.rejects(
      restoreCommand(project, switchAt(/^Restore /), {
        path: file,
        into: null,
        over: true,
        tables: [],
        copyBack: null,
      }),
      isOther,
    )
    assert.equal(await hasJournal(twin), false)
  }).timeout(600_000)

  it('is refused in the middle of a run; the completed steps stay in the first, where the run resumes', async () => {
    await assert.rejects(migrateCommand(project, switchAt(/index/i), migrate), isOther)
    assert.deepEqual([await hasJournal(workspace.database), await hasJournal(twin)], [true, false])
    proxy.switchTo(server.port)
    assert.equal((await migrateCommand(project, untroubled, migrate)).status, 'done')
  }).timeout(600_000)

  it('is refused by a run that was told of none, from its first connection on', async () => {
    const url = proxy.through(workspace.database.url)
    const database = await project.readDatabase(untroubled.signal)
    const plan = planMigration({ schema: project.schema, policy: project.policyFile.require(), database })
    const onProgress = ({ index }: RunProgress) => {
      if (index === 3) proxy.switchTo(otherServer.port)
    }
    await assert.rejects(runPlan({ url, plan, onProgress }), isOther)
    assert.deepEqual([await hasJournal(workspace.database), await hasJournal(twin)], [true, false])
  }).timeout(600_000)

  it('is known by the rest where the role may not ask for the system identifier', async () => {
    const database = await server.createDatabase('REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC')
    const role = await server.createRole()
    const known = await withClient(database.url, {}, readServerIdentity)
    const found = await withClient(role.urlFor(database), { server: known }, readServerIdentity)
    assert.deepEqual(found, { ...known, systemIdentifier: null })
    assert.match(known.systemIdentifier ?? '', /^\d+$/)
    const other = { ...known, databaseOid: '1' }
    await assert.rejects(withClient(role.urlFor(database), { server: other }, readServerIdentity), {
      code: 'other-server',
    })
  })

  it('so is another database that was renamed to the same name', async () => {
    const { name } = workspace.database
    const restored = await server.createDatabase({ sql: sampleSql() })
    const swap = async () => {
      const superuser = await server.createDatabase()
      await superuser.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`)
      await superuser.query(`ALTER DATABASE "${name}" RENAME TO "${name}_old"`)
      await superuser.query(`ALTER DATABASE "${restored.name}" RENAME TO "${name}"`)
      await superuser.drop()
    }
    await assert.rejects(migrateCommand(project, person(/^Migrate /, swap), migrate), isOther)
    assert.equal(await hasJournal(workspace.database), false)
  }).timeout(600_000)
})
