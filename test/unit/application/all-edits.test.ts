import assert from 'node:assert/strict'
import { addition, answer, FIND, SELECT, verdict } from './support'

describe('application: code compiles after all edits, selected or not', () => {
  it('offers nothing for a select whose record is replaced by an object', () => {
    const page = (replaced: string) =>
      verdict(
        `export async function get() { let lead = await prisma.lead.findFirst(${SELECT}); ${replaced} return lead }`,
      )
    assert.equal(page("if (!lead) lead = { id: 0, name: '', createdAt: now }"), 'left out')
    assert.equal(page('if (!lead) lead = await load()'), 'ticked')
    assert.equal(page('{ let lead; lead = null }'), 'ticked')
  })

  it('offers nothing for a validation whose values are written', () => {
    const offered = (use: string) =>
      answer(`import { z } from 'zod'
const leadSchema = z.object({ id: z.number(), name: z.string(), email: z.string(), createdAt: z.date() })
export const save = (body) => { ${use} }`).edits.length
    assert.equal(offered('const data = leadSchema.parse(body); return prisma.lead.create({ data })'), 0)
    assert.equal(offered('const data = leadSchema.parse(body); return data'), 1)
    assert.equal(offered('return prisma.lead.create({ data: { name: body.name } })'), 1)
  })

  it('offers no select that makes a type of rows that others read without the fields', () => {
    const lists = (others: string) => `export async function list() { return ${FIND} }\n${others}`
    const offered = (others: string, type = 'export type Row = Awaited<ReturnType<typeof list>>[number]') => {
      const path = 'src/admin/leads.ts'
      const { edits } = answer(lists(others), {
        path,
        others: { 'src/types.ts': `import { list } from './leads'\n${type}` },
      })
      return edits.map(({ isTicked }) => (isTicked ? 'ticked' : 'unticked')).join(' ')
    }
    const picked = `export async function one(id) { const lead = await ${FIND.replace('findMany', 'findFirst')}; return lead?.name }`
    const stored = `export async function ofUser(id) { const lead = await ${FIND}; return toRow(lead) }`
    const other = 'export async function names() { return prisma.lead.findMany({ select: { id: true, name: true } }) }'
    assert.equal(offered(''), 'ticked')
    assert.equal(offered(picked), '', 'its rows do not get the fields')
    assert.equal(offered(picked, 'export type Row = ReturnType<typeof other>'), 'ticked')
    assert.equal(offered(picked, 'export type Row = ReturnType<typeof users.list>'), 'ticked')
    assert.equal(offered(stored), 'unticked unticked', 'they do, if both are chosen')
    assert.equal(offered(`${other}\nexport async function all() { return ${FIND} }`), 'ticked ticked')
  })

  it('notes an input with a key that belongs to a relation now', () => {
    const notes = (text: string) => answer(text, { additions: [addition('Lead', 'updatedBy')] }).notes
    const found = (type: string) =>
      `Prisma.${type} has no updatedById any more; write updatedBy: { connect: { … } }, or use Prisma.Lead`
    assert.deepEqual(notes('const data: Prisma.LeadUpdateInput = { name,\n updatedById: id }'), [
      `source.ts:2: ${found('LeadUpdateInput')}UncheckedUpdateInput`,
    ])
    assert.deepEqual(notes('const data: Prisma.LeadCreateInput = { name }\ndata.updatedById = id'), [
      `source.ts:2: ${found('LeadCreateInput')}UncheckedCreateInput`,
    ])
    for (const other of [
      'const data: Prisma.LeadUncheckedUpdateInput = { updatedById: id }',
      'const data: Prisma.LeadUpdateManyMutationInput = { updatedById: id }',
      'const data: Prisma.LeadUpdateInput = { name }; other.updatedById = id',
      'const data: Prisma.UserUpdateInput = { updatedById: id }',
    ])
      assert.deepEqual(notes(other), [], other)
  })
})

describe('application: a component that writes records into its own markup', () => {
  const page = (shown: string, read = FIND) =>
    verdict(
      `export default async function Page() { await requireAdmin(); const leads = await ${read}; return ${shown} }`,
      'src/admin/page.tsx',
    )

  it('is offered, unselected', () => {
    assert.equal(page('<table>{leads.map((lead) => <tr>{lead.name}{format(lead.createdAt)}</tr>)}</table>'), 'unticked')
    assert.equal(page('<p>{lead.name}</p>', `prisma.lead.findFirst(${SELECT})`.replace('await', '')), 'left out')
    assert.equal(page('<p>{leads.name}</p>', `prisma.lead.findFirst(${SELECT})`), 'unticked')
  })

  it('is not, where nothing says that it is for administrators, nor where it only asks for something', () => {
    const open = `export default async function Page() { const leads = await ${FIND}; return <p>{leads[0].createdAt}</p> }`
    assert.equal(verdict(open, 'src/app/gallery/page.tsx'), 'left out')
    assert.equal(page('<p>{leads.length}</p>'), 'left out')
    assert.equal(page('leads[0].name ? <p /> : null'), 'left out')
    assert.equal(page('<p>{leads[0].name}</p>', FIND.replace(', createdAt: true', '')), 'left out')
  })
})
