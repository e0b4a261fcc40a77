import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { AuditError } from '../../../server/src/errors'
import { generateClient, type GenerateOptions } from '../../../server/src/generate/generate-client'
import { usePostgres, type TestDatabase } from '../../support/postgres'
import { checkTypes, copySample, getJson, logIn, sampleSql, withBackend, type SampleCopy } from '../sample/support'

describe('generate', () => {
  const server = usePostgres()
  let database: TestDatabase
  let copy: SampleCopy

  before(async () => {
    database = await server.createDatabase(await sampleSql())
  })
  after(async () => {
    await database.drop()
  })
  beforeEach(() => {
    copy = copySample(database.url)
  })
  afterEach(() => {
    copy.remove()
  })

  const generate = (options: Partial<GenerateOptions> = {}) =>
    generateClient({ schemaPath: copy.schemaPath, root: copy.folder, environment: copy.environment, ...options })

  async function failure(options: Partial<GenerateOptions> = {}): Promise<AuditError> {
    try {
      await generate(options)
    } catch (error) {
      assert.ok(error instanceof AuditError, String(error))
      return error
    }
    assert.fail('it was generated')
  }

  it("generates with the workspace's own CLI, and the backend runs on it", async () => {
    const lines: string[] = []
    const result = await generate({ onOutput: (line) => lines.push(line) })
    assert.equal(result.folder, copy.backend)
    assert.equal(result.command, `npx prisma generate --schema ${path.join('prisma', 'schema.prisma')}`)
    assert.match(result.output, /Generated Prisma Client/)
    assert.equal(result.output, lines.map((line) => `${line}\n`).join(''))
    assert.ok(result.milliseconds > 0)

    await checkTypes(copy)
    await withBackend(copy, async (address) => {
      const cookie = await logIn(address)
      const users = await getJson(`${address}/admin/users`, cookie)
      assert.deepEqual(users[0], {
        id: 11,
        name: 'Emil Haddad',
        email: 'emil@example.com',
        role: 'admin',
        createdAt: '2024-11-29T11:11:11.000Z',
      })
      assert.equal((await getJson(`${address}/admin/leads`, cookie)).length, 400)
      assert.equal((await fetch(`${address}/admin/nothing`)).status, 404)
    })
  })

  it('takes the schema as a folder', async () => {
    const folder = path.dirname(copy.schemaPath)
    const text = fs.readFileSync(copy.schemaPath, 'utf8')
    const lead = text.indexOf('model Lead')
    fs.writeFileSync(copy.schemaPath, text.slice(0, lead))
    fs.writeFileSync(path.join(folder, 'lead.prisma'), text.slice(lead))
    await generate({ schemaPath: folder })
    assert.match(fs.readFileSync(path.join(copy.backend, 'src/generated/prisma/models.ts'), 'utf8'), /Lead/)
  })

  it('starts a generator by its name in node_modules, as npx does', async function () {
    // Windows starts a .cmd there.
    if (process.platform === 'win32') this.skip()
    const program = path.join(copy.folder, 'node_modules', '.bin', 'own-generator')
    fs.mkdirSync(path.dirname(program), { recursive: true })
    fs.writeFileSync(program, OWN_GENERATOR, { mode: 0o755 })
    fs.appendFileSync(copy.schemaPath, 'generator own {\n  provider = "own-generator"\n}\n')
    assert.match((await generate()).output, /Generated Own Generator/)
  })

  it("needs no database, so it goes on where the configuration's variable is not set", async () => {
    const { output } = await generate({ environment: { ...copy.environment, DATABASE_URL: undefined } })
    assert.match(output, /DATABASE_URL is not set\. Generating needs no database/)
    assert.match(output, /Generated Prisma Client/)
  })

  it("shows Prisma's message where it does not accept the schema", async () => {
    fs.appendFileSync(copy.schemaPath, 'model Broken {\n  id Nothing @id\n}\n')
    const error = await failure()
    assert.equal(error.code, 'prisma-schema-invalid')
    assert.match(error.why, /Type "Nothing" is neither a built-in type/)
  })

  it('explains that the schema engine could not be downloaded', async () => {
    const environment = {
      ...copy.environment,
      PRISMA_SCHEMA_ENGINE_BINARY: undefined,
      // Nobody listens there, so this fails alike with a network and without one.
      PRISMA_ENGINES_MIRROR: 'http://127.0.0.1:9',
      HOME: copy.folder,
      XDG_CACHE_HOME: copy.folder,
    }
    const error = await failure({ environment })
    assert.equal(error.code, 'prisma-engine-download')
    assert.match(error.why, /from http:\/\/127\.0\.0\.1:9\//)
    assert.match(error.nextStep, /PRISMA_SCHEMA_ENGINE_BINARY/)
  })

  it('reports any other failure with its exit code and its words', async () => {
    fs.writeFileSync(path.join(copy.backend, 'prisma.config.ts'), `throw new Error('no such tenant')\n`)
    const error = await failure()
    assert.equal(error.code, 'generate-failed')
    assert.match(error.message, /exited with code 1/)
    assert.match(error.why, /no such tenant/)
  })

  it('ends the CLI and its children when it is cancelled', async () => {
    const endless = path.join(copy.backend, 'endless.mjs')
    const config = path.join(copy.backend, 'prisma.config.ts')
    fs.writeFileSync(endless, `console.log('child started')\nsetInterval(() => {}, 1000)\n`)
    fs.writeFileSync(
      config,
      `import { spawn } from 'node:child_process'\n` +
        `spawn(process.execPath, [${JSON.stringify(endless)}], { stdio: 'inherit' })\nawait new Promise(() => {})\n`,
    )
    const controller = new AbortController()
    // The child holds the pipe that generateClient reads to its end, so this answers only when the child has ended.
    const error = await failure({
      signal: controller.signal,
      onOutput: (line) => {
        if (line === 'child started') controller.abort()
      },
    })
    assert.equal(error.code, 'generate-cancelled')
  })

  it('stops a CLI that takes too long', async () => {
    fs.writeFileSync(
      path.join(copy.backend, 'prisma.config.ts'),
      `setInterval(() => {}, 1000)\nawait new Promise(() => {})\n`,
    )
    assert.equal((await failure({ timeoutMilliseconds: 300 })).code, 'generate-timeout')
  })

  it('does not start when it is cancelled already', async () => {
    assert.equal((await failure({ signal: AbortSignal.abort() })).code, 'generate-cancelled')
  })
})

/** Prisma's protocol for generators: JSON lines, questions on stdin, answers on stderr. */
const OWN_GENERATOR = `#!${process.execPath}
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = JSON.parse(line)
  const manifest = { prettyName: 'Own Generator', defaultOutput: './own' }
  const result = method === 'getManifest' ? { manifest } : null
  process.stderr.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n')
})
`
