import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { commandLine, type CommandLineResult } from '../support/command-line'
import { freePort } from '../support/network'
import { usePostgres } from '../support/postgres'

const SCHEMA = `datasource db {
  provider = "postgresql"
}
model User {
  id           Int    @id
  updatedLeads Lead[]
}
model Lead {
  id          Int   @id
  updatedById Int?
  updatedBy   User? @relation(fields: [updatedById], references: [id])
}
`

/** Writing needs no database. */
describe('prisma-audit actor', () => {
  const postgres = usePostgres()
  let around: string
  let folder: string
  beforeEach(() => {
    around = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-actor-')))
    folder = path.join(around, 'project')
    write('prisma/schema.prisma', SCHEMA)
    write('prisma-audit.json', JSON.stringify({ rules: [{ models: ['Lead'], require: ['updatedBy'] }] }))
    write('package.json', '{ "type": "module", "dependencies": { "fastify": "5" } }')
    write('src/lib/db.ts', "import { x } from './x.js'\n\nexport const db = new PrismaClient({ adapter })\n")
  })
  afterEach(() => {
    fs.rmSync(around, { recursive: true, force: true })
  })

  function write(name: string, text: string): void {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    fs.writeFileSync(path.join(folder, name), text)
  }
  const read = (name: string) => fs.readFileSync(path.join(folder, name), 'utf8')

  function writeMonorepo(): void {
    fs.rmSync(path.join(folder, 'src'), { recursive: true })
    write('package.json', '{ "private": true, "workspaces": ["apps/*", "packages/*"] }')
    write('packages/db/package.json', '{ "name": "@acme/db", "type": "module" }')
    write('packages/db/src/index.ts', "export * from './x.js'\nexport const db = new PrismaClient({ adapter })\n")
    write('apps/api/package.json', '{ "dependencies": { "express": "5", "@acme/db": "*" } }')
    write('apps/web/package.json', '{ "dependencies": { "next": "16" } }')
    write('apps/worker/package.json', '{ "devDependencies": { "@acme/db": "workspace:*" } }')
    write('apps/worker/db.ts', '\nexport const own = new PrismaClient({ adapter })\n')
  }

  async function run(words: readonly string[], exitCode: number, expected: RegExp): Promise<CommandLineResult> {
    const result = await commandLine(['actor', '--yes', ...words], { folder })
    assert.equal(result.exitCode, exitCode, result.stdout + result.stderr)
    assert.match(result.stdout + result.stderr, expected)
    return result
  }

  it('writes the module beside the client, says how to use it, and renews it later', async () => {
    // It comes first by its name, but nothing else uses its client.
    write('prisma/seed.ts', 'const prisma = new PrismaClient()\n')
    const { stdout } = await run([], 0, /Wrote src\/lib\/audit-actor\.ts\. It fills updatedById/)
    assert.match(
      stdout,
      /in src\/lib\/db\.ts:3:\n {2}import \{ withActor, withAuditFields \} from '\.\/audit-actor\.js'\n/,
    )
    assert.match(stdout, /Fastify: run each request as its user:\n {2}app\.addHook\('preHandler'/)
    assert.match(read('src/lib/audit-actor.ts'), /scalar: 'updatedById'/)

    await run([], 0, /src\/lib\/audit-actor\.ts is up to date with the schema\./)
    write('src/lib/audit-actor.ts', `${read('src/lib/audit-actor.ts')}// mine\n`)
    write('prisma-audit.json', JSON.stringify({ rules: [{ models: ['*'], require: ['updatedBy'] }] }))
    write('prisma/schema.prisma', SCHEMA.replace('updatedLeads', 'updatedById Int?\n  updatedLeads'))
    await run([], 0, /Updated the models in src\/lib\/audit-actor\.ts\./)
    assert.match(
      read('src/lib/audit-actor.ts'),
      /User: \{\n {4}fields: \[\n {6}\{ scalar: 'updatedById'[^]*\/\/ mine\n$/,
    )
  })

  it("says how a class that extends the client takes it, as NestJS's does", async () => {
    write('src/lib/db.ts', 'export class PrismaService\n  extends PrismaClient\n  implements OnModuleInit {}\n')
    const { stdout } = await run([], 0, /Wrote src\/lib\/audit-actor\.ts/)
    assert.match(
      stdout,
      /in src\/lib\/db\.ts:2:\n.*\n {2}constructor\(\) \{\n {4}super\(…\)\n {4}return withAuditFields\(this\)/,
    )
  })

  it('goes beside the client that the application shares, and counts those that routes create for themselves', async () => {
    for (let route = 1; route <= 8; route++) {
      write(`src/app/${route}/route.ts`, 'const db = new PrismaClient()\nexport async function GET() {}\n')
    }
    const { stdout } = await run([], 0, /Wrote src\/lib\/audit-actor\.ts/)
    assert.match(stdout, /Other clients:\n(?: {2}src\/app\/\d\/route\.ts:1\n){5} {2}… and 3 more clients\n/)
  })

  it('in a monorepo, shows the frameworks of the packages that use the client, and what else creates one', async () => {
    writeMonorepo()
    const { stdout } = await run(
      ['--output', 'packages/db/src/audit-actor.ts'],
      0,
      /Wrote packages\/db\/src\/audit-actor/,
    )
    assert.match(stdout, /Express: run each request as its user:\n/)
    assert.doesNotMatch(stdout, /Next\.js/)
  })

  it('started in one package of a monorepo, searches all of it for the schema of another', async () => {
    writeMonorepo()
    fs.mkdirSync(path.join(folder, '.git'))
    fs.mkdirSync(path.join(folder, 'packages/db/prisma'))
    fs.renameSync(path.join(folder, 'prisma/schema.prisma'), path.join(folder, 'packages/db/prisma/schema.prisma'))
    fs.renameSync(path.join(folder, 'prisma-audit.json'), path.join(folder, 'packages/db/prisma-audit.json'))
    const { stdout } = await run(
      ['--cwd', path.join(folder, 'apps/api'), '--schema', '../../packages/db/prisma/schema.prisma'],
      0,
      /Wrote .*packages\/db\/src\/audit-actor\.ts/,
    )
    assert.match(stdout, /Express: run each request as its user:\n/)
    assert.match(stdout, /Other clients:\n.*apps\/worker\/db\.ts:2/)
  })

  it('writes where and what it is told, as the project is', async () => {
    // The client imports no other file that would show what its imports end in.
    write('tsconfig.json', '{ "compilerOptions": { "module": "nodenext" } }')
    write('src/lib/db.ts', 'export const db = new PrismaClient({ adapter })\n')
    const { stdout } = await run(['--yes', '--test'], 0, /from '\.\/audit-actor\.js'/)
    assert.match(stdout, /run it with npx tsx --test/)
    assert.doesNotMatch(stdout, /prettier/)
    assert.match(read('src/lib/audit-actor.test.ts'), /from '\.\/audit-actor\.js'/)
    fs.rmSync(path.join(folder, 'src/lib/audit-actor.ts'))
    await run(['--output', 'lib/who.js', '--without-actor', '9'], 0, /Wrote lib\/who\.js/)
    assert.match(read('lib/who.js'), /^export function withActor/m)
    assert.match(read('lib/who.js'), /WITHOUT_ACTOR = \{ use: 9 \}/)
    fs.rmSync(path.join(folder, 'lib'), { recursive: true })
    write('package.json', '{ "devDependencies": { "prettier": "3" } }')
    const format = /Format as your code: npx prettier --write lib\/who\.js lib\/who\.test\.js\n/
    await run(['--output', 'lib/who.js', '--test'], 0, format)
    assert.match(read('lib/who.js'), /^module\.exports = \{ MODELS, withAuditFields, auditActor, withActor/m)
  })

  it('writes a test of its own beside it, in each form, which passes and is renewed with it', async () => {
    for (const type of ['module', 'commonjs']) {
      write('package.json', JSON.stringify({ type }))
      for (const turn of ['Wrote', 'is up to date']) {
        const { stdout } = await run(['--output', 'lib/who.js', '--test'], 0, new RegExp(turn))
        assert.match(stdout, /Wrote lib\/who\.test\.js: run it with node --test lib\/who\.test\.js\n/)
      }
      const environment = { ...process.env, NODE_TEST_CONTEXT: undefined }
      const { stdout } = await promisify(execFile)(process.execPath, ['--test', '--test-reporter=tap'], {
        cwd: path.join(folder, 'lib'),
        env: environment,
      })
      assert.match(stdout, /# pass 2\n# fail 0\n# cancelled 0\n# skipped 1/)
      fs.rmSync(path.join(folder, 'lib'), { recursive: true })
    }
    // As the project's own runner finds it: NestJS's Jest has `*.spec.ts` alone.
    for (const [jest, test] of [
      [{}, 'who.test.js'],
      [{ testRegex: '.*\\.spec\\.ts$' }, 'who.spec.js'],
    ] as const) {
      write('package.json', JSON.stringify({ devDependencies: { jest: '30' }, jest }))
      await run(['--output', 'lib/who.js', '--test'], 0, new RegExp(`run it with npx jest lib/${test}\n`))
    }
    fs.rmSync(path.join(folder, 'lib'), { recursive: true })
    write('lib/who.spec.js', '// mine')
    await run(['--output', 'lib/who.js', '--test'], 2, /lib\/who\.spec\.js already exists/)
    assert.ok(!fs.existsSync(path.join(folder, 'lib/who.js')))
  })

  it('refuses a file that is there, one outside of the project, and a key that no user can have', async () => {
    write('src/mine.ts', '')
    await run(['--output', 'src/mine.ts'], 2, /src\/mine\.ts already exists/)
    await run(['--output', '../beside.ts'], 2, /is outside the project/)
    fs.symlinkSync(around, path.join(folder, 'link'))
    await run(['--output', 'link/beside.ts'], 2, /is outside the project/)
    await run(['--without-actor', 'system'], 2, /"system" is not a valid user key/)
    write('prisma-audit.json', JSON.stringify({ rules: [{ models: ['*'], require: ['updatedAt'] }] }))
    await run([], 2, /No audit field records a user/)
    assert.deepEqual(fs.readdirSync(around), ['project'])
  })

  it('asks where, and writes nothing with nobody to answer', async () => {
    const { exitCode, stderr } = await commandLine(['actor'], { folder })
    assert.equal(exitCode, 2)
    assert.match(stderr, /Where should the module that fills/)
    assert.ok(!fs.existsSync(path.join(folder, 'src/lib/audit-actor.ts')))
  })

  it('is what check leads to, where an application is in the folder, also from what it has saved', async () => {
    const database = await postgres.createDatabase(
      `CREATE TABLE "User" (id int CONSTRAINT "User_pkey" PRIMARY KEY);
       CREATE TABLE "Lead" (id int CONSTRAINT "Lead_pkey" PRIMARY KEY, "updatedById" int
         CONSTRAINT "Lead_updatedById_fkey" REFERENCES "User" ON UPDATE CASCADE ON DELETE SET NULL)`,
    )
    const codes = async (): Promise<unknown> => {
      const words = ['check', '--url', database.url, '--format', 'json', '--fail-on', 'error']
      const { stdout } = await commandLine(words, {
        folder,
        environment: { XDG_CACHE_HOME: path.join(around, 'cache') },
      })
      const { findings } = JSON.parse(stdout) as { findings: { code: string; severity: string; file: string }[] }
      return findings.filter(({ code }) => code === 'actor-missing').map(({ severity, file }) => `${severity} ${file}`)
    }
    write('src/leads.ts', 'await db.lead.update({ where: { id }, data: { name } })\n')
    assert.deepEqual(await codes(), ['information prisma-audit.json'])
    assert.deepEqual(await codes(), ['information prisma-audit.json'])
    write('src/leads.ts', 'await db.lead.update({ where: { id }, data: { name, updatedById: user.id } })\n')
    assert.deepEqual(await codes(), [])
    fs.rmSync(path.join(folder, 'src'), { recursive: true })
    assert.deepEqual(await codes(), [])
    await database.drop()
  })

  it('is a step of the guided run, and so is the test of the application; a rollback takes the models back', async () => {
    const database = await postgres.createDatabase(
      `CREATE TABLE "User" (id int CONSTRAINT "User_pkey" PRIMARY KEY);
       CREATE TABLE "Lead" (id int CONSTRAINT "Lead_pkey" PRIMARY KEY)`,
    )
    const models = 'model User {\n  id Int @id\n}\nmodel Lead {\n  id Int @id\n}\n'
    write('prisma/schema.prisma', `datasource db {\n  provider = "postgresql"\n}\n${models}`)
    const ready = `http://127.0.0.1:${String(await freePort())}/`
    const server = `require('node:http').createServer((request, response) => response.end('{"id":1}')).listen(new URL('${ready}').port)`
    const checks = [{ request: 'GET /', expect: ['id'] }]
    const policyWith = (application: object): void =>
      write('prisma-audit.json', JSON.stringify({ rules: [{ models: ['Lead'], require: ['updatedBy'] }], application }))
    const application = { start: [process.execPath, '-e', server], ready, checks }
    policyWith(application)
    const guided = async (...words: string[]) =>
      await commandLine(['run', '--yes', '--no-backup', '--no-files', '--url', database.url, ...words], { folder })

    const plain = await guided()
    assert.equal(plain.exitCode, 0, plain.stderr)
    const left = /Skipped: .*fill the audit fields \(not requested\), test the application \(not requested\)\./
    assert.match(plain.stdout + plain.stderr, left)
    const whole = await guided('--actor', '--smoke')
    assert.equal(whole.exitCode, 0, whole.stderr)
    assert.match(
      whole.stdout + whole.stderr,
      /fill the audit fields, application's code, test the application, verify\./,
    )
    assert.match(read('src/lib/audit-actor.ts'), /scalar: 'updatedById'/)

    // What fails there does not keep the run from its proof.
    policyWith({ ...application, checks: [...checks, { request: 'GET /', expect: ['updatedBy'] }] })
    const failed = await guided('--smoke')
    assert.equal(failed.exitCode, 1, failed.stderr)
    assert.match(
      failed.stdout + failed.stderr,
      /verify\. .*The application failed 1 of 2 checks\. All 6 checks passed\./,
    )

    const rollback = async () => {
      const { exitCode, stderr } = await commandLine(['rollback', '--yes', '--url', database.url], { folder })
      assert.equal(exitCode, 0, stderr)
    }
    const module = path.join(folder, 'src/lib/audit-actor.ts')
    await rollback()
    assert.equal(fs.existsSync(module), false)

    // One that the user changed stays, with nothing to fill.
    policyWith(application)
    const again = await guided('--actor')
    assert.equal(again.exitCode, 0, again.stderr)
    fs.appendFileSync(module, '// Ours.\n')
    await rollback()
    assert.match(fs.readFileSync(module, 'utf8'), /const MODELS\b.* = \{\}\n[^]*\/\/ Ours\.\n$/)
    await database.drop()
  })
})
