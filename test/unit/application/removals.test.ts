import assert from 'node:assert/strict'
import { SCHEMA, addition, apply, removals } from './support'
import { inProcessorSeconds } from '../../support/processor-time'

// That what the edits write is taken back byte for byte is asked of each of their tests (`check` in support.ts).
describe('application: edits are taken back', () => {
  const select = (fields: string) => `prisma.user.findMany({ select: { id: true, name: true${fields} } })\n`

  it('wherever they stand and however they were formatted since', () => {
    const formatted = `prisma.user.findMany({
  select: {
    updatedBy: {
      select: {
        id: true,
        name: true,
      },
    },
    id: true, // the key
    updatedAt: true,
    name: true,
  },
})
`
    assert.equal(
      apply(formatted, removals(formatted)),
      `prisma.user.findMany({\n  select: {\n    id: true, // the key\n    name: true,\n  },\n})\n`,
    )
  })

  it(
    'also behind more spaces than anybody writes',
    inProcessorSeconds(30, () => {
      const spaces = ' '.repeat(300_000)
      const spaced = `const a = '${spaces}'\n${select(', updatedBy: { select: { id: true, name: true } }')}`
      assert.equal(apply(spaced, removals(spaced)), `const a = '${spaces}'\n${select('')}`)
    }),
  )

  it('only those of the fields that are gone', () => {
    const both = select(', updatedAt: true, updatedBy: { select: { id: true, name: true } }')
    const additions = [addition('User', 'updatedBy')]
    assert.equal(apply(both, removals(both, { additions })), select(', updatedAt: true'))
  })

  it('and says nothing of a field that another model has lost, and this one has kept', () => {
    const schema = SCHEMA.replace('  status ', '  updatedAt DateTime @updatedAt\n  status ')
    const additions = [addition('User', 'updatedAt'), addition('Lead', 'ownerId')]
    const before = 'prisma.lead.findMany({ select: { id: true, name: true, updatedAt: true } })'
    assert.deepEqual(removals(before, { schema, additions }), { edits: [], notes: [] })
    const migrated = before.replace(' }', ', ownerId: true }')
    assert.equal(apply(migrated, removals(migrated, { schema, additions })), before)
  })

  it('and what somebody wrote otherwise stays, with a note', () => {
    const edited = select(', updatedAt: true, updatedBy: { select: { id: true } }')
    const answer = removals(edited)
    assert.equal(apply(edited, answer), select(', updatedBy: { select: { id: true } }'))
    assert.deepEqual(answer.notes, ['source.ts:1: updatedBy was edited after it was added; remove it yourself'])
  })

  for (const untouched of [
    'const row = { updatedAt: true, updatedBy: 1 }',
    'prisma.user.update({ where: { id: 1 }, data: { updatedBy: 2, name: "x" } })',
    'interface Order { id: number; name: string; updatedAt?: string }',
    'prisma.user.findMany({ select: { id: true, updatedAt: ',
  ]) {
    it(`leaves alone: ${untouched}`, () => {
      assert.deepEqual(removals(untouched), { edits: [], notes: [] })
    })
  }
})
