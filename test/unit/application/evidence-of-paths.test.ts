import assert from 'node:assert/strict'
import { answer, FIND, verdict } from './support'

describe('application: where the code is', () => {
  const list = `export const list = () => ${FIND}`
  for (const [path, expected] of [
    ['src/routes/admin/leads.ts', 'ticked'],
    ['src/backoffice/leads.ts', 'ticked'],
    ['src/leads.ts', 'unticked'],
    ['src/administrative/leads.ts', 'unticked'],
    ['src/__tests__/leads.ts', 'left out'],
    ['src/leads.spec.ts', 'left out'],
    ['prisma/seed.ts', 'left out'],
    ['scripts/leads.ts', 'left out'],
    ['src/cron/leads.ts', 'left out'],
    ['src/admin/export/leads.ts', 'unticked'],
    ['src/public/leads.ts', 'left out'],
    ['src/auth/leads.ts', 'left out'],
    ['src/admin/auth/leads.ts', 'unticked'],
    ['src/webhooks/leads.ts', 'left out'],
    ['src/search-index/leads.ts', 'left out'],
    ['src/admin/dashboard/route.ts', 'unticked'],
    ['src/admin/dashboard/leads/route.ts', 'ticked'],
    ['packages/shared/admin/leads.ts', 'ticked'],
    ['app/pages/shared/leads.ts', 'left out'],
    ['apps/mobile/api/leads.ts', 'left out'],
    ['src/api/temp/backfill-leads.ts', 'left out'],
    ['src/admin/user-dashboard/leads.ts', 'unticked'],
  ] as const) {
    it(`${path}: ${expected}`, () => assert.equal(verdict(list, path), expected))
  }

  it("shows a user's address only where addresses are shown, and never to the public", () => {
    const by = (text: string, path: string) => answer(text, { path }).edits[0]?.newText ?? ''
    const users = (names: string) => `export const list = () => prisma.user.findMany({ select: { ${names} } })`
    assert.match(by(users('id: true, email: true, createdAt: true'), 'src/users.ts'), /email: true/)
    assert.doesNotMatch(by(users('id: true, name: true, createdAt: true'), 'src/users.ts'), /email/)
    assert.match(by(users('id: true, name: true, createdAt: true'), 'src/admin/users.ts'), /email: true/)
    assert.doesNotMatch(by(users('id: true, name: true, createdAt: true'), 'src/moderation/users.ts'), /email/)
    const asked = `router.get('/users', requireStaffOrAdmin, async (req, res) => res.json(await prisma.user.findMany({ select: { id: true, name: true, createdAt: true } })))`
    assert.doesNotMatch(by(asked, 'src/team/users.ts'), /email/)
    const all = 'id: true, name: true, email: true, role: true, createdAt: true'
    assert.doesNotMatch(by(users(all), 'src/public/users.ts'), /updatedBy.*email/)
  })

  it('says why, and first why not', () => {
    const other = answer(list, { path: 'src/leads.ts' }).edits[0]
    assert.equal(other?.evidence[0], 'nothing says that it is for administrators')
    const [edit] = answer(list, { path: 'src/admin/leads.ts' }).edits
    assert.deepEqual(edit?.evidence, [
      'shows when a record was created or changed',
      'is for administrators',
      'the whole record is returned',
    ])
  })

  it('respects a comment that silences it', () => {
    for (const silenced of [
      `// @audit-ignore ownerId: another page shows it\n${list}`,
      `export const list = () => prisma.lead.findMany({ // @audit-ignore\n  select: { id: true, name: true, createdAt: true },\n})`,
      `// @audit-ignore\ninterface Lead { id: number; name: string; email: string; createdAt: Date }`,
    ]) {
      assert.deepEqual(answer(silenced).edits, [], silenced)
    }
    assert.equal(answer(`// @audit-ignore updatedBy: not this one\n${list}`).edits.length, 1)
  })
})
