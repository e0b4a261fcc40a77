import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { commandLine, type CommandLineResult } from '../support/command-line'
import { usePostgres } from '../support/postgres'
import { createSampleWorkspace, type SampleWorkspace } from '../support/sample-workspace'

describe('the terminal says what went wrong, why and what to do', () => {
  const postgres = usePostgres()
  let workspace: SampleWorkspace

  beforeEach(async () => {
    workspace = await createSampleWorkspace(postgres)
  })
  afterEach(() => workspace.remove())

  async function check(words: readonly string[], exitCode: number, said: RegExp): Promise<CommandLineResult> {
    const result = await commandLine(words, { folder: workspace.folder, environment: workspace.environment })
    assert.equal(result.exitCode, exitCode, result.stdout + result.stderr)
    assert.match(result.stderr, said)
    assert.ok(!result.stderr.includes('    at '), 'a stack trace is not for users')
    return result
  }

  const refusedLogins = (): number => postgres.log().split('password authentication failed').length - 1

  it('a wrong password, tried once and not printed', async () => {
    const url = new URL(workspace.database.url)
    url.password = 'not-the-password'
    const before = refusedLogins()
    const { stdout, stderr } = await check(['check', '--url', url.href], 2, /Authentication failed/)
    assert.equal(refusedLogins() - before, 1)
    assert.ok(!(stdout + stderr).includes('not-the-password'))
  })

  it('no server', async () => {
    await check(['check', '--url', 'postgresql://a:b@127.0.0.1:1/app'], 2, /Cannot reach the PostgreSQL server/)
  })

  it('a database that does not exist', async () => {
    const url = new URL(workspace.database.url)
    url.pathname = '/nowhere'
    await check(['check', '--url', url.href], 2, /nowhere/)
  })

  it('no URL anywhere', async () => {
    fs.rmSync(path.join(workspace.folder, 'backend', '.env'))
    await check(['check'], 2, /DATABASE_URL/)
  })

  it('no privilege to alter, and then nothing is changed', async () => {
    const role = await postgres.createRole()
    await workspace.database.query(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO "${role.name}"`)
    const url = role.urlFor(workspace.database)
    await check(['migrate', '--yes', '--url', url], 2, /User|Lead/)
    const rows = await workspace.database.query(
      `SELECT column_name FROM information_schema.columns WHERE column_name IN ('updatedAt', 'updatedBy', 'ownerId')`,
    )
    assert.deepEqual(rows, [])
    await workspace.database.query(`DROP OWNED BY "${role.name}"`)
  })

  it('a schema that does not parse', async () => {
    fs.appendFileSync(workspace.schemaFile, '\nmodel Broken {\n  id Int @id @@@\n  = what\n')
    await check(['run', '--yes'], 2, /has syntax errors/)
  })

  it('no policy', async () => {
    fs.rmSync(path.join(workspace.folder, 'prisma-audit.json'))
    await check(['plan'], 2, /policy/)
  })

  it('an invalid policy, with every error', async () => {
    fs.writeFileSync(
      path.join(workspace.folder, 'prisma-audit.json'),
      '{ "rulez": [], "fields": { "ownerId": { "index": 1 } } }',
    )
    const { stderr } = await check(['plan'], 2, /rulez/)
    assert.match(stderr, /index/)
  })

  it('an empty value, as of a variable that is not set: the default does not take its place', async () => {
    await check(['backup', '--output', ''], 2, /'--output <folder>' has an empty value/)
    await check(['check', '--url='], 2, /'--url <url>' has an empty value/)
    await check(['restore', ''], 2, /an argument is empty/)
    const environment = { ...workspace.environment, PRISMA_AUDIT_DATABASE_URL: '' }
    const { stderr } = await commandLine(['check'], { folder: workspace.folder, environment })
    assert.match(stderr, /Database: .*, from /)
  })

  it('a folder where nothing can be created, although the system answers that it is missing', async () => {
    // Node's recursive mkdir never returns there.
    await check(
      ['backup', '--output', '/proc/prisma-audit/backups'],
      2,
      /Cannot write a backup to \/proc\/prisma-audit\/backups/,
    )
    await check(['check', '--report', 'json=/proc/prisma-audit/report.json'], 2, /cannot be written/)
  })

  it('usage', async () => {
    await check(['check', '--format', 'poem'], 2, /poem|choices/)
    await check(['frobnicate'], 2, /unknown command/)
  })

  it('no users although leads require an owner', async () => {
    await workspace.database.query('DELETE FROM "User"')
    await check(['migrate', '--yes'], 2, /user/i)
    const rows = await workspace.database.query(
      `SELECT column_name FROM information_schema.columns WHERE column_name = 'ownerId'`,
    )
    assert.deepEqual(rows, [])
  })

  it('Prisma not installed: generate fails, the guided run continues and says so', async () => {
    fs.rmSync(path.join(workspace.folder, '..', 'node_modules'))
    await check(['generate'], 2, /install/)
    const { stdout } = await check(['run', '--yes'], 0, /.*/)
    assert.match(stdout, /Generate: skipped/)
  })
})
