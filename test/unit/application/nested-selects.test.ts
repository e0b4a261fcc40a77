import assert from 'node:assert/strict'
import { answer, apply, check } from './support'

describe('application: nested and shared selects', () => {
  const schema = `model User {
  id Int @id
  name String
  createdAt DateTime
  leads Lead[]
}
model Lead {
  id Int @id
  name String
  createdAt DateTime
  user User @relation(fields: [userId], references: [id])
  userId Int
}`

  it('finds selects inside of selects and includes, by the relations of the schema', () => {
    for (const part of ['select: { id: true,', 'include: {']) {
      const { edits } = answer(
        `export const users = () => prisma.account.findMany({ ${part} leads: { select: { id: true, name: true, createdAt: true } } } })`,
        { schema },
      )
      assert.deepEqual(
        edits.map(({ title, isTicked }) => [title, isTicked]),
        // Whoever reads the record around them may not ask who changed them.
        [['Add ownerId to the select of leads in prisma.account.findMany', false]],
      )
    }
  })

  it('leaves include and omit as they are', () => {
    for (const untouched of [
      `export default prisma.user.findMany({ include: { leads: true } })`,
      `export default prisma.user.findMany({ omit: { updatedAt: true } })`,
      `export default prisma.user.findMany({ include: { leads: { omit: { ownerId: true } } } })`,
    ]) {
      assert.deepEqual(answer(untouched, { schema }), { edits: [], notes: [] })
    }
  })

  for (const typed of [
    (object: string) => `export const leadSelect = ${object} satisfies Prisma.LeadSelect`,
    (object: string) => `export const leadSelect: Prisma.LeadSelect = ${object}`,
    (object: string) => `export const leadSelect = Prisma.validator<Prisma.LeadSelect>()(${object})`,
    (object: string) => `export const leadSelect = Prisma.validator(prisma, 'lead', 'findMany', 'select')(${object})`,
    (object: string) => `export const args = { select: ${object} } satisfies Prisma.LeadFindManyArgs`,
  ]) {
    it(`knows ${typed('…')}`, () =>
      check(
        typed('{ id: true, name: true, createdAt: true }'),
        typed('{ id: true, name: true, createdAt: true, ownerId: true }'),
        { schema },
      ))
  }

  it('edits a constant once, where it stands, however many selects are made of it', () => {
    const source = `const base = { id: true, name: true, createdAt: true }
export const a = () => prisma.lead.findMany({ select: { ...base, email: true } })
export const b = () => prisma.lead.findMany({ select: base })`
    check(source, source.replace('createdAt: true', 'createdAt: true, ownerId: true'))
  })

  it('selects by itself a constant that is only for administrators', () => {
    const use = `import { base } from './select'\nexport const list = () => prisma.lead.findMany({ select: base })`
    const ticked = (...paths: string[]) =>
      answer(`export const base = { id: true, name: true, createdAt: true }`, {
        path: 'src/select.ts',
        others: Object.fromEntries(paths.map((path) => [path, use.replace('./select', '@/select')])),
      }).edits.map(({ isTicked }) => isTicked)
    assert.deepEqual(ticked('src/admin/leads.ts', 'src/admin/more.ts'), [true])
    assert.deepEqual(ticked('src/admin/leads.ts', 'src/leads.ts'), [false])
  })

  it('edits the selects where a constant serves two models', () => {
    const source = `const base = { id: true, name: true, createdAt: true }
export const leads = () => prisma.lead.findMany({ select: { ...base, email: true } })
export const users = () => prisma.user.findMany({ select: { ...base, updatedAt: true } })`
    assert.equal(
      apply(source, answer(source)),
      source
        .replace('email: true', 'email: true, ownerId: true')
        .replace('updatedAt: true', 'updatedAt: true, updatedBy: { select: { id: true, name: true } }'),
    )
  })

  it('sees conditional parts, and edits both sides of a choice', () => {
    const parts = `export const a = () => prisma.lead.findMany({ select: { id: true, name: true, createdAt: true, ...(isAdmin && { ownerId: true }) } })`
    assert.deepEqual(answer(parts).edits, [])
    const sides = `export const a = () => prisma.lead.findMany({ select: full ? { id: true, name: true, createdAt: true } : { name: true, email: true, createdAt: true } })`
    assert.equal(answer(sides).edits.length, 2)
  })

  it('follows imports, with aliases of paths and through index files', () => {
    const files = {
      'src/lib/selects/lead.ts': `export const leadSelect = { id: true, name: true, createdAt: true }`,
      'src/lib/selects/index.ts': `export * from './lead'`,
      'src/a.ts': `import { leadSelect } from '@/lib/selects'\nexport const a = () => prisma.lead.findMany({ select: leadSelect })`,
      'src/b.ts': `import * as selects from './lib/selects'\nexport const b = () => prisma.lead.findMany({ select: { ...selects.leadSelect, email: true } })`,
    }
    const { edits, notes } = answer('', { path: 'src/main.ts', others: files })
    assert.deepEqual(notes, [])
    assert.deepEqual(
      edits.map(({ file, newText }) => [file, newText]),
      [['src/lib/selects/lead.ts', ', ownerId: true']],
    )
  })
})
