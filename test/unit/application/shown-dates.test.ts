import assert from 'node:assert/strict'
import { answer, FIND } from './support'

const LIST = `export const list = () => ${FIND}`

function ticked(path: string, others: Readonly<Record<string, string>>): boolean | undefined {
  return answer(LIST, { path, others }).edits.find(({ file }) => file === path)?.isTicked
}

describe('application: what pages show', () => {
  const page = (shown: string) => `export const Page = ({ leads, lead, user }) => <ul>${shown}</ul>`

  for (const shown of [
    '{formatDate(lead.createdAt)}',
    '{selectedLead?.created_at}',
    "{lead['updatedAt']}",
    '{leads.map((each) => <li>{each.createdAt}</li>)}',
    '{leads.filter(Boolean).map(({ createdAt }: Lead) => <li>{format(createdAt)}</li>)}',
    '<p>{lead.createdBy?.name}</p>',
  ]) {
    it(`ticks beside a page that shows ${shown}`, () => {
      assert.equal(ticked('src/admin/leads.ts', { 'src/page.tsx': page(shown) }), true)
    })
  }

  for (const columns of [
    "[{ accessorKey: 'createdAt' }]",
    "[{ title: 'Date', dataIndex: 'createdAt' }]",
    "[helper.accessor('createdAt', {})]",
    '<Column field="createdAt" />',
  ]) {
    it(`knows the columns of a table: ${columns}`, () => {
      assert.equal(ticked('src/admin/leads.ts', { 'src/leads/table.tsx': `const columns = ${columns}` }), true)
      assert.equal(ticked('src/admin/leads.ts', { 'src/users/table.tsx': `const columns = ${columns}` }), false)
    })
  }

  for (const other of [
    '{formatDate(user.createdAt)}',
    '{user.createdAt}{[...leads].sort((a, b) => new Date(b.createdAt).getTime() - new Date(a.createdAt).getTime()).length}',
    '{user.createdAt}<Row value={{ createdAt: lead.createdAt }} />',
    "{user.createdAt}<Sort value={{ key: 'createdAt', direction: 'desc' }} />",
  ]) {
    it(`leaves unticked where the pages show only ${other}`, () => {
      assert.equal(ticked('src/admin/leads.ts', { 'src/users/page.tsx': page(other) }), false)
    })
  }

  it('takes a name that is no model for what the path says, and not for a type that the page names', () => {
    const shown = page('<p>{user.createdAt}{customer.createdAt}</p>').replace(
      'user }',
      'user, customer }: { lead: Lead }',
    )
    assert.equal(ticked('src/admin/leads.ts', { 'src/customers/page.tsx': shown }), false)
    const alone = shown.replace('{user.createdAt}', '')
    assert.equal(ticked('src/admin/leads.ts', { 'src/customers/page.tsx': alone }), false, 'it shows dates')
    assert.equal(ticked('src/admin/leads.ts', { 'src/leads/page.tsx': shown }), true)
    assert.equal(ticked('src/admin/leads.ts', { 'src/list.tsx': shown.replaceAll('customer', 'row') }), true)
  })

  it('knows nothing where there is no page, and that pages without dates show none', () => {
    assert.equal(ticked('src/admin/leads.ts', { 'src/page.tsx': page('{lead.name}') }), false)
    for (const [path, text] of [
      ['src/users.ts', 'export const at = (user) => user.createdAt'],
      ['src/user.test.tsx', page('{user.createdAt}')],
      ['emails/welcome.tsx', page('{user.createdAt}')],
    ] as const) {
      assert.equal(ticked('src/admin/leads.ts', { [path]: text }), true, path)
    }
  })

  it('asks the pages of a program for its own types, and all pages for what serves several', () => {
    const others = { 'frontend/users.tsx': page('{user.createdAt}'), 'webapp/leads.tsx': page('{lead.createdAt}') }
    assert.equal(ticked('frontend/admin/leads.ts', others), false)
    assert.equal(ticked('webapp/admin/leads.ts', others), true)
    assert.equal(ticked('backend/admin/leads.ts', others), true)
  })
})
