import fs from 'node:fs'
import path from 'node:path'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { usePostgres } from '../../support/postgres'
import { createProject } from './support/project'
const read = (name: string) => fs.readFileSync(path.join(__REPOSITORY__, 'sample', name), 'utf8')
describe('bench', () => {
  const server = usePostgres()
  it('1M', async function () {
    this.timeout(300000)
    const mk = () => createProject(server, { schema: read('backend/prisma/schema.prisma'), policy: JSON.parse(read('prisma-audit.json')) as unknown,
      sql: `INSERT INTO "User" (id, email, name) VALUES (9, 'i', 'I'); INSERT INTO "Lead" (name, email) SELECT 'name ' || i, i || '@example.com' FROM generate_series(1, 1000000) AS i` })
    const p = await mk(); let start = 0; let end = 0
    await p.database.query('VACUUM ANALYZE "Lead"')
    await runPlan({ url: p.url, plan: await p.plan(), onProgress: ({ step }) => { if (step.kind === 'populate') { if (!start) start = Date.now() } else if (start && !end) end = Date.now() } })
    const q = await mk()
    await q.database.query('VACUUM ANALYZE "Lead"')
    await q.database.query('ALTER TABLE "Lead" ADD "ownerId" integer; ALTER TABLE "Lead" ADD FOREIGN KEY ("ownerId") REFERENCES "User" (id)')
    const s = Date.now(); await q.database.query('UPDATE "Lead" SET "ownerId" = (SELECT id FROM "User" ORDER BY id LIMIT 1)')
    console.log('batches', end - start, 'plain', Date.now() - s)
  })
})
