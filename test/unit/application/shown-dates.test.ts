import assert from 'node:assert/strict'
import { addition, answer, FIND, SCHEMA } from './support'

const TYPE = `export interface Lead { id: number; name: string; email: string; status: string; createdAt: Date }`
const LIST = `export const list = () => ${FIND}`

function ticked(text: string, path: string, others: Readonly<Record<string, string>>): boolean | undefined {
  return answer(text, { path, others }).edits.find(({ file }) => file === path)?.isTicked
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
      assert.equal(ticked(TYPE, 'src/lead.ts', { 'src/page.tsx': page(shown) }), true)
      assert.equal(ticked(LIST, 'src/leads.ts', { 'src/page.tsx': page(shown) }), true)
    })
  }

  for (const columns of [
    "[{ accessorKey: 'createdAt' }]",
    "[{ title: 'Date', dataIndex: 'createdAt' }]",
    "[helper.accessor('createdAt', {})]",
    '<Column field="createdAt" />',
  ]) {
    it(`knows the columns of a table: ${columns}`, () => {
      assert.equal(ticked(TYPE, 'src/lead.ts', { 'src/leads/table.tsx': `const columns = ${columns}` }), true)
      assert.equal(ticked(TYPE, 'src/lead.ts', { 'src/users/table.tsx': `const columns = ${columns}` }), false)
    })
  }

  for (const other of [
    '{formatDate(user.createdAt)}',
    '{user.createdAt}{[...leads].sort((a, b) => new Date(b.createdAt).getTime() - new Date(a.createdAt).getTime()).length}',
    '{user.createdAt}<Row value={{ createdAt: lead.createdAt }} />',
    "{user.createdAt}<Sort value={{ key: 'createdAt', direction: 'desc' }} />",
  ]) {
    it(`leaves unticked where the pages show only ${other}`, () => {
      assert.equal(ticked(LIST, 'src/leads.ts', { 'src/users/page.tsx': page(other) }), false)
    })
  }

  it('takes a name that is no model for what the path says, and not for a type that the page names', () => {
    const shown = page('<p>{user.createdAt}{customer.createdAt}</p>').replace(
      'user }',
      'user, customer }: { lead: Lead }',
    )
    assert.equal(ticked(LIST, 'src/leads.ts', { 'src/customers/page.tsx': shown }), false)
    const alone = shown.replace('{user.createdAt}', '')
    assert.equal(ticked(LIST, 'src/leads.ts', { 'src/customers/page.tsx': alone }), false, 'it shows dates')
    assert.equal(ticked(LIST, 'src/leads.ts', { 'src/leads/page.tsx': shown }), true)
    assert.equal(ticked(LIST, 'src/leads.ts', { 'src/list.tsx': shown.replaceAll('customer', 'row') }), true)
  })

  it('knows nothing where no page shows any date', () => {
    assert.equal(ticked(TYPE, 'src/lead.ts', { 'src/page.tsx': page('{lead.name}') }), true)
    assert.equal(ticked(TYPE, 'src/lead.ts', { 'src/users.ts': 'export const at = (user) => user.createdAt' }), true)
    assert.equal(ticked(TYPE, 'src/lead.ts', { 'src/user.test.tsx': page('{user.createdAt}') }), true)
    assert.equal(ticked(TYPE, 'src/lead.ts', { 'emails/welcome.tsx': page('{user.createdAt}') }), true)
  })

  it('asks the pages of a program for its own types, and all pages for what serves several', () => {
    const others = { 'frontend/users.tsx': page('{user.createdAt}'), 'webapp/leads.tsx': page('{lead.createdAt}') }
    assert.equal(ticked(TYPE, 'frontend/types/lead.ts', others), false)
    assert.equal(ticked(TYPE, 'webapp/types/lead.ts', others), true)
    assert.equal(ticked(LIST, 'backend/leads.ts', others), true)
  })
})

describe('application: records that code makes anew', () => {
  it('leaves types of records unticked whose members other code copies one by one', () => {
    const copy = (value: string) =>
      `export const toRows = (leads) => leads.map((lead) => ({ id: lead.id, createdAt: ${value} }))`
    assert.equal(ticked(TYPE, 'src/lead.ts', { 'src/leads.ts': copy('lead.createdAt') }), false)
    assert.equal(ticked(TYPE, 'src/lead.ts', { 'src/leads.ts': copy('formatDate(lead.createdAt)') }), false)
    assert.equal(ticked(TYPE, 'src/lead.ts', { 'src/leads.ts': copy('now()') }), true)
    assert.equal(ticked(TYPE, 'src/lead.ts', { 'src/leads.test.ts': copy('lead.createdAt') }), true)
    const users = `export const toUser = (user) => ({ id: user.id, createdAt: user.createdAt })`
    assert.equal(ticked(TYPE, 'src/lead.ts', { 'src/users.ts': users }), true)
    assert.equal(ticked(TYPE, 'src/lead.ts', { 'src/leads.ts': copy('lead.createdAt'), 'src/list.ts': LIST }), true)
  })

  it('leaves types and validation unticked beside code that makes such records, for administrators too', () => {
    const copy = 'export const get = async (lead) => ({ id: lead.id, createdAt: lead.createdAt.toISOString() })'
    assert.equal(ticked(TYPE, 'src/admin/lead.ts', { 'src/list.ts': LIST }), true)
    assert.equal(ticked(`${TYPE}\n${copy}`, 'src/admin/lead.ts', { 'src/list.ts': LIST }), false)
  })

  it('leaves a class unticked whose constructor sets its members one by one', () => {
    const made = (constructor: string) =>
      `export class LeadDto { id!: number; name!: string; email!: string; status!: string; createdAt!: Date; ${constructor} }`
    const one = 'this.id = lead.id; this.name = lead.name; this.createdAt = lead.createdAt!'
    assert.equal(ticked(made(`constructor(lead: Partial<Lead>) { ${one} }`), 'src/lead.dto.ts', {}), false)
    assert.equal(ticked(made(`static of(lead: Lead) { return Object.assign(new LeadDto(), lead) }`), 'a.ts', {}), true)
  })
})

describe('application: who gets a type', () => {
  it('follows a class to those that extend it in its file', () => {
    const dtos = `export class LeadDto { id!: number; name!: string; email!: string; status!: string; createdAt!: Date }
export class LeadWithUsersDto extends LeadDto { users!: string[] }`
    const imports = (name: string) => ({ 'src/controller.ts': `import { ${name} } from './lead.dto'` })
    assert.equal(ticked(dtos, 'src/lead.dto.ts', { 'src/other.ts': `import { Lead } from './lead'` }), false)
    assert.equal(ticked(dtos, 'src/lead.dto.ts', imports('LeadDto')), true)
    assert.equal(ticked(dtos, 'src/lead.dto.ts', imports('LeadWithUsersDto')), true)
    const used = `${dtos}\nconst all: LeadDto[] = []`
    assert.equal(ticked(used, 'src/lead.dto.ts', { 'src/other.ts': `import { Lead } from './lead'` }), true)
  })

  it("asks for an administrators' area in a backend that has one, beside the application for administrators", () => {
    const others = { 'admin_web/main.ts': '' }
    assert.equal(ticked(LIST, 'backend/leads/leads.ts', others), true)
    assert.equal(ticked(LIST, 'backend/leads/leads.ts', { ...others, 'backend/admin/users.ts': '' }), false)
    assert.equal(ticked(LIST, 'backend/admin/leads.ts', { ...others, 'backend/admin/users.ts': '' }), true)
  })

  it('leaves unticked what users see of their own, what is public, excerpts and what is booked once', () => {
    assert.equal(ticked(TYPE, 'src/user-dashboard/types.ts', {}), false)
    const schema = SCHEMA.replace('status    String ', 'slug String\n  status String ')
    const withSlug = answer(TYPE.replace('status', 'slug'), { path: 'src/lead.ts', schema }).edits
    assert.deepEqual(
      withSlug.map(({ isTicked }) => isTicked),
      [false],
    )
    for (const name of ['getLeadHistory', 'listOverdueLeads', 'leadAlerts', 'getLeadByQR', 'getDailyLeads'])
      assert.equal(ticked(`export const ${name} = () => ${FIND}`, 'src/leads.ts', {}), false, name)
    const booked = answer(TYPE.replace('Lead', 'WalletTransaction'), {
      schema: SCHEMA.replace('model Lead', 'model WalletTransaction'),
      additions: [addition('WalletTransaction', 'updatedBy')],
    }).edits
    assert.deepEqual(
      booked.map(({ isTicked }) => isTicked),
      [false],
    )
  })
})
