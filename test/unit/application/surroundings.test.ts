import assert from 'node:assert/strict'
import { answer, FIND, verdict } from './support'

describe('application: what the other files say about a place', () => {
  it('ticks types of the application for administrators, where there is one, and not of others beside it', () => {
    const type = `export interface Lead { id: number; name: string; email: string; status: string; createdAt: Date }`
    const ticked = (path: string, ...others: string[]) =>
      answer(type, { path, others: Object.fromEntries(others.map((other) => [other, ''])) }).edits[0]?.isTicked
    assert.equal(ticked('apps/web/lead.ts'), true)
    assert.equal(ticked('apps/web/lead.ts', 'apps/admin/main.ts'), false)
    assert.equal(ticked('apps/admin/lead.ts', 'apps/web/main.ts'), true)
    assert.equal(ticked('apps/api/lead.ts', 'apps/admin/main.ts'), true)
    const selected = (path: string) =>
      answer(`export const list = () => ${FIND}`, { path, others: { 'apps/admin/main.ts': '' } }).edits[0]?.isTicked
    assert.equal(selected('apps/web/leads.ts'), false)
    assert.equal(selected('apps/api/leads.ts'), true)
  })

  it('asks of a type that several applications share that the one for administrators imports it', () => {
    const type = `export interface Lead { id: number; name: string; email: string; status: string; createdAt: Date }`
    const ticked = (text: string, path: string, others: Readonly<Record<string, string>>) =>
      answer(text, { path, others }).edits.find(({ file }) => file === path)?.isTicked
    const imports = (name: string, from: string) => `import { ${name} } from '${from}'`
    const shared = 'packages/types/lead.ts'
    assert.equal(ticked(type, shared, { 'apps/admin/main.ts': imports('Lead', '@acme/types/lead') }), true)
    assert.equal(ticked(type, shared, { 'apps/admin/main.ts': '', 'apps/app.ts': imports('Lead', './lead') }), false)
    const store = { 'apps/admin/stores/auth.ts': imports('Lead', '@acme/types/lead') }
    assert.equal(ticked(type, shared, store), false, 'a store knows who is logged in')
  })

  it('leaves unticked what no file imports, where files import types of records', () => {
    const type = `export interface Lead { id: number; name: string; email: string; status: string; createdAt: Date }`
    const ticked = (importing: string, path = 'src/types/lead.ts', text = type, from = 'src/page.tsx') =>
      answer(text, { path, others: { [from]: importing } }).edits[0]?.isTicked
    assert.equal(ticked(''), true, 'nothing is known')
    assert.equal(ticked(`import { User } from './user'`), false)
    assert.equal(ticked(`import { User } from './user'`, 'src/types/lead.ts', `${type}\nconst all: Lead[] = []`), true)
    for (const importing of [
      `import type { Lead } from './types/lead'`,
      `import { type User, type Lead as Row } from '@/types/lead.js'`,
      `import * as types from '~/types/lead'`,
      `export * from './types/lead'\nimport { Lead } from '@/types'`,
      `export { Lead } from './types/lead'`,
      `const lead: import('./types/lead').Lead = load()`,
    ]) {
      assert.equal(ticked(importing), true, importing)
    }
    assert.equal(ticked(`import { Lead } from '@/types'`, 'src/types/index.ts'), true)
    assert.equal(ticked(`import { Lead } from '@acme/types'`, 'packages/types/src/index.ts'), true)
    assert.equal(ticked(`import { Lead } from '..'`, 'src/types/index.ts', type, 'src/types/forms/lead.ts'), true)
    assert.equal(
      ticked(`export * from './types/lead'\nimport { Lead } from 'icons'`),
      false,
      'nobody imports it from there',
    )
    assert.equal(ticked(`import { Lead } from './types/other'`), false, 'another type of that name')
    assert.equal(ticked(`import { Lead } from './types/lead'`, 'src/types/lead.ts', type, 'src/lead.test.ts'), true)
    const tested = {
      'src/page.tsx': `import { User } from './user'`,
      'src/lead.test.ts': `import { Lead } from './types/lead'`,
    }
    assert.equal(answer(type, { path: 'src/types/lead.ts', others: tested }).edits[0]?.isTicked, false)
  })

  it('leaves unticked the rows of a serializer, and the selects that go through one', () => {
    const type = `export interface LeadRow { id: number; name: string; email: string; status: string; createdAt: Date }`
    assert.equal(verdict(type, 'src/lead.types.ts'), 'ticked')
    assert.equal(verdict(type, 'src/lead.serializers.ts'), 'unticked')
    const list = `export const list = async () => toLeads(await ${FIND.replace('name: true', 'name: true, email: true, status: true')})`
    assert.equal(verdict(list.replace(/toLeads\((.*)\)$/, '$1')), 'ticked')
    for (const from of ['./lead-mapper', '@/serializers'])
      assert.equal(
        verdict(`import { toLead } from '${from}'\n${list.replace(/toLeads\((.*)\)$/, '$1')}`),
        'unticked',
        from,
      )
    assert.equal(
      verdict(`import { Type } from 'class-transformer'\n${list.replace(/toLeads\((.*)\)$/, '$1')}`),
      'ticked',
    )
  })

  it('leaves unticked lists of what everyone may see: approved, published', () => {
    const list = (where: string) =>
      `export const list = () => prisma.lead.findMany({ where: { ${where} }, select: { id: true, name: true, status: true, createdAt: true } })`
    for (const where of [
      "status: 'APPROVED'",
      'status: ContentStatus.PUBLISHED',
      'isPublished: true',
      'isApproved: true',
    ]) {
      assert.equal(verdict(list(where)), 'unticked', where)
      assert.equal(verdict(list(where), 'src/admin/leads.ts'), 'ticked', where)
    }
    for (const where of ["status: 'PENDING'", 'status', 'isPublished: false', 'publishedAt: null'])
      assert.equal(verdict(list(where)), 'ticked', where)
  })
})
