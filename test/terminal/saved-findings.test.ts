import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { commandLine } from '../support/command-line'
import { SavedFindingsFolder } from '../support/saved-findings'
import { usePostgres } from '../support/postgres'
import { createSampleWorkspace, type SampleWorkspace } from '../support/sample-workspace'

describe('a check that was answered before', () => {
  const postgres = usePostgres()
  let workspace: SampleWorkspace
  let saved: SavedFindingsFolder

  beforeEach(async function () {
    // Elsewhere the folder cannot be named.
    if (process.platform !== 'linux') this.skip()
    workspace = await createSampleWorkspace(postgres)
    saved = new SavedFindingsFolder()
  })
  afterEach(async () => {
    saved.remove()
    await workspace.remove()
  })

  async function check(environment: Readonly<Record<string, string>> = {}, words: readonly string[] = []) {
    const { exitCode, stdout, stderr } = await commandLine(['check', '--format', 'json', ...words], {
      folder: workspace.folder,
      environment: { ...saved.environment, ...environment },
    })
    return { exitCode, stdout, stderr }
  }

  const isWrong = ({ stdout }: { stdout: string }) => stdout.includes('Nobody found this')
  const makeWrong = () => {
    saved.rewrite((text) => text.replace(/"message":"[^"]*"/, '"message":"Nobody found this."'))
  }

  it('is answered in the same words, from what is saved for the user alone', async () => {
    const first = await check()
    assert.equal(first.exitCode, 1)
    assert.deepEqual(await check(), first)
    assert.deepEqual(await check({ PRISMA_AUDIT_CACHE: 'off' }), first)
    const [file] = saved.files()
    assert.equal(fs.statSync(file!).mode & 0o777, 0o600)
    const password = new URL(workspace.database.url).password
    assert.ok(!fs.readFileSync(file!, 'utf8').includes(decodeURIComponent(password)))
    makeWrong()
    assert.ok(isWrong(await check()))
    assert.deepEqual(await check({ PRISMA_AUDIT_CACHE: 'off' }), first)
  })

  it('is answered from it while only rows are written', async () => {
    await check()
    makeWrong()
    await workspace.database.query(`UPDATE "Lead" SET email = email || 'x'`)
    assert.ok(isWrong(await check()))
  })

  const changes: [title: string, change: () => unknown][] = [
    ['the database', () => workspace.database.query('ALTER TABLE "Lead" ADD COLUMN "extra" int')],
    ['what an index is called', () => workspace.database.query('ALTER INDEX "User_email_key" RENAME TO "u"')],
    [
      'how the database spells times',
      () => workspace.database.query(`ALTER DATABASE "${workspace.database.name}" SET TimeZone = 'Asia/Tokyo'`),
    ],
    ['a function', () => workspace.database.query(`CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'`)],
    [
      'the server, which was started anew,',
      async () => {
        await postgres.crash()
        await postgres.start()
      },
    ],
    ['the schema', () => fs.appendFileSync(workspace.schemaFile, '\n// a comment\n')],
    ['the policy', () => fs.appendFileSync(path.join(workspace.folder, 'prisma-audit.json'), ' ')],
    ['its answer on the disk', () => fs.appendFileSync(saved.files()[0]!, ' ')],
    ['who may write it', () => fs.chmodSync(saved.files()[0]!, 0o666)],
  ]
  for (const [title, change] of changes) {
    it(`is answered anew after ${title} changed`, async () => {
      await check()
      makeWrong()
      await change()
      const after = await check()
      assert.ok(!isWrong(after))
      assert.deepEqual(after, await check({ PRISMA_AUDIT_CACHE: 'off' }))
      makeWrong()
      assert.ok(isWrong(await check()))
    })
  }

  it('is answered anew for another database, of which each keeps its own', async () => {
    await check()
    makeWrong()
    const other = await postgres.createDatabase('CREATE TABLE "User" (id int PRIMARY KEY)')
    const url = ['--url', other.url]
    assert.ok(!isWrong(await check({}, url)))
    assert.equal(saved.files().length, 2)
    assert.ok(isWrong(await check()))
    await other.drop()
  })

  it('is answered anew for the same name behind which another database was made', async () => {
    await check()
    makeWrong()
    const { name } = workspace.database
    const beside = await postgres.createDatabase()
    await beside.query(`ALTER DATABASE "${name}" RENAME TO "${name}_old"`)
    await beside.query(`CREATE DATABASE "${name}" TEMPLATE "${name}_old"`)
    assert.ok(!isWrong(await check()))
    await beside.query(`DROP DATABASE "${name}_old"`)
    await beside.drop()
  })

  it('is told of a refused login all the same, after one try', async () => {
    await check()
    const url = new URL(workspace.database.url)
    url.password = 'not-the-password'
    const refused = () => postgres.log().split('password authentication failed').length - 1
    const before = refused()
    const { exitCode, stderr } = await check({}, ['--url', url.href])
    assert.equal(exitCode, 2)
    assert.match(stderr, /Authentication failed/)
    assert.equal(refused() - before, 1)
  })

  it('is answered where nothing can be saved', async () => {
    const first = await check()
    const folder = path.dirname(saved.files()[0]!)
    fs.rmSync(folder, { recursive: true })
    fs.writeFileSync(folder, 'a file stands in the way')
    assert.deepEqual(await check(), first)
  })
})
