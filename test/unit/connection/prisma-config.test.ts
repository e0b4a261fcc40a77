import assert from 'node:assert/strict'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { executePrismaConfig } from '../../../server/src/schema/connection/execute-prisma-config'
import { findProjectRoot, findSchemaPath } from '../../../server/src/schema/connection/find-schema-path'
import { readPrismaConfig } from '../../../server/src/schema/connection/prisma-config'
import { said } from '../../support/said'

describe('readPrismaConfig', () => {
  const text = `import path from 'node:path'
import { defineConfig } from 'prisma/config'
export default defineConfig({
  schema: path.join('db', 'schema'),
  migrations: { path: 'db/migrations' },
  tables: { external: ['public.spatial', other] },
  enums: { external: ['public.mood'] },
})`

  it('reads what matters besides the URL', () => {
    assert.deepEqual(readPrismaConfig({ path: '/w/prisma.config.ts', workingFolder: '/w', text }), {
      ...{ isCertain: true, isOfPrisma8: false, loadsEnvironmentFile: false, hidesSchema: false },
      ...{
        engine: null,
        hasAdapter: false,
        url: null,
        directUrl: null,
        schema: path.join('db', 'schema'),
        migrationsPath: 'db/migrations',
        hidesMigrationsPath: false,
      },
      ...{ externalTables: ['public.spatial'], externalEnums: ['public.mood'] },
    })
  })

  it('takes every prefix without an exception', () => {
    for (let end = 0; end <= text.length; end++)
      readPrismaConfig({ path: '/w/prisma.config.ts', workingFolder: '/w', text: text.slice(0, end) })
  })
})

describe('executePrismaConfig', () => {
  let folder = ''
  beforeEach(() => {
    // Below the repository, so that its own installation of Prisma is found, as in a project.
    fs.mkdirSync(path.join(__REPOSITORY__, 'out'), { recursive: true })
    folder = fs.mkdtempSync(path.join(__REPOSITORY__, 'out', 'config-'))
  })
  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true })
  })

  async function run(name: string, text: string, environment: Record<string, string> = {}) {
    const file = path.join(folder, name)
    fs.writeFileSync(file, text)
    return executePrismaConfig({ path: file, workingFolder: folder }, { PATH: process.env.PATH, ...environment }, [
      'HOST',
    ])
  }

  it('names a package that the configuration imports and that is not installed', async () => {
    const { failure } = await run('prisma.config.ts', `import 'no-such-package/config'\nexport default {}`)
    assert.match(said(failure), /no-such-package/)
  })

  it("runs TypeScript with the workspace's own Prisma", async () => {
    const text = `import { defineConfig } from 'prisma/config'
      const parts: string[] = ['postgresql://u:p', process.env.HOST as string]
      console.log('noise on stdout')
      export default defineConfig({ datasource: { url: parts.join('@') } })`
    assert.deepEqual(await run('prisma.config.ts', text, { HOST: 'h/x' }), {
      ...{ url: 'postgresql://u:p@h/x', directUrl: null, engine: null, hasAdapter: false, failure: null },
      ...{ variables: { HOST: 'h/x' }, urlVariables: [], environmentFiles: [] },
    })
  }).timeout(600_000)

  it('says in a line why a file gives nothing', async () => {
    const { url, failure } = await run('prisma.config.js', `throw new Error('no\\nlines')`)
    assert.equal(url, null)
    assert.match(said(failure), /^[^\n]+$/)
    assert.match(said((await run('prisma.config.cjs', 'process.exit(3)')).failure), /ended without an answer/)
  }).timeout(600_000)

  it('says so where nothing is installed that loads TypeScript', async () => {
    const outside = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-config-'))
    try {
      const file = path.join(outside, 'prisma.config.ts')
      fs.writeFileSync(
        file,
        `import 'dotenv/config'\nexport default { datasource: { url: String(process.env.HOST) } }\n`,
      )
      const { failure } = await executePrismaConfig(
        { path: file, workingFolder: outside },
        { PATH: process.env.PATH },
        [],
      )
      // A newer Node loads it, and misses the package.
      assert.match(said(failure), /packages, which load it, are not installed \(npm install\)|'dotenv'/)
    } finally {
      fs.rmSync(outside, { recursive: true, force: true })
    }
  })

  it('runs JavaScript where no Prisma is installed', async () => {
    const outside = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-config-'))
    try {
      const file = path.join(outside, 'prisma.config.mjs')
      fs.writeFileSync(file, 'export default { datasource: { url: ["postgresql://", "x"].join("") } }')
      assert.equal(
        (await executePrismaConfig({ path: file, workingFolder: outside }, { PATH: process.env.PATH }, [])).url,
        'postgresql://x',
      )
    } finally {
      fs.rmSync(outside, { recursive: true })
    }
  }).timeout(600_000)

  it('ends with all that it started, whatever that holds open', async () => {
    const listener = net.createServer().listen(0, '127.0.0.1')
    await once(listener, 'listening')
    const { port } = listener.address() as net.AddressInfo
    // What the file starts is connected to us until it is ended.
    const ended = once(listener, 'connection').then(([socket]) => once((socket as net.Socket).resume(), 'close'))
    const text = `import { spawn } from 'node:child_process'
      const script = 'require("net").connect(' + process.env.PORT + ', "127.0.0.1", () => console.log("up"))'
      const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
      await new Promise((resolve) => child.stdout.once('data', resolve))
      process.stderr.write('x'.repeat(1_000_000))
      export default { datasource: { url: 'postgresql://x' } }`
    try {
      assert.equal((await run('prisma.config.mjs', text, { PORT: String(port) })).url, 'postgresql://x')
      await ended.catch((error: unknown) => assert.equal((error as NodeJS.ErrnoException).code, 'ECONNRESET'))
    } finally {
      listener.close()
    }
  }).timeout(600_000)

  it('stops when it is told to', async () => {
    const running = executePrismaConfig(
      { path: path.join(folder, 'prisma.config.mjs'), workingFolder: folder },
      {},
      [],
      AbortSignal.abort(new Error('stop')),
    )
    await assert.rejects(running, /stop/)
  })
})

describe('where a project is', () => {
  const check = (files: Record<string, string>, folders: string[], expected: string | null) => {
    const within = (file: string) => path.relative('/w', file).replaceAll('\\', '/')
    const found = findSchemaPath('/w', {
      readTextFile: (file) => files[within(file)] ?? null,
      exists: (file) => within(file) in files || folders.includes(within(file)),
    })
    assert.equal(found === null ? null : within(found), expected)
  }

  it('finds the schema as Prisma does', () => {
    check({}, [], null)
    check({ 'schema.prisma': '' }, [], 'schema.prisma')
    check({ 'schema.prisma': '', 'prisma/schema.prisma': '' }, [], 'prisma/schema.prisma')
    check({}, ['prisma/schema'], 'prisma/schema')
    const inPackage = { 'package.json': '{"prisma":{"schema":"db"}}', 'prisma/schema.prisma': '' }
    check(inPackage, ['db'], 'db')
    check({ ...inPackage, 'package.json': '{"prisma":' }, ['db'], 'prisma/schema.prisma')
    check({ ...inPackage, 'prisma.config.ts': 'export default { schema: "./models" }' }, ['db', 'models'], 'models')
  })

  it('uses the nearest policy upward, else the nearest package, and nothing beyond the workspace or repository', () => {
    const root = (...files: string[]) =>
      findProjectRoot('/w/backend/prisma/schema.prisma', '/w', (file) => (files.includes(file) ? '' : null))
    assert.equal(root(), '/w/backend/prisma')
    assert.equal(root('/w/backend/package.json', '/w/package.json'), '/w/backend')
    assert.equal(root('/w/backend/prisma.config.ts', '/w/package.json'), '/w/backend')
    assert.equal(root('/w/backend/package.json', '/w/prisma-audit.json'), '/w')
    assert.equal(root('/w/backend/package.json', '/prisma-audit.json'), '/w/backend')
    assert.equal(root('/w/backend/.git/HEAD', '/w/prisma-audit.json'), '/w/backend/prisma')
  })
})
