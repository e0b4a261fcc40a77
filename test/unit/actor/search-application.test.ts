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
      'prisma/seed.ts',
      'web/src/__tests__/client.ts',
      'web/src/db.test.ts',
      'web/src/latest/db.ts',
    ]
    for (const file of files) {
      fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
      fs.writeFileSync(path.join(root, file), 'export const db = new PrismaClient({ adapter })\n')
    }
    const { clients } = await searchApplication(root)
    const found = clients.map(({ file }) => path.relative(root, file).split(path.sep).join('/'))
    assert.deepEqual(found.slice(0, 2), ['packages/shared/src/db.ts', 'web/src/latest/db.ts'])
    assert.deepEqual(found.slice().sort(), files)
  })
})
