import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { guidedCommand } from '../../../server/src/commands/guided'
import type { Interaction } from '../../../server/src/commands/interaction'
import { migrateCommand } from '../../../server/src/commands/migrate'
import { previewCommand } from '../../../server/src/commands/preview'
import { rollBackCommand } from '../../../server/src/commands/roll-back'
import { withClient } from '../../../server/src/database/connect'
import { Secrets } from '../../../server/src/database/secrets'
import type { AuditError } from '../../../server/src/errors'
import { readJournal } from '../../../server/src/migration/run/journal/journal'
import { openProject } from '../../../server/src/project/open-project'
import type { Project } from '../../../server/src/project/project'
import { prismaDeploy } from '../../support/history-oracle'
import { usePostgres } from '../../support/postgres'
import { createSampleWorkspace, type SampleWorkspace } from '../../support/sample-workspace'
import { folderNames, writeMigration } from '../history/support'
import { person } from './support/person'

const MIGRATE = { drift: false, preservedValues: 'ask' } as const
const ROLL_BACK = { dropData: false, application: false } as const
const SKIPPED = { actor: false, application: false, smoke: false } as const
const GUIDED = { ...MIGRATE, ...SKIPPED, rehearse: false, backup: false, verbose: false, sql: false } as const

/** Two terminals, a terminal and an editor, or two windows: each has its own process and its own view of the project. */
describe('two commands at once in two windows of one project', () => {
  const postgres = usePostgres()
  let workspace: SampleWorkspace
  let one: Project
  let two: Project

  beforeEach(async () => {
    workspace = await createSampleWorkspace(postgres)
    // Without Prisma in reach, a guided run generates no client.
    fs.rmSync(path.join(workspace.folder, '..', 'node_modules'))
    ;[one, two] = [open(), open()]
  })
  afterEach(async () => {
    await one.close()
    await two.close()
    await workspace.remove()
  })

  const open = () =>
    openProject({
      folder: workspace.folder,
      schemaPath: workspace.schemaFile,
      policyPath: path.join(workspace.folder, 'prisma-audit.json'),
      url: null,
      environment: {},
      secrets: new Secrets(),
    })
  const untroubled = (project: Project) => person(/^never$/, () => undefined, project)
  const schema = () => fs.readFileSync(workspace.schemaFile, 'utf8')
  const runs = () => withClient(workspace.database.url, {}, readJournal)
  const columns = async (): Promise<unknown[]> => {
    const sql = `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
      WHERE table_schema = 'public' AND column_name IN ('ownerId', 'updatedAt', 'updatedBy') ORDER BY 1`
    return (await workspace.database.query(sql)).map(({ name }) => name)
  }
  const ALL = ['Lead.ownerId', 'User.updatedAt', 'User.updatedBy']

  it('the application fills a table meanwhile: the run has the steps and migrations that were confirmed', async () => {
    const migrations = path.join(path.dirname(workspace.schemaFile), 'migrations')
    writeMigration(migrations, '20240101000000_init', '')
    const structure = path.join(workspace.folder, 'database', 'structure.sql')
    fs.copyFileSync(structure, path.join(migrations, '20240101000000_init', 'migration.sql'))
    await workspace.database.query('DROP TABLE "User", "Lead"')
    await prismaDeploy({ path: workspace.schemaFile }, workspace.database.url, migrations)
    await workspace.database.query("INSERT INTO \"User\" (id, email, name) VALUES (4, 'ada@example.com', 'Ada')")
    // Too large for one migration: its steps would get migrations of their own.
    const fill = `INSERT INTO "User" (id, name, email) SELECT n, repeat('x', 500), n FROM generate_series(5, 20000) AS n`
    const filling = person(/^Migrate /, () => workspace.database.query(fill))
    const [shown, asked]: [string[], string[]] = [[], []]
    const reading: Interaction = {
      ...filling,
      preview: ({ text }) => void shown.push(text),
      confirm: (question) => {
        asked.push(...question.detail)
        return filling.confirm(question)
      },
    }
    await previewCommand(one, reading, MIGRATE)
    assert.equal((await migrateCommand(one, reading, MIGRATE)).status, 'done')
    assert.equal(folderNames(migrations).length, 2, folderNames(migrations).join(', '))
    const steps = (await runs())[0]?.steps.map(({ step }) => step.title) ?? []
    assert.match(asked.join(' '), new RegExp(`2 models, ${steps.length} steps`))
    assert.match(shown[0]!, new RegExp(`2 models, ${steps.length} steps`))
    const numbered = shown[0]!.matchAll(/^### (\d+)\. (.*)$/gm)
    assert.deepEqual(
      [...numbered].map(([, number]) => Number(number)).sort((one, two) => one - two),
      [...steps.keys()].map((index) => index + 1),
    )
  })

  it('both confirm, and one migrates before the other starts: one run, and both say that it is done', async () => {
    const first = migrateCommand(
      one,
      person(/^Migrate /, async () => {
        assert.equal((await migrateCommand(two, untroubled(two), MIGRATE)).status, 'done')
      }),
      MIGRATE,
    )
    assert.equal((await first).status, 'done')
    assert.equal((await runs()).length, 1)
    assert.deepEqual(await columns(), ALL)
  })

  it('one migrates and rolls back while the other is asked: that one migrates all of it', async () => {
    const asked = person(/^Migrate /, async () => {
      await migrateCommand(two, untroubled(two), MIGRATE)
      assert.equal((await rollBackCommand(two, untroubled(two), ROLL_BACK)).status, 'done')
      assert.deepEqual(await columns(), [])
    })
    assert.equal((await migrateCommand(one, asked, MIGRATE)).status, 'done')
    assert.deepEqual(await columns(), ALL)
  })

  it('guided runs: one run in the database, and each field once in the schema', async () => {
    const before = schema()
    const outcomes = await Promise.all([
      guidedCommand(one, untroubled(one), GUIDED),
      guidedCommand(two, untroubled(two), GUIDED),
    ])
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['done', 'done'],
    )
    assert.equal((await runs()).length, 1)
    for (const field of ['updatedAt', 'updatedById', 'ownerId'])
      assert.equal(schema().match(new RegExp(`^ +${field} `, 'gm'))?.length, 1, schema())
    const rolledBack = await Promise.allSettled([
      rollBackCommand(one, untroubled(one), ROLL_BACK),
      rollBackCommand(two, untroubled(two), ROLL_BACK),
    ])
    const ended = rolledBack.map((each) =>
      each.status === 'fulfilled' ? each.value.status : (each.reason as AuditError).code,
    )
    // The second of them looks before or after the first has taken the lock.
    assert.ok(ended.includes('done') && ended.every((each) => ['done', 'other-run'].includes(each)), ended.join())
    assert.deepEqual(await columns(), [])
    assert.equal(schema(), before)
  })

  it('one rolls back while the other is asked to: that one is refused, and nothing else is undone', async () => {
    await migrateCommand(one, untroubled(one), MIGRATE)
    const asked = person(/^Roll the migration back/, async () => {
      assert.equal((await rollBackCommand(two, untroubled(two), ROLL_BACK)).status, 'done')
      await migrateCommand(two, untroubled(two), MIGRATE)
    })
    await assert.rejects(rollBackCommand(one, asked, ROLL_BACK), { code: 'other-run' })
    assert.deepEqual(await columns(), ALL)
  })
})
