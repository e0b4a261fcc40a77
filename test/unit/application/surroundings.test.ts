import assert from 'node:assert/strict'
import { addition, answer, FIND, SCHEMA } from './support'

const TYPE = `export interface Lead { id: number; name: string; email: string; status: string; createdAt: string }`
const LIST = `export const list = () => ${FIND}`
/** A select that comes selected, and who requests it. */
const ADMIN = {
  'api/admin/leads.ts': LIST,
  'web/leads.ts': `import { list } from '../api/admin/leads'
import type { Lead, LeadDto } from './types'
export const leads = async (): Promise<(Lead | LeadDto)[]> => list()`,
}

function ticked(text: string, path: string, others: Readonly<Record<string, string>>): boolean | undefined {
  return answer(text, { path, others }).edits.find(({ file }) => file === path)?.isTicked
}

describe('application: a type follows a select', () => {
  it('comes selected only where a selected select answers such records', () => {
    assert.equal(ticked(TYPE, 'web/types.ts', ADMIN), true)
    for (const list of [
      '',
      'export const list = () => prisma.lead.findMany()',
      LIST.replace('{ select', '{ take: 5, select'),
      LIST.replace('lead', 'user'),
      `${LIST}\nexport const all = list`.replace('list =', 'other ='),
    ]) {
      assert.equal(ticked(TYPE, 'web/types.ts', { ...ADMIN, 'api/admin/leads.ts': list }), false, list)
    }
  })

  it('and only where the code that gets the answer has the type', () => {
    const seen = (importing: string, path = 'web/types/lead.ts') =>
      ticked(TYPE, path, {
        'api/admin/leads.ts': LIST,
        'web/leads.ts': `import { list } from '../api/admin/leads'\n${importing}`,
      })
    const use = (type: string) => `export const leads = async (): Promise<${type}[]> => list()`
    assert.equal(seen(use('Lead')), false, 'another Lead')
    for (const importing of [
      `import type { Lead } from './types/lead'\n${use('Lead')}`,
      `import { type User, type Lead as Row } from '@/types/lead.js'\n${use('Row')}`,
      `import { Lead } from '~/types'\n${use('Lead')}`,
      `import { Lead } from '@acme/types'\n${use('Lead')}`,
    ]) {
      assert.equal(seen(importing), true, importing)
    }
    for (const other of [
      `import { Lead } from 'lucide-react'\n${use('Lead')}`,
      `import { Lead } from '@prisma/client'\n${use('Lead')}`,
      `import { User } from './types/lead'\n${use('User')}`,
      `import type { Lead } from './types/lead'\n${use('unknown')}\nexport const one = (lead: Lead) => lead.id`,
    ]) {
      assert.equal(seen(other), false, other)
    }
  })

  it('follows it to a class, but not to GraphQL, whose resolvers are not followed', () => {
    const dto = `export class LeadDto { id!: number; name!: string; email!: string; status!: string; createdAt!: Date }`
    assert.equal(ticked(dto, 'web/types.ts', ADMIN), true)
    const sdl = `type Lead { id: ID! name: String! email: String! createdAt: String! }`
    assert.equal(ticked(sdl, 'api/admin/schema.graphql', ADMIN), false)
  })

  it('comes unselected where a constructor or a function lists its members', () => {
    const made = (constructor: string) =>
      `export class LeadDto { id!: number; name!: string; email!: string; status!: string; createdAt!: Date; ${constructor} }`
    const one = 'this.id = lead.id; this.name = lead.name; this.createdAt = lead.createdAt!'
    const path = 'web/types.ts'
    assert.equal(ticked(made(`constructor(lead: Partial<Lead>) { ${one} }`), path, ADMIN), false)
    assert.equal(ticked(made(`static of(lead: Lead) { return Object.assign(new LeadDto(), lead) }`), path, ADMIN), true)
    const row = `export interface LeadDto { id: number; name: string; email: string; status: string; createdAt: Date }`
    const listed = `export function toLead(row: Row): LeadDto { return { id: row.id, name: row.name } }`
    assert.equal(ticked(`${row}\n${listed}`, path, ADMIN), false)
    assert.equal(ticked(`${row}\n${listed.replace('id: row.id', '...row')}`, path, ADMIN), true)
    const others = { ...ADMIN, 'web/leads.ts': ADMIN['web/leads.ts'].replace('types', 'lead.serializers') }
    assert.equal(ticked(row, 'web/lead.serializers.ts', others), false)
    assert.equal(
      ticked(row, 'web/lead.types.ts', {
        ...others,
        'web/leads.ts': others['web/leads.ts'].replace('serializers', 'types'),
      }),
      true,
    )
  })

  it('comes unselected if a function writes out the dates of such records, which would not compile', () => {
    const service = (createdAt: string) =>
      `export async function leads(): Promise<Page<Lead>> { const rows = await ${FIND}
return { rows: rows.map((row) => ({ ...row, createdAt: ${createdAt} })) } }`
    assert.equal(ticked(TYPE, 'web/types.ts', { ...ADMIN, 'api/a.ts': service('shown(row.createdAt)') }), true)
    const written = { ...ADMIN, 'api/a.ts': service('row.createdAt.toISOString()') }
    assert.equal(ticked(TYPE, 'web/types.ts', written), false)
  })

  it('comes unselected where code creates such records and none changes them', () => {
    const path = 'api/admin/leads.ts'
    const seen = (...writes: string[]) => ticked(LIST, path, { 'api/write.ts': writes.join('\n') })
    const create = `export const add = (data) => prisma.lead.create({ data })`
    assert.equal(seen(), true, 'who writes it is unknown')
    assert.equal(seen(create), false)
    assert.equal(seen(create.replace('create', 'createMany'), `prisma.lead.deleteMany({ where: {} })`), false)
    for (const change of ['update', 'updateMany', 'updateManyAndReturn', 'upsert'])
      assert.equal(seen(create, `export const set = (args) => prisma.lead.${change}(args)`), true, change)
    assert.equal(seen(create, `prisma.user.update({ data: { role: 'a' } })`), false, 'another model')
    assert.equal(ticked(LIST, path, { 'api/lead.test.ts': create }), true, 'a test')
  })

  it('knows changes inside of the data of another record', () => {
    const schema = SCHEMA.replace(
      'model Lead {',
      'model Lead {\n  userId Int?\n  user User? @relation(fields: [userId], references: [id])',
    ).replace('model User {', 'model User {\n  leads Lead[]')
    const seen = (written: string) =>
      answer(LIST, {
        path: 'api/admin/leads.ts',
        schema,
        others: {
          'api/write.ts': `prisma.lead.create({ data })`,
          'api/user.ts': `prisma.user.update({ data: { ${written} } })`,
        },
      }).edits[0]?.isTicked
    assert.equal(seen('leads: { deleteMany: {} }'), false)
    assert.equal(seen('leads: { create: [data], updateMany: { where, data } }'), true)
  })

  it('has the keys of users, unless an offered select asks for the users', () => {
    const schema = SCHEMA.replace('model Lead {', 'model Lead {\n  notes Note[]').concat(
      'model Note {\n  id Int @id\n  text String\n  leadId Int\n  lead Lead @relation(fields: [leadId], references: [id])\n}\n',
    )
    const names = (service: string) =>
      answer(TYPE, {
        path: 'src/types.ts',
        schema,
        additions: [addition('Lead', 'updatedBy')],
        others: { 'src/leads.ts': service },
      })
        .edits.filter(({ file }) => file === 'src/types.ts')
        .map(({ names: added }) => added.join(' '))
    assert.deepEqual(names(LIST), ['updatedBy'])
    assert.deepEqual(names('export const list = () => prisma.lead.findMany()'), ['updatedById'])
    const inside = `export const notes = () => prisma.note.findMany({ select: { id: true, lead: { select: { id: true, name: true, createdAt: true } } } })`
    assert.deepEqual(names(inside), ['updatedById'])
  })
})
