import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { commandLine, type CommandLineResult } from '../support/command-line'
import { CLEAN_HISTORY, prismaDeploy, prismaHistory } from '../support/history-oracle'
import { usePostgres } from '../support/postgres'
import { createSampleWorkspace, type SampleWorkspace } from '../support/sample-workspace'

describe("a project with Prisma's migrations, in a terminal", () => {
  const postgres = usePostgres()
  let workspace: SampleWorkspace
  let migrations: string

  before(async () => {
    workspace = await createSampleWorkspace(postgres)
    migrations = path.join(path.dirname(workspace.schemaFile), 'migrations')
    const init = path.join(migrations, '20240101000000_init')
    fs.mkdirSync(init, { recursive: true })
    fs.copyFileSync(path.join(workspace.folder, 'database', 'structure.sql'), path.join(init, 'migration.sql'))
    await workspace.database.query('DROP TABLE "User", "Lead"')
    await prismaDeploy({ path: workspace.schemaFile }, workspace.database.url, migrations)
    await workspace.database.query(fs.readFileSync(path.join(workspace.folder, 'database', 'seed.sql'), 'utf8'))
  })
  after(() => workspace.remove())

  const run = (...words: string[]): Promise<CommandLineResult> =>
    commandLine(words, { folder: workspace.folder, environment: workspace.environment })

  const names = () =>
    fs
      .readdirSync(migrations)
      .filter((name) => /^\d/.test(name))
      .map((name) => name.replace(/^\d+_/, ''))

  const history = () => prismaHistory({ path: workspace.schemaFile }, workspace.database.url, migrations)

  it('plan lists the migrations that a run would write, and writes none', async () => {
    const { stdout, exitCode } = await run('plan', '--format', 'json')
    assert.equal(exitCode, 0)
    const plan = JSON.parse(stdout) as { history: { form: string; folder: string; migrations: string[] } }
    assert.equal(plan.history.form, 'prisma')
    assert.equal(plan.history.folder, 'backend/prisma/migrations')
    assert.deepEqual(
      plan.history.migrations.map((name) => name.replace(/^\d{14}_/, '')),
      UP,
    )
    assert.match((await run('plan')).stdout, /^- `backend\/prisma\/migrations\/\d{14}_prisma_audit_add_columns\/`$/m)
    assert.deepEqual(names(), ['init'])
  })

  it('plan --no-files lists none', async () => {
    const { stdout } = await run('plan', '--format', 'json', '--no-files')
    assert.deepEqual((JSON.parse(stdout) as { history: unknown }).history, {
      form: 'none',
      folder: 'backend/prisma/migrations',
      migrations: [],
    })
  })

  it('run --yes writes and records them, and Prisma finds nothing to reset, to apply or to make', async () => {
    const { exitCode, stdout, stderr } = await run('run', '--yes', '--no-backup')
    assert.equal(exitCode, 0, stdout + stderr)
    assert.deepEqual(names(), ['init', ...UP])
    for (const name of UP) assert.match(stdout, new RegExp(`wrote +backend/prisma/migrations/\\d{14}_${name}/`))
    assert.equal(fs.existsSync(path.join(workspace.folder, 'migrations')), false)
    assert.deepEqual(await history(), CLEAN_HISTORY)
  })

  it('run again writes nothing more', async () => {
    assert.equal((await run('run', '--yes', '--no-backup')).exitCode, 0)
    assert.deepEqual(names(), ['init', ...UP])
  })

  it('rollback --yes goes back by new migrations', async () => {
    const { exitCode, stdout, stderr } = await run('rollback', '--yes')
    assert.equal(exitCode, 0, stdout + stderr)
    assert.deepEqual(names(), ['init', ...UP, 'prisma_audit_roll_back'])
    assert.deepEqual(await history(), CLEAN_HISTORY)
  })
})

describe('a project whose URL names a schema, in a terminal', () => {
  const postgres = usePostgres()
  let workspace: SampleWorkspace
  let migrations: string
  let url: string

  before(async () => {
    workspace = await createSampleWorkspace(postgres)
    migrations = path.join(workspace.folder, 'backend', 'db', 'changes')
    url = `${workspace.database.url}?schema=crm`
    const init = path.join(migrations, '20240101000000_init')
    fs.mkdirSync(init, { recursive: true })
    fs.copyFileSync(path.join(workspace.folder, 'database', 'structure.sql'), path.join(init, 'migration.sql'))
    fs.writeFileSync(path.join(workspace.folder, 'backend', '.env'), `DATABASE_URL=${url}\n`)
    const config = path.join(workspace.folder, 'backend', 'prisma.config.ts')
    fs.writeFileSync(
      config,
      fs.readFileSync(config, 'utf8').replace('schema:', `migrations: { path: 'db/changes' },\n  schema:`),
    )
    await workspace.database.query('DROP TABLE "User", "Lead"; CREATE SCHEMA crm')
    await prismaDeploy({ path: workspace.schemaFile }, url, migrations)
  })
  after(() => workspace.remove())

  it('run and rollback keep the history there, in the folder that prisma.config.ts names', async () => {
    const run = (...words: string[]): Promise<CommandLineResult> =>
      commandLine(words, { folder: workspace.folder, environment: workspace.environment })
    for (const command of ['run', 'rollback']) {
      const { exitCode, stdout, stderr } = await run(command, '--yes')
      assert.equal(exitCode, 0, stdout + stderr)
      assert.match(stdout, /wrote +backend\/db\/changes\/\d{14}_prisma_audit/)
      assert.deepEqual(await prismaHistory({ path: workspace.schemaFile }, url, migrations), CLEAN_HISTORY)
    }
    const histories = await workspace.database.query(
      `SELECT schemaname FROM pg_tables WHERE tablename = '_prisma_migrations'`,
    )
    assert.deepEqual(histories, [{ schemaname: 'crm' }])
  })
})

describe('a project without migrations, in a terminal', () => {
  const postgres = usePostgres()
  let workspace: SampleWorkspace

  before(async () => {
    workspace = await createSampleWorkspace(postgres)
  })
  after(() => workspace.remove())

  const run = (...words: string[]): Promise<CommandLineResult> =>
    commandLine(words, { folder: workspace.folder, environment: workspace.environment })

  it('migrate --yes --no-files leaves nothing in the project', async () => {
    assert.equal((await run('migrate', '--yes', '--no-files')).exitCode, 0)
    assert.equal((await run('rollback', '--yes')).exitCode, 0)
    assert.equal(fs.existsSync(path.join(workspace.folder, 'migrations')), false)
    assert.equal(fs.existsSync(path.join(workspace.folder, 'backend/prisma/migrations')), false)
  })

  it('plan warns of the folder where only running the configuration would show it', async () => {
    const config = path.join(workspace.folder, 'backend', 'prisma.config.ts')
    const before = fs.readFileSync(config, 'utf8')
    assert.doesNotMatch((await run('plan')).stdout, /migrations\.path/)
    fs.writeFileSync(config, before.replace('schema:', 'migrations: { path: process.env.MIGRATIONS },\n  schema:'))
    const { stdout } = await run('plan')
    fs.writeFileSync(config, before)
    assert.match(stdout, /The new migration is written into backend\/prisma\/migrations, because migrations\.path in/)
  })

  it('migrate --yes leaves the scripts of all of it in migrations/', async () => {
    const { exitCode, stdout } = await run('migrate', '--yes')
    assert.equal(exitCode, 0)
    const [name = ''] = fs.readdirSync(path.join(workspace.folder, 'migrations'))
    assert.match(name, /^\d{14}_prisma_audit$/)
    assert.match(stdout, new RegExp(`wrote +migrations/${name}/`))
    const files = fs.readdirSync(path.join(workspace.folder, 'migrations', name)).sort()
    assert.deepEqual(files, ['down.sql', 'up.sql', 'verify.sql'])
    assert.equal(fs.existsSync(path.join(workspace.folder, 'backend/prisma/migrations')), false)
  })
})

/** One, since the sample's tables are small. */
const UP = ['prisma_audit_add_columns']
