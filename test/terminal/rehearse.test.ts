import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { commandLine, type CommandLineResult } from '../support/command-line'
import { usePostgres } from '../support/postgres'
import { createSampleWorkspace, type SampleWorkspace } from '../support/sample-workspace'

describe('a rehearsal in a terminal', () => {
  const postgres = usePostgres()
  let workspace: SampleWorkspace

  beforeEach(async () => {
    workspace = await createSampleWorkspace(postgres)
  })
  afterEach(() => workspace.remove())

  const run = (...words: string[]): Promise<CommandLineResult> =>
    commandLine(words, { folder: workspace.folder, environment: workspace.environment })

  /** What a rehearsal finds out and a plan cannot know. */
  const refuseUpdates = () =>
    workspace.database.query(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'leads are never changed'; END $$;
      CREATE TRIGGER refuse BEFORE UPDATE ON "Lead" FOR EACH ROW EXECUTE FUNCTION refuse()`)

  async function auditColumns(): Promise<number> {
    const [row] = await workspace.database.query(
      `SELECT count(*)::int AS count FROM information_schema.columns WHERE column_name IN ('updatedAt', 'updatedBy', 'ownerId')`,
    )
    return Number(row?.count)
  }

  it('plan --rehearse shows it in the preview, or as JSON, and exits with 0 where it passes', async () => {
    const { exitCode, stdout, stderr } = await run('plan', '--rehearse')
    assert.equal(exitCode, 0, stdout + stderr)
    assert.match(stdout, /## Rehearsal: passed\n/)
    assert.match(stdout, /### Not proven\n/)
    assert.match(stderr, /Rehearsing: down again/)
    assert.equal(await auditColumns(), 0)
  })

  it('--scratch-url rehearses there, and nobody gets to see the password', async () => {
    const scratch = await postgres.createDatabase()
    const { exitCode, stdout, stderr } = await run('plan', '--format', 'json', '--scratch-url', scratch.url)
    assert.equal(exitCode, 0, stderr)
    const { rehearsal } = JSON.parse(stdout) as { rehearsal: Record<string, unknown> & { place: { label: string } } }
    assert.deepEqual(Object.keys(rehearsal), [
      ...['outcome', 'place', 'databaseVersion', 'structure', 'rows', 'steps', 'passes', 'checks', 'wayBack'],
      ...['failures', 'notProven', 'milliseconds'],
    ])
    assert.equal(rehearsal.place.label, `${scratch.name} on 127.0.0.1:${postgres.port}`)
    const refused = await run('plan', '--scratch-url', workspace.database.url)
    assert.equal(refused.exitCode, 2)
    assert.match(refused.stderr, /is the database to migrate/)
    const { password } = new URL(scratch.url)
    for (const text of [stdout, stderr, refused.stdout, refused.stderr]) {
      assert.ok(!text.includes(password) && !text.includes(decodeURIComponent(password)))
    }
  })

  it('exits with 1 where it fails, and says which statement does', async () => {
    await refuseUpdates()
    const { exitCode, stdout, stderr } = await run('plan', '--rehearse')
    assert.equal(exitCode, 1, stderr)
    assert.match(stdout, /## Rehearsal: failed\n/)
    assert.match(stdout, /Up, step 8, .*leads are never changed/)
  })

  it('run --rehearse goes on where it passes', async () => {
    const { exitCode, stdout, stderr } = await run('run', '--rehearse', '--yes')
    assert.equal(exitCode, 0, stdout + stderr)
    assert.ok(stdout.indexOf('Rehearsal: passed') < stdout.indexOf('── Back up'))
    assert.equal(await auditColumns(), 3)
  })

  it('run --rehearse stops where it fails, before anything is done', async () => {
    await refuseUpdates()
    const { exitCode, stdout } = await run('run', '--rehearse', '--yes')
    assert.equal(exitCode, 1, stdout)
    assert.match(stdout, /The rehearsal failed: one failure/)
    assert.equal(await auditColumns(), 0)
    assert.ok(!fs.existsSync(path.join(workspace.folder, 'backups')))
  })
})
