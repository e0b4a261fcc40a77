import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { actorMissing } from '../../../server/src/audit/actor-missing'
import { parsePolicy } from '../../../server/src/audit-fields/parse-policy'
import { findActorGap, wantsActor } from '../../../server/src/project/actor-gap'
import { ProjectPaths } from '../../../server/src/project/project-paths'
import { parseSchema } from '../../../server/src/schema/parse-schema'

const SCHEMA = `model User {
  id Int @id
  leads Lead[]
}
model Lead {
  id Int @id
  updatedById Int? @map("updated_by")
  updatedBy User? @relation(fields: [updatedById], references: [id])
}`

const CLIENT = 'export const db = new PrismaClient({ adapter })\n'
const WRITE = 'await db.lead.update({ where: { id }, data: { name } })\n'

describe('actor-missing', () => {
  let folder: string
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'prisma-audit-gap-'))
  })
  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true })
  })

  async function gapOf(files: Readonly<Record<string, string>>, policyText = POLICY): Promise<string | null> {
    fs.rmSync(folder, { recursive: true, force: true })
    for (const [name, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
      fs.writeFileSync(path.join(folder, name), text)
    }
    const { policy } = parsePolicy(policyText)
    assert.ok(policy !== null)
    if (!wantsActor(policy)) return null
    const schema = parseSchema([{ path: 'schema.prisma', text: SCHEMA }])
    const gap = await findActorGap(schema, policy, [], {
      paths: new ProjectPaths(folder, folder),
      schemaPath: path.join(folder, 'schema.prisma'),
    })
    return gap === null ? null : actorMissing(gap, { path: 'prisma-audit.json', text: policyText }).message
  }

  it('is told where an application writes and nothing fills the fields, however they are read', async () => {
    const expected = 'No application code fills updatedById. "prisma-audit actor" writes a module that does.'
    assert.equal(await gapOf({ 'src/db.ts': CLIENT, 'src/a.ts': WRITE }), expected)
    const reading = [
      'select: { updatedById: true, updatedBy: { select: { name: true } } }',
      'interface Lead { updatedById: number | null; updatedBy?: User }',
      'type X = {\n  updatedById: number\n  updatedBy: User | null\n}',
      'class LeadDto { updatedById: string; updatedBy: UserDto }',
      'const lead = z.object({ updatedById: z.number().nullable() })',
      'if (lead.updatedById === user.id) render(lead.updatedBy?.name)',
      'if ((lead.updatedById ?? lead.updatedById) == user.id) render()',
      'db.$extends({ result: { lead: { link: { compute: ({ id }) => url(id) } } } })',
    ]
    for (const text of reading)
      assert.equal(await gapOf({ 'src/db.js': CLIENT, 'src/a.ts': WRITE + text }), expected, text)
    const unused = { 'src/db.ts': CLIENT, 'src/a.ts': WRITE, 'src/who.ts': '// <prisma-audit models>\n' }
    assert.match((await gapOf(unused)) ?? '', /^No Prisma client uses src\/who\.ts, so no code fills updatedById\./)
  })

  it('is never told where some code might fill them, or the application is not here', async () => {
    const writing = [
      'data: { updatedById: user.id }',
      'data: { name, updatedById }',
      'data: { updatedById: SYSTEM_USER }',
      'data: { updatedById: SystemUser, name }',
      'data.updatedById = user.id',
      'data.updatedById ??= user.id',
      'data.updatedById ||= user.id',
      'db.$extends({ query: { $allOperations: ({ args, query }) => query({ ...args, data: { ...args.data, [by(model)]: id } }) } })',
      "data['updatedById'] = user.id",
      'data: { updatedBy: { connect: { id } } }',
      "for (const field of ['updatedById']) data[field] = actor",
      'sql`UPDATE lead SET updated_by = ${id}`',
      'INSERT INTO lead ("updated_by")',
      'db.$extends(auditActor)',
      "import * as actor from './audit-actor'",
    ]
    for (const text of writing) assert.equal(await gapOf({ 'src/db.ts': CLIENT, 'src/a.ts': WRITE + text }), null, text)
    const elsewhere: Readonly<Record<string, string>>[] = [
      {},
      { 'prisma/seed.ts': CLIENT + WRITE },
      { 'src/db.ts': CLIENT },
      { 'src/a.ts': WRITE },
      { 'test/db.ts': CLIENT, 'src/a.ts': WRITE },
      { 'node_modules/x/index.js': CLIENT, 'src/a.ts': WRITE },
    ]
    for (const files of elsewhere) assert.equal(await gapOf(files), null, JSON.stringify(files))
    const application = { 'src/db.ts': CLIENT, 'src/a.ts': WRITE }
    assert.equal(
      await gapOf(application, '{ "rules": [{ "models": ["Lead"], "require": ["updatedAt", "ownerId"] }] }'),
      null,
    )
    assert.equal(await gapOf(application, POLICY.replace('{', '{ "actor": { "trigger": true },')), null)
  })
})

const POLICY = '{ "rules": [{ "models": ["Lead"], "require": ["updatedBy"] }] }'
