import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { commandLine } from '../support/command-line'
import { usePostgres, type TestDatabase } from '../support/postgres'

const SCHEMA = `datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}
model Thing {
  id Int @id
}
`
const POLICY = JSON.stringify({ rules: [{ models: ['Thing'], require: ['updatedAt'] }] })

/** Links and paths of a repository that lead to a place beside it, which must stay as it is. */
describe('what is written lies in the project', () => {
  const postgres = usePostgres()
  let database: TestDatabase
  let around: string
  let folder: string
  let outside: string

  beforeEach(async () => {
    database = await postgres.createDatabase('CREATE TABLE "Thing" (id int CONSTRAINT "Thing_pkey" PRIMARY KEY)')
    around = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-written-')))
    folder = path.join(around, 'project')
    outside = path.join(around, 'outside')
    fs.mkdirSync(outside)
    fs.mkdirSync(path.join(folder, 'prisma'), { recursive: true })
    write('prisma/schema.prisma', SCHEMA)
    write('prisma-audit.json', POLICY)
    fs.writeFileSync(path.join(outside, 'victim'), 'as it was')
  })
  afterEach(async () => {
    await database.drop()
    fs.rmSync(around, { recursive: true, force: true })
  })

  const write = (name: string, text: string) => fs.writeFileSync(path.join(folder, name), text)
  const link = (name: string, to: string) => fs.symlinkSync(to, path.join(folder, name))
  const run = (...words: string[]) => commandLine([...words, '--url', database.url], { folder })

  async function refused(words: readonly string[], what: RegExp): Promise<void> {
    const { stdout, stderr, exitCode } = await run(...words)
    assert.equal(exitCode, 2, stdout + stderr)
    assert.match(stderr, what)
    assert.match(stderr, /is outside the project/)
    assert.deepEqual(fs.readdirSync(outside), ['victim'])
    assert.equal(fs.readFileSync(path.join(outside, 'victim'), 'utf8'), 'as it was')
    const [columns] = await database.query(
      `SELECT count(*)::int AS count FROM information_schema.columns WHERE table_name = 'Thing'`,
    )
    assert.deepEqual(columns, { count: 1 }, 'nothing was changed before the refusal')
  }

  it('scripts and migrations: through a link, a link to nothing, a folder that a configuration names', async () => {
    for (const to of [outside, path.join(outside, 'new')]) {
      link('migrations', to)
      await refused(['migrate', '--yes'], /project\/migrations/)
      fs.rmSync(path.join(folder, 'migrations'))
    }
    await database.query(`CREATE TABLE "_prisma_migrations" (id varchar(36) PRIMARY KEY NOT NULL, checksum varchar(64) NOT NULL,
      finished_at timestamptz, migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz,
      started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)`)
    const init = path.join(around, 'elsewhere', 'migrations', '20240101000000_init')
    fs.mkdirSync(init, { recursive: true })
    fs.writeFileSync(path.join(init, 'migration.sql'), 'SELECT 1;')
    write('prisma.config.ts', `export default { migrations: { path: '../elsewhere/migrations' } }\n`)
    await refused(['migrate', '--yes'], /elsewhere\/migrations/)
    assert.deepEqual(fs.readdirSync(path.dirname(init)), ['20240101000000_init'])
  })

  it('reports, as long as they are named within the project, and baselines', async () => {
    link('report.json', path.join(outside, 'victim'))
    link('reports', outside)
    link('prisma-audit.baseline.json', path.join(outside, 'baseline'))
    await refused(['check', '--report', 'json=report.json', '--no-baseline'], /report\.json/)
    await refused(['check', '--report', 'json=reports/new.json', '--no-baseline'], /new\.json/)
    await refused(['baseline'], /baseline/)
    const elsewhere = path.join(around, 'elsewhere', 'report.json')
    await run('check', '--report', `json=${elsewhere}`, '--no-baseline')
    assert.ok(fs.existsSync(elsewhere))
    const { stderr, exitCode } = await run('check', '--report', `json=${elsewhere}/below`, '--no-baseline')
    assert.equal(exitCode, 2)
    assert.match(stderr, /report\.json\/below cannot be written/)
  })

  it('the schema: never through a link that leads out, and a link within the project stays one', async () => {
    fs.renameSync(path.join(folder, 'prisma/schema.prisma'), path.join(around, 'schema.prisma'))
    link('prisma/schema.prisma', path.join(around, 'schema.prisma'))
    await refused(['run', '--yes', '--no-backup'], /prisma\/schema\.prisma/)
    assert.equal(fs.readFileSync(path.join(around, 'schema.prisma'), 'utf8'), SCHEMA)
    fs.renameSync(path.join(around, 'schema.prisma'), path.join(folder, 'real.prisma'))
    fs.rmSync(path.join(folder, 'prisma/schema.prisma'))
    link('prisma/schema.prisma', '../real.prisma')
    // Where the new text is written before it is renamed.
    link('prisma/schema.prisma.prisma-audit-new', path.join(outside, 'victim'))
    link('real.prisma.prisma-audit-new', path.join(outside, 'victim'))
    const { stdout, stderr, exitCode } = await run('run', '--yes', '--no-backup')
    assert.equal(exitCode, 0, stdout + stderr)
    assert.match(fs.readFileSync(path.join(folder, 'real.prisma'), 'utf8'), /updatedAt DateTime/)
    assert.ok(fs.lstatSync(path.join(folder, 'prisma/schema.prisma')).isSymbolicLink())
    assert.equal(fs.readFileSync(path.join(outside, 'victim'), 'utf8'), 'as it was')
  })

  it("backups: the project's own folder is no link out of it; one that the user names may be anywhere", async () => {
    link('backups', outside)
    await refused(['backup'], /project\/backups/)
    const { stderr, exitCode } = await run('backup', '--output', path.join(around, 'elsewhere'))
    assert.equal(exitCode, 0, stderr)
    assert.equal(fs.readdirSync(path.join(around, 'elsewhere')).length, 4)
  })
})
