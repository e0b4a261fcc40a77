import assert from 'node:assert/strict'
import path from 'node:path'
import { clientsOfApplication } from '../../../server/src/actor/clients-of-application'
import { handsOutClient } from '../../../server/src/actor/shared-client'
import { inProcessorSeconds } from '../../support/processor-time'

describe('actor: the clients next to which the module may go', () => {
  const root = path.resolve('/work/app')
  const offered = (schema: string, files: Readonly<Record<string, 'exports' | 'exports nothing'>>) => {
    const clients = Object.entries(files).map(([file, kind]) => ({
      ...{ file: path.join(root, file), line: 1, isClass: false },
      isScript: kind === 'exports nothing' || file.includes('seed'),
    }))
    const place = { root, schemaPath: path.join(root, schema), packages: [path.join(root, 'packages/prisma')] }
    return clientsOfApplication(clients, place).map(({ file }) => path.relative(root, file).split(path.sep).join('/'))
  }

  it('no seeds, and prisma/ and files that export nothing only where there is no other', () => {
    const aside = { 'prisma/seed.ts': 'exports', 'scripts/seeder/client.ts': 'exports nothing' } as const
    const beside = { 'prisma/client.ts': 'exports', ...aside } as const
    const script = { 'src/main.ts': 'exports nothing', ...beside } as const
    const schema = 'prisma/schema.prisma'
    assert.deepEqual(offered(schema, { 'src/db.ts': 'exports', ...script }), ['src/db.ts'])
    assert.deepEqual(offered(schema, script), ['src/main.ts'])
    assert.deepEqual(offered(schema, beside), ['prisma/client.ts'])
    assert.deepEqual(offered(schema, aside), [])
  })

  it(
    'a file that hands the client on from name to name is read in linear time: 4,000 names took minutes',
    inProcessorSeconds(10, () => {
      const names = Array.from({ length: 4000 }, (_, index) => `const db${index + 1} = db${index}`).join('\n')
      const text = `const db0 = new PrismaClient()\n${names}\nexport { db3 }\n`
      assert.ok(handsOutClient(text, text.indexOf('new PrismaClient')))
      const exported = `${'export '.repeat(100_000)};\nnew PrismaClient()`
      assert.ok(!handsOutClient(exported, exported.indexOf('new PrismaClient')))
    }),
  )

  it('a package that is called prisma is of the application', () => {
    const files = { 'packages/prisma/src/index.ts': 'exports', 'apps/api/src/db.ts': 'exports' } as const
    assert.deepEqual(offered('packages/prisma/postgresql/schema.prisma', files), Object.keys(files))
  })

  it('a service in src/prisma, and a client among sources with the schema, are of the application', () => {
    const service = { 'src/prisma/prisma.service.ts': 'exports' } as const
    assert.deepEqual(offered('prisma/schema.prisma', service), Object.keys(service))
    const client = { 'packages/db/src/client.ts': 'exports' } as const
    assert.deepEqual(offered('packages/db/src/schema.prisma', client), Object.keys(client))
  })
})
