import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { searchApplication } from '../../../server/src/actor/search-application'

describe('actor: where the application creates its client', () => {
  let root: string
  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-clients-'))
  })
  afterEach(() => {
    fs.rmSync(root, { recursive: true, force: true })
  })

  it('puts seeds, scripts and tests behind the application, though they export and come first by name', async () => {
    const files = [
      'packages/shared/scripts/seeder/client.ts',
      'packages/shared/src/db.ts',
      'packages/testcontainers/src/index.ts',
      'prisma/seed.ts',
      'web/src/__tests__/client.ts',
      'web/src/db.test.ts',
      'web/src/latest/db.ts',
    ]
    for (const file of files) {
      fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
      fs.writeFileSync(path.join(root, file), 'export const db = new PrismaClient({ adapter })\n')
    }
    fs.writeFileSync(
      path.join(root, 'packages/shared/src/a.ts'),
      '// A replica is a `new PrismaClient(…)`, too.\nexport {}\n',
    )
    const { clients } = await searchApplication(root)
    const found = clients.map(({ file }) => path.relative(root, file).split(path.sep).join('/'))
    assert.deepEqual(found.slice(0, 2), ['packages/shared/src/db.ts', 'web/src/latest/db.ts'])
    assert.deepEqual(found.slice().sort(), files)
  })

  it('puts a client that a file hands out before those that routes keep to themselves', async () => {
    const handlers = 'export const GET = handler(async () => {\n  return await db.user.findMany()\n})\n'
    const router =
      'router.get("/", async (_, answer) => answer.json(await db.$transaction([])))\nmodule.exports = router\n'
    const login = 'let db\nfunction client() {\n  const adapter = a()\n  db = new PrismaClient()\n  return db\n}\n'
    const own = {
      'src/a/route.ts': `const db = new PrismaClient()\n${handlers}`,
      'src/b/auth.ts': `${login}export const auth = betterAuth({\n  database: prismaAdapter(client()),\n})\n`,
      'src/b/setup.ts':
        'export async function POST() {\n  const db = new PrismaClient()\n  return db.user.count()\n}\n',
      'src/b/users.js': `const db = new PrismaClient()\n${router}`,
    }
    const create = 'const createClient = () => {\n  return new PrismaClient()\n}\n'
    const kept = 'const kept = globalThis as { db?: PrismaClient }\nif (!kept.db) kept.db = new PrismaClient()\n'
    const handedOut = {
      'src/lib/assigned.ts':
        'let db: PrismaClient\nif (isLive) {\n  const adapter = a()\n  db = new PrismaClient()\n}\nexport { a, db as prisma }\n',
      'src/lib/common.js': 'const db = new PrismaClient()\nmodule.exports = { db }\n',
      'src/lib/db.ts': 'export const db =\n  globalThis.db ??\n  new PrismaClient({ adapter })\n',
      'src/lib/default.ts': `${create}const db =\n  globalThis.db ?? createClient()\nexport default db\n`,
      'src/lib/function.ts': 'export function client() {\n  const db = new PrismaClient()\n  return db\n}\n',
      'src/lib/kept.ts': `${kept}export const db = kept.db\n`,
      'src/lib/listed.ts': 'const db = new PrismaClient()\nexport {\n  db,\n}\n',
      'src/lib/service.ts': 'export class PrismaService extends PrismaClient {}\n',
    }
    for (const [file, text] of Object.entries({ ...own, ...handedOut })) {
      fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
      fs.writeFileSync(path.join(root, file), text)
    }
    const { clients } = await searchApplication(root)
    const found = clients.map(({ file }) => path.relative(root, file).split(path.sep).join('/'))
    assert.deepEqual(found, [...Object.keys(handedOut), ...Object.keys(own)])
  })
})
