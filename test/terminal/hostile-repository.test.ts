import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
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

/** Files that would hold or fill the program; each test ends by mocha's own timeout where they do. */
describe('the terminal in a repository that means no good', () => {
  const postgres = usePostgres()
  let database: TestDatabase
  let folder: string

  before(async () => {
    database = await postgres.createDatabase('CREATE TABLE "Thing" (id int CONSTRAINT "Thing_pkey" PRIMARY KEY)')
  })
  after(() => database.drop())
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-hostile-'))
    write('schema.prisma', SCHEMA)
    write('.env', `DATABASE_URL="${database.url}"\n`)
  })
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

  const replace = (name: string, make: (file: string) => void) => {
    fs.rmSync(path.join(folder, name), { force: true })
    make(path.join(folder, name))
  }
  const write = (name: string, text: string) => replace(name, (file) => fs.writeFileSync(file, text))

  async function check(exitCode: number, said: RegExp, words: readonly string[] = ['check']): Promise<void> {
    const { stdout, stderr, exitCode: code } = await commandLine(words, { folder })
    assert.match(stdout + stderr, said)
    assert.equal(code, exitCode, stdout + stderr)
    assert.ok(!stderr.includes('    at '), stderr)
  }

  const KINDS: Readonly<Record<string, (file: string) => void>> = {
    'a link to an endless device': (file) => fs.symlinkSync('/dev/zero', file),
    'a pipe that nobody writes into': (file) => execFileSync('mkfifo', [file]),
    'a file of gigabytes': (file) => {
      fs.writeFileSync(file, '')
      fs.truncateSync(file, 8_000_000_000)
    },
  }

  const WHY = /Cannot read .*schema\.prisma\.\n(?:It is not a regular file|It has more than 4 MB)/

  for (const [kind, make] of Object.entries(KINDS)) {
    it(`${kind} is no file that is read`, async () => {
      replace('prisma-audit.json', make)
      await check(2, /The policy prisma-audit\.json is not valid\.[^]*Cannot read/)
      fs.rmSync(path.join(folder, 'prisma-audit.json'))
      replace('.env', make)
      await check(2, /Cannot read .*\.env/)
      write('.env', `DATABASE_URL="${database.url}"\n`)
      replace('prisma.config.ts', make)
      await check(2, /Cannot read .*prisma\.config\.ts/)
      fs.rmSync(path.join(folder, 'prisma.config.ts'))
      replace('package.json', make)
      await check(2, /Cannot read .*package\.json/)
      fs.rmSync(path.join(folder, 'package.json'))
      replace('schema.prisma', make)
      await check(2, WHY, ['check', '--schema', 'schema.prisma'])
      await check(2, WHY)
    }).timeout(600_000)
  }

  it('a link to itself is said to be one, wherever it is', async () => {
    for (const name of ['schema.prisma', 'prisma-audit.json', '.env', 'prisma.config.ts', 'package.json']) {
      const before = fs.existsSync(path.join(folder, name)) ? fs.readFileSync(path.join(folder, name), 'utf8') : null
      replace(name, (file) => fs.symlinkSync(name, file))
      await check(2, new RegExp(`${name.replaceAll('.', '\\.')} cannot be read\\.[^]*ELOOP: too many symbolic links`))
      if (before === null) fs.rmSync(path.join(folder, name))
      else write(name, before)
    }
  })

  it('what is not named .prisma is no schema, whatever names it', async () => {
    const secret = path.join(folder, 'secret.txt')
    fs.writeFileSync(secret, 'token = "s3cret"\n')
    write('package.json', JSON.stringify({ prisma: { schema: secret } }))
    for (const words of [['check'], ['lint'], ['migrate', '--yes'], ['actor', '--yes']]) {
      await check(
        2,
        /secret\.txt is not a Prisma schema\. It was not read\.\npackage\.json \("prisma\.schema"\) or/,
        words,
      )
    }
    fs.rmSync(path.join(folder, 'package.json'))
    write('prisma.config.ts', `export default { schema: ${JSON.stringify(secret)} }\n`)
    await check(2, /secret\.txt is not a Prisma schema\. It was not read\./)
  })

  it('certificates and what they are read from are no endless files either', async () => {
    const url = new URL(database.url)
    url.search = '?sslmode=verify-full&sslrootcert=/dev/zero'
    await check(2, /Cannot read \/dev\/zero/, ['check', '--url', url.href])
    url.search = '?sslmode=verify-full&sslrootcert=/nowhere/ca.pem'
    await check(2, /\/nowhere\/ca\.pem/, ['check', '--url', url.href])
  })

  it('patterns, nesting and variables without end come to one', async () => {
    const models = ['*a*a*a*a*a*a*a*a*a*ac', '{A,B}']
    write('prisma-audit.json', JSON.stringify({ rules: [{ models, require: ['updatedAt'] }] }))
    write(
      'schema.prisma',
      SCHEMA.replace('Thing', `${'a'.repeat(60)}b {\n  id Int @id\n  @@map("Thing")\n}\nmodel X`).replace(
        'model X {\n  id Int @id\n}\n',
        '',
      ),
    )
    await check(0, /No findings/)
    write('prisma-audit.json', '['.repeat(100_000))
    await check(2, /nest deeper/)
    fs.rmSync(path.join(folder, 'prisma-audit.json'))
    for (const deep of ['('.repeat(100_000), '['.repeat(100_000), '{'.repeat(100_000)]) {
      write('schema.prisma', SCHEMA.replace('@id', `@id @default(${deep})`))
      await check(1, /schema-syntax/)
      write('schema.prisma', SCHEMA.replace('@id', `@id @default(dbgenerated("${deep}"))`))
      const { exitCode, stderr } = await commandLine(['check'], { folder })
      assert.ok([0, 1].includes(exitCode), stderr)
    }
    write('schema.prisma', SCHEMA)
    const doubling = Array.from(
      { length: 40 },
      (_, index) => `V${String(index + 1)}=\${V${String(index)}}\${V${String(index)}}`,
    )
    write('.env', ['V0=x', ...doubling, 'DATABASE_URL=${V40}'].join('\n'))
    await check(2, /DATABASE_URL in \.env is too large/)
  }).timeout(600_000)

  it('a schema is not a whole disk', async () => {
    write('package.json', JSON.stringify({ prisma: { schema: '/' } }))
    await check(2, /contains too many files/)
  }).timeout(600_000)

  it('a policy that is not valid is none to work by, and a misspelled model is said', async () => {
    const policies: Readonly<Record<string, RegExp>> = {
      '{': /The policy prisma-audit\.json is not valid/,
      '{ "rulez": [] }': /Unknown key "rulez"/,
      '{ "rules": [{ "models": "Thing", "require": ["updatedAt"] }] }': /rules\[0\]\.models/,
    }
    for (const [text, said] of Object.entries(policies)) {
      write('prisma-audit.json', text)
      for (const words of [['check'], ['check', '--format', 'json'], ['plan'], ['migrate', '--yes'], ['verify']])
        await check(2, said, words)
    }
    write('prisma-audit.json', '{ "rules": [{ "models": ["Thng"], "require": ["updatedAt"] }] }')
    await check(2, /prisma-audit\.json[^]*"Thng", which does not exist in the schema\. Did you mean "Thing"\?/)
    const { stdout } = await commandLine(['check', '--format', 'json'], { folder })
    const { schema, findings } = JSON.parse(stdout) as { schema: object; findings: { code: string; file: string }[] }
    assert.deepEqual(schema, { files: ['schema.prisma'], models: 1 })
    assert.deepEqual(
      findings.map(({ code, file }) => [code, file]),
      [['policy-model', 'prisma-audit.json']],
    )
  }).timeout(600_000)

  it('another language is refused before anything is changed', async () => {
    const refused = async (said: RegExp): Promise<void> => {
      const before = fs.readdirSync(folder, { recursive: true }).sort()
      for (const command of ['check', 'plan', 'migrate', 'generate', 'verify', 'rollback', 'run', 'lint'])
        await check(2, said, [command, '--yes'])
      assert.deepEqual(fs.readdirSync(folder, { recursive: true }).sort(), before)
    }
    write('prisma-audit.json', '{ "rules": [{ "models": ["*"], "require": ["updatedAt"] }] }')
    write('schema.prisma', `// use prisma-8\n${SCHEMA}`)
    await refused(/schema\.prisma uses Prisma 8, which Prisma Audit does not support yet/)
    write('schema.prisma', SCHEMA)
    write(
      'prisma.config.ts',
      `import { definePrismaConfig } from 'prisma/config'\nexport default definePrismaConfig({ orm: { db: { connection: 'postgresql://x' } } })`,
    )
    await check(2, /prisma\.config\.ts uses Prisma 8/)
    fs.rmSync(path.join(folder, 'prisma.config.ts'))
    fs.mkdirSync(path.join(folder, 'db'))
    write('db/schema.prisma', SCHEMA)
    write('db/contract.prisma', `\n// a contract\n// use prisma-next\ntypes {}`)
    await check(2, /db\/contract\.prisma uses Prisma Next/, ['check', '--schema', 'db'])
    const rows = await database.query(
      `SELECT count(*)::int AS count FROM information_schema.columns WHERE table_schema = 'public'`,
    )
    assert.deepEqual(rows, [{ count: 1 }])
    write('schema.prisma', `// use prisma-7\n${SCHEMA}`)
    fs.rmSync(path.join(folder, 'prisma-audit.json'))
    await check(0, /compared with the database/)
  }).timeout(600_000)
})
