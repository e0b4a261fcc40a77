import assert from 'node:assert/strict'
import { answer, check, POLICY, SCHEMA } from './support'

describe('application: interfaces and object types', () => {
  it('adds optional members in the style of the file', () => {
    check(
      `export interface User {\n  id: number;\n  email: string;\n  name: string;\n}\n`,
      `export interface User {\n  id: number;\n  email: string;\n  name: string;\n  updatedAt?: string;\n  updatedBy?: { id: number; name: string; email: string } | null;\n}\n`,
    )
    check(
      `export interface User {\n  id: number\n  name: string\n  email: string // unique\n}\n`,
      `export interface User {\n  id: number\n  name: string\n  email: string // unique\n  updatedAt?: string\n  updatedBy?: { id: number; name: string; email: string } | null\n}\n`,
    )
    check(
      `type Lead = {\n  id: number,\n  name: string,\n  status: Status\n}`,
      `type Lead = {\n  id: number,\n  name: string,\n  status: Status,\n  ownerId?: number | null\n}`,
    )
  })

  it('keeps a type on one line on its line', () => {
    check(
      `interface Lead { id: number; name: string; email: string }`,
      `interface Lead { id: number; name: string; email: string; ownerId?: number | null }`,
    )
    check(
      `interface Lead { id: number; name: string; email: string; }`,
      `interface Lead { id: number; name: string; email: string; ownerId?: number | null; }`,
    )
  })

  it("takes the types from the interface's own members", () => {
    check(
      `interface User {\n  readonly id: UserId\n  readonly email: Email\n  readonly createdAt: Date\n}`,
      `interface User {\n  readonly id: UserId\n  readonly email: Email\n  readonly createdAt: Date\n  readonly updatedAt?: Date\n  readonly updatedBy?: { id: UserId; name: string; email: Email } | null\n}`,
    )
  })

  it('gives a date that no other member tells of, in a component, the types of a record and of JSON', () => {
    const of = (member: string, path: string) =>
      /updatedAt\?: (.*)/.exec(
        answer(`type User = {\n  id: number\n  name: string\n  email: string${member}\n}`, { path }).edits[0]
          ?.newText ?? '',
      )?.[1]
    assert.equal(of('', 'table.tsx'), 'Date | string')
    assert.equal(of('', 'models.ts'), 'string')
    for (const path of ['table.tsx', 'models.ts']) {
      assert.equal(of('\n  createdAt: Date | null', path), 'Date')
      assert.equal(of('\n  createdAt: string | null', path), 'string')
    }
    // `{ ...user, birthday: user.birthday.toISOString() }` leaves a new date as it is.
    for (const birthday of ['string', 'string | null', 'Date']) {
      const schema = SCHEMA.replace('role ', 'birthday DateTime\n  role ')
      const edits = answer(`type User = {\n  id: number\n  name: string\n  email: string\n  birthday: ${birthday}\n}`, {
        path: 'table.tsx',
        schema,
      }).edits
      assert.match(
        edits[0]?.newText ?? '',
        birthday === 'Date' ? /updatedAt\?: Date\n/ : /updatedAt\?: Date \| string\n/,
      )
    }
  })

  it('breaks a line that would be too long', () => {
    const indent = ' '.repeat(16)
    check(
      `namespace A {\n${indent}interface User {\n${indent}  id: number;\n${indent}  name: string;\n${indent}  email: string;\n${indent}}\n}`,
      `namespace A {\n${indent}interface User {\n${indent}  id: number;\n${indent}  name: string;\n${indent}  email: string;\n${indent}  updatedAt?: string;\n` +
        `${indent}  updatedBy?: {\n${indent}    id: number;\n${indent}    name: string;\n${indent}    email: string;\n${indent}  } | null;\n${indent}}\n}`,
    )
  })

  it('writes an owner that the policy requires without null', () => {
    const fields = { ...POLICY.fields, ownerId: { ...POLICY.fields.ownerId, required: true } }
    check(
      `interface Lead {\n  id: number\n  name: string\n  email: string\n}`,
      `interface Lead {\n  id: number\n  name: string\n  email: string\n  ownerId?: number\n}`,
      { policy: { ...POLICY, fields } },
    )
  })

  for (const untouched of [
    `interface User { theme: string; id: number }`,
    `interface UserRow { id: number; name: string }`,
    `interface User {}`,
    `type User = Prisma.UserGetPayload<{}>`,
    `class User { id = 1; name = '' }`,
    `interface Lead { id: number; name: string; email: string; ownerId: string }`,
  ]) {
    it(`leaves alone: ${untouched}`, () => {
      assert.deepEqual(answer(untouched), { edits: [], notes: [] })
    })
  }

  it('notes a type that picks dates of the model, since what it picks is required', () => {
    const picks = (names: string) =>
      `import type { User } from '@prisma/client'\nexport type Row = Pick<User, ${names}>`
    assert.deepEqual(answer(picks(`'id' | 'createdAt'`)), {
      edits: [],
      notes: ['source.ts:2: this picks fields of User; look there for updatedAt and updatedById'],
    })
    assert.deepEqual(answer(picks(`'id' | 'name'`)).notes, [])
    assert.deepEqual(answer(`export type Row = Pick<User, 'createdAt'>`).notes, [])
  })

  it('notes a type that extends another', () => {
    const note = (name: string) => `source.ts:1: ${name} extends another type; look there for ownerId`
    assert.deepEqual(answer(`interface Lead extends Base { id: number; name: string }`).notes, [note('Lead')])
    assert.deepEqual(answer(`type Lead = Base & { id: number; name: string }`).notes, [note('Lead')])
  })
})
