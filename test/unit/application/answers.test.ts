import assert from 'node:assert/strict'
import { addition, answer, SCHEMA } from './support'

const TYPE = `export interface Lead { id: number; name: string; email: string; status: string; createdAt: string }`

/** Of `src/types.ts`, beside what answers the records: its names, and whether they come ticked. */
function ofType(service: string, question: Parameters<typeof answer>[1] = {}): readonly (string | boolean)[] {
  const { edits } = answer(TYPE, { path: 'src/types.ts', others: { 'src/leads.service.ts': service }, ...question })
  return edits
    .filter(({ file }) => file === 'src/types.ts')
    .flatMap(({ names, isTicked }) => [names.join(' '), isTicked])
}

/** A check of who may see the records, beside what lists them. */
const GUARD = "authorize(user, 'SALES')\n"
const SELECT = 'select: { id: true, name: true, createdAt: true }'
const LISTED = `export const leads = () => prisma.lead.findMany({ ${SELECT} })`

describe('application: a type shows what the application answers', () => {
  it('is ticked beside whole records, and beside a select that is', () => {
    for (const service of [`${GUARD}export const leads = () => prisma.lead.findMany()`, LISTED]) {
      assert.deepEqual(ofType(service), ['ownerId', true])
    }
  })

  it('is ticked only if a list of the records checks a role, in its file, in its folder or in another layer', () => {
    const list = 'export const leads = () => prisma.lead.findMany()'
    const ticked = (others: Record<string, string>) =>
      answer(TYPE, { path: 'web/types.ts', others }).edits.find(({ file }) => file === 'web/types.ts')?.isTicked
    const guards = [
      '@Roles(Role.ADMIN, Role.SALES) @Get() list() {}',
      "router.get('/', authenticate, authorize('manager'), list)",
      "if (!hasPermission(user, 'leads.read')) return forbidden()",
      "if (session.user.role !== 'MANAGER') redirect('/')",
      'await requireRole(request, roles)',
    ]
    for (const guard of guards) {
      assert.equal(ticked({ 'api/leads.service.ts': `${guard}\n${list}` }), true, guard)
      assert.equal(ticked({ 'api/leads/leads.service.ts': list, 'api/leads/access.ts': guard }), true, guard)
      assert.equal(ticked({ 'api/services/lead.service.ts': list, 'api/routes/leadRoutes.ts': guard }), true, guard)
      assert.equal(ticked({ 'api/leads/leads.service.ts': list, 'api/orders/orders.controller.ts': guard }), false)
      assert.equal(
        ticked({
          'api/leads.service.ts': `${guard}\nprisma.lead.findFirst({ where: { id } })\nprisma.user.findMany()`,
        }),
        false,
      )
    }
    for (const open of ['await requireUser()', 'const role = user.role', '@Role', 'isAdministrative']) {
      assert.equal(ticked({ 'api/leads.service.ts': `${open}\n${list}` }), false, open)
    }
  })

  it('is ticked for users that are listed at all, with their e-mail addresses', () => {
    const type = (email: string) =>
      `export interface User { id: number; name: string; ${email}role: string; createdAt: string }`
    const ticked = (read: string, email = 'email: string; ') =>
      answer(type(email), {
        path: 'web/types.ts',
        additions: [addition('User', 'updatedBy'), addition('Lead', 'ownerId')],
        others: { 'api/users.ts': read },
      }).edits[0]?.isTicked
    assert.equal(ticked('export const users = () => prisma.user.findMany()'), true)
    assert.equal(ticked('export const users = () => prisma.user.findMany()', ''), false)
    assert.equal(ticked('export const leads = () => prisma.lead.findMany()'), false)
  })

  it('comes unticked beside a select that does', () => {
    const forOne = LISTED.replace('{ select', '{ where: { slug }, select')
    assert.deepEqual(ofType(forOne), ['ownerId', false])
    // Whole records beside lookups, short lists and lists in other records.
    for (const other of [
      'export const names = () => prisma.lead.findMany({ select: { id: true, name: true } })',
      LISTED.replace('{ select', '{ take: 5, select'),
    ]) {
      assert.deepEqual(ofType(`${GUARD}${other}`), ['ownerId', true])
    }
  })

  for (const made of [
    'export function toLead(row: Row): Lead { return { id: row.id, name: row.name } }',
    'export const toLead = (row: Row): LeadDto => ({ id: row.id, name: row.name })',
    'class Leads { private entityOf(row: Row): LeadEntity { return new LeadEntity(row.id, row.name, null) } }',
  ]) {
    it(`comes unticked beside a function that makes such records: ${made}`, () => {
      assert.deepEqual(ofType(`${GUARD}prisma.lead.findMany()\n${made}`), ['ownerId', false])
    })
  }

  it('comes unticked if a function writes out the dates of such records, which would not compile', () => {
    const service = (createdAt: string) =>
      `export async function leads(): Promise<Page<Lead>> { const rows = await prisma.lead.findMany({ ${SELECT} })
return { rows: rows.map((row) => ({ ...row, createdAt: ${createdAt} })) } }`
    const question = { additions: [addition('Lead', 'updatedAt')] }
    assert.deepEqual(ofType(service('row.createdAt.toISOString()'), question), ['updatedAt', false])
    assert.deepEqual(ofType(service('shown(row.createdAt)'), question), ['updatedAt', true])
  })

  it('comes unticked for records that can be public, as do their selects, except where administrators look', () => {
    const schema = SCHEMA.replace('status    String', 'isPublic  Boolean\n  status    String')
    const select = `export const leads = () => prisma.lead.findMany({ select: { id: true, name: true, isPublic: true, createdAt: true } })`
    for (const [path, isTicked] of [
      ['src/leads.ts', false],
      ['src/admin/leads.ts', true],
    ] as const) {
      const { edits } = answer(select, { path, schema })
      assert.deepEqual(
        edits.map((edit) => edit.isTicked),
        [isTicked],
      )
    }
  })

  it('is ticked beside a function that hands all of a record on', () => {
    for (const whole of ['{ ...row, isNew: true }', 'new LeadEntity(row)']) {
      assert.deepEqual(ofType(`export function toLead(row: Row): LeadEntity { return ${whole} }`), ['ownerId', true])
    }
  })

  it('has the keys of users, unless a select that is ticked asks for the users', () => {
    const schema = SCHEMA.replace('model Lead {', 'model Lead {\n  notes Note[]').concat(
      'model Note {\n  id Int @id\n  text String\n  leadId Int\n  lead Lead @relation(fields: [leadId], references: [id])\n}\n',
    )
    const question = { schema, additions: [addition('Lead', 'updatedBy')] }
    assert.deepEqual(ofType(LISTED, question), ['updatedBy', true])
    const inside = `export const notes = () => prisma.note.findMany({ select: { id: true, lead: { ${SELECT} } } })`
    assert.deepEqual(ofType(inside, question), ['updatedById', true])
  })
})
