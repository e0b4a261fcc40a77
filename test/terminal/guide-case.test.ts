import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { commandLine, type CommandLineResult } from '../support/command-line'
import { prismaDiff } from '../support/oracle'
import { usePostgres } from '../support/postgres'
import { createSampleWorkspace, type SampleWorkspace } from '../support/sample-workspace'

/** A project like the sample: many leads, and a first user whose id is not 1. */
describe('the guide’s case in a terminal', () => {
  const postgres = usePostgres()
  let workspace: SampleWorkspace

  before(async () => {
    workspace = await createSampleWorkspace(postgres)
    await workspace.database.query(
      `INSERT INTO "Lead" ("name", "email") SELECT 'More ' || n, n || '@example.net' FROM generate_series(1, 24600) AS n`,
    )
  })
  after(() => workspace.remove())

  const run = (...words: string[]): Promise<CommandLineResult> =>
    commandLine(words, { folder: workspace.folder, environment: workspace.environment })

  async function codes(): Promise<string[]> {
    const { stdout } = await run('check', '--format', 'json')
    const { findings } = JSON.parse(stdout) as { findings: { code: string; severity: string }[] }
    return findings
      .filter(({ severity }) => severity === 'warning')
      .map(({ code }) => code)
      .sort()
  }

  it('check finds what the policy misses and exits with 1', async () => {
    const { exitCode, stdout } = await run('check')
    assert.equal(exitCode, 1, stdout)
    assert.deepEqual(await codes(), ['missing-owner-id', 'missing-updated-at', 'missing-updated-by'])
  })

  it('check --format json keeps the contract', async () => {
    const { stdout } = await run('check', '--format', 'json')
    const report = JSON.parse(stdout) as Record<string, unknown>
    assert.deepEqual(Object.keys(report), ['formatVersion', 'schema', 'database', 'findings', 'summary'])
    assert.deepEqual(report.schema, { files: ['backend/prisma/schema.prisma'], models: 2 })
    assert.equal((report.database as { tables: number }).tables, 2)
    const finding = (report.findings as Record<string, unknown>[]).find(({ code }) => code === 'missing-owner-id')!
    assert.equal(finding.missingIn, 'both')
    assert.equal(finding.file, 'backend/prisma/schema.prisma')
    assert.deepEqual(report.summary, { error: 0, warning: 3, information: 0, hint: 0 })
  })

  it('plan prints the SQL and changes nothing', async () => {
    const { exitCode, stdout } = await run('plan', '--format', 'sql')
    assert.equal(exitCode, 0)
    assert.match(stdout, /ADD COLUMN/)
    assert.equal((await codes()).length, 3)
  })

  it('migrate without a terminal requires --yes', async () => {
    const { exitCode, stderr } = await run('migrate')
    assert.equal(exitCode, 2)
    assert.match(stderr, /--yes/)
    assert.equal((await codes()).length, 3)
  })

  it('run --yes does it all and exits with 0', async () => {
    const { exitCode, stdout, stderr } = await run('run', '--yes')
    assert.equal(exitCode, 0, stdout + stderr)
    assert.deepEqual(await codes(), [])
    assert.equal((await run('verify')).exitCode, 0)
    const [backup] = fs
      .readdirSync(path.join(workspace.folder, 'backups'))
      .filter((name) => /\.(?:dump|sql)$/.test(name))
    assert.ok(backup !== undefined)
  })

  it('gave the leads to the first user and left old rows without an editor', async () => {
    const [owners] = await workspace.database.query(
      `SELECT count(*)::int AS leads, count(DISTINCT "ownerId")::int AS owners, min("ownerId") AS owner FROM "Lead"`,
    )
    assert.deepEqual(owners, { leads: 25_000, owners: 1, owner: 4 })
    const [users] = await workspace.database.query(`SELECT count("updatedBy")::int AS editors FROM "User"`)
    assert.deepEqual(users, { editors: 0 })
  })

  it('writes UTC whatever the session’s time zone', async () => {
    const [row] = await workspace.database.query(
      `SET TIME ZONE 'America/New_York'; UPDATE "User" SET "name" = "name" || '!' WHERE "id" = 4;
       SELECT abs(extract(epoch FROM "updatedAt" - (clock_timestamp() AT TIME ZONE 'UTC'))) < 60 AS utc FROM "User" WHERE "id" = 4`,
    )
    assert.deepEqual(row, { utc: true })
  })

  it('leaves Prisma’s own engine with no difference', async () => {
    const { isEmpty, text } = await prismaDiff({ path: workspace.schemaFile }, workspace.database.url)
    assert.ok(isEmpty, text)
  })

  it('runs again without a change', async () => {
    const before = fs.readFileSync(workspace.schemaFile, 'utf8')
    const { exitCode, stdout } = await run('run', '--yes')
    assert.equal(exitCode, 0, stdout)
    assert.equal(fs.readFileSync(workspace.schemaFile, 'utf8'), before)
  })

  it('migrates, rolls back and runs again with rows that the application writes without an owner', async () => {
    await workspace.database.query(`INSERT INTO "Lead" ("name", "email") VALUES ('None', 'none@example.net')`)
    for (const words of [['rollback'], ['run', '--no-backup']]) {
      const { exitCode, stdout, stderr } = await run(...words, '--yes')
      assert.equal(exitCode, 0, stdout + stderr)
    }
    const [none] = await workspace.database.query(`SELECT count(*)::int FROM "Lead" WHERE "ownerId" IS NULL`)
    assert.deepEqual(none, { count: 1 })
  })

  it('rollback --yes leaves nothing behind, in the database and in the schema', async () => {
    const { exitCode, stdout, stderr } = await run('rollback', '--yes')
    assert.equal(exitCode, 0, stdout + stderr)
    const [left] = await workspace.database.query(`
      SELECT
        (SELECT count(*)::int FROM information_schema.columns WHERE column_name IN ('updatedAt', 'updatedBy', 'ownerId')) AS columns,
        (SELECT count(*)::int FROM pg_trigger WHERE NOT tgisinternal) AS triggers,
        (SELECT count(*)::int FROM pg_proc WHERE proname LIKE 'update\\_updated\\_at%') AS functions,
        (SELECT count(*)::int FROM pg_indexes WHERE indexname ~ 'updatedAt|updatedBy|ownerId') AS indexes,
        (SELECT count(*)::int FROM pg_namespace WHERE nspname = 'prisma_audit') AS journals`)
    assert.deepEqual(left, { columns: 0, triggers: 0, functions: 0, indexes: 0, journals: 0 })
    const sample = fs.readFileSync(path.join(__REPOSITORY__, 'sample/backend/prisma/schema.prisma'), 'utf8')
    assert.equal(fs.readFileSync(workspace.schemaFile, 'utf8'), sample)
    assert.equal((await codes()).length, 3)
  })
})
