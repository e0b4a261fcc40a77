import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { commandLine } from '../support/command-line'
import { usePostgres, type TestDatabase } from '../support/postgres'

describe('the database that a command works on', () => {
  const postgres = usePostgres()
  let folder: string
  let plain: TestDatabase
  let local: TestDatabase

  before(async () => {
    plain = await postgres.createDatabase('CREATE TABLE "Thing" (id int CONSTRAINT "Thing_pkey" PRIMARY KEY)')
    local = await postgres.createDatabase('CREATE TABLE "Thing" (id int CONSTRAINT "Thing_pkey" PRIMARY KEY)')
    // Below the repository, so that its own Prisma is the project's.
    fs.mkdirSync(path.join(__REPOSITORY__, 'out'), { recursive: true })
    folder = fs.mkdtempSync(path.join(__REPOSITORY__, 'out', 'which-database-'))
    write('package.json', '{ "type": "module" }')
    write('.env', `DATABASE_URL="${plain.url}"\n`)
    write('.env.local', `DATABASE_URL="${local.url}"\n`)
  })
  after(async () => {
    fs.rmSync(folder, { recursive: true, force: true })
    await Promise.all([plain.drop(), local.drop()])
  })

  const write = (name: string, text: string) => fs.writeFileSync(path.join(folder, name), text)
  const schema = (url: string) =>
    write('schema.prisma', `datasource db {\n  provider = "postgresql"\n${url}}\nmodel Thing {\n  id Int @id\n}\n`)

  async function check(expected: TestDatabase, source: RegExp, ran: boolean, ...words: string[]): Promise<void> {
    const { stdout, stderr, exitCode } = await commandLine(['check', '--format', 'json', ...words], { folder })
    assert.equal(exitCode, 0, stdout + stderr)
    assert.equal((JSON.parse(stdout) as { database: { name: string } }).database.name, expected.name, stderr)
    assert.match(stderr, source)
    const runs = stderr.split('Running prisma.config.ts (code of this project) to read its datasource URL').length - 1
    assert.equal(runs, ran ? 1 : 0, stderr)
    assert.ok(!stderr.includes(new URL(expected.url).password))
  }

  it('is the one that the configuration loads, and it is said where that stands', async () => {
    const exported = `export default defineConfig({ schema: 'schema.prisma', datasource: { url: env('DATABASE_URL') } })`
    const imports = `import { defineConfig, env } from 'prisma/config'\n`
    schema('')
    write('prisma.config.ts', `import 'dotenv/config'\n${imports}${exported}`)
    await check(plain, /^Database: .*, from prisma\.config\.ts \(DATABASE_URL in \.env\)$/m, false)
    write('prisma.config.ts', `import { config } from 'dotenv'\n${imports}config({ path: '.env.local' })\n${exported}`)
    await check(local, /^Database: .*, from prisma\.config\.ts, which was run \(DATABASE_URL in \.env\.local\)$/m, true)
    await check(plain, /^Database: .*, from the URL given at the start$/m, false, '--url', plain.url)
    schema('  url = env("DATABASE_URL")\n')
    write(
      'prisma.config.ts',
      `import { config } from 'dotenv'\n${imports}config({ path: '.env.local' })\nexport default {}`,
    )
    await check(local, /from prisma\.config\.ts, which was run \(DATABASE_URL in \.env\.local\)$/m, true)
  }).timeout(600_000)

  it('is none where the configuration fails, whatever .env says', async () => {
    schema('  url = env("DATABASE_URL")\n')
    write('prisma.config.ts', `import 'dotenv/config'\nthrow new Error('not today')`)
    const { stderr, exitCode } = await commandLine(['check'], { folder })
    assert.equal(exitCode, 2)
    assert.match(stderr, /No database connection URL found[^]*which was run: not today/)
  }).timeout(600_000)
})
