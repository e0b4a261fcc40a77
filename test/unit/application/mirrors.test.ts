import assert from 'node:assert/strict'
import { addition, answer, check, GUIDE, SCHEMA } from './support'

describe('application: classes, validation and what no longer compiles', () => {
  it('adds to entities and DTOs, with the decorators and blank lines of their dates', () => {
    check(
      `export class UserDto {\n  id!: number;\n  name!: string;\n  email!: string;\n  createdAt!: Date;\n}`,
      `export class UserDto {\n  id!: number;\n  name!: string;\n  email!: string;\n  createdAt!: Date;\n  updatedAt?: Date;\n  updatedById?: number | null;\n}`,
    )
    check(
      `export class LeadEntity {\n  @ApiProperty()\n  id: number\n\n  @ApiProperty()\n  name: string\n\n  @ApiProperty()\n  createdAt: Date\n}`,
      `export class LeadEntity {\n  @ApiProperty()\n  id: number\n\n  @ApiProperty()\n  name: string\n\n  @ApiProperty()\n  createdAt: Date\n\n  @ApiProperty({ type: Number, required: false, nullable: true })\n  ownerId?: number | null\n}`,
    )
  })

  it('adds the key to a class of whole records, and the user where a select asks for it', () => {
    const type = `export class UserDto {\n  id!: number;\n  name!: string;\n  email!: string;\n  createdAt!: Date;\n}`
    const written = (other: string) =>
      answer(type, { path: 'user.dto.ts', others: { 'users.ts': other } }).edits.find(({ kind }) => kind === 'class')
        ?.names
    assert.deepEqual(written(''), ['updatedAt', 'updatedById'])
    const select = `{ id: true, email: true, name: true, createdAt: true }`
    assert.deepEqual(written(`export const list = () => prisma.user.findMany({ select: ${select} })`), [
      'updatedAt',
      'updatedBy',
    ])
  })

  it('knows records of a model that is called as its table is; a class that extends another is a note', () => {
    const schema = `model chapter_users {\n  id Int @id\n  name String\n  createdAt DateTime\n}`
    const question = { schema, additions: [addition('chapter_users', 'updatedAt')] }
    const members = `id: number; name: string; createdAt: Date`
    check(`interface ChapterUser { ${members} }`, `interface ChapterUser { ${members}; updatedAt?: Date }`, question)
    assert.deepEqual(answer(`export class ChapterUser extends Base {\n  ${members}\n}`, question), {
      edits: [],
      notes: ['source.ts:1: ChapterUser extends another class; look there for updatedAt'],
    })
  })

  it('knows records of a model whose name is spelled with capitals', () => {
    for (const [model, name] of [
      ['IpAddress', 'IPAddress'],
      ['IPAddress', 'IpAddress'],
    ] as const) {
      const members = 'id: number; name: string; createdAt: Date'
      const schema = `model ${model} {\n  id Int @id\n  name String\n  createdAt DateTime\n}`
      const question = { schema, additions: [addition(model, 'updatedAt')] }
      check(`interface ${name} { ${members} }`, `interface ${name} { ${members}; updatedAt?: Date }`, question)
    }
  })

  it('offers a type with a longer name for administrators, unselected, where its members are those of a record', () => {
    const names = (text: string, path = 'src/admin/page.tsx') =>
      answer(text, { path }).edits.map(({ title, isTicked }) => [title, isTicked])
    const members = 'id: number; name: string; email: string; createdAt: string'
    for (const name of ['AdminLead', 'CustomerLeadForm', 'LeadForList']) {
      const found = names(`export type ${name} = { ${members} }`)
      assert.deepEqual(found, [[`Add ownerId to type ${name}`, false]], name)
      assert.deepEqual(names(`export type ${name} = { ${members} }`, 'src/page.tsx'), [], 'elsewhere')
    }
    const counted = names(`export type AdminLead = { ${members}; _count: { notes: number } }`)
    assert.deepEqual(counted, [['Add ownerId to type AdminLead', false]])
    for (const other of [
      `export type AdminLead = { ${members}; total: number }`,
      `export type AdminLead = { ${members.replace('email: string; ', '')} }`,
      `export type AdminLead = { ${members.replace('id: number', 'status: string')} }`,
      `export type AdminLead = { ${members.replace('createdAt', 'status')} }`,
      `export type Leading = { ${members} }`,
      `export type AdminBleadings = { ${members} }`,
    ]) {
      assert.deepEqual(names(other), [], other)
    }
    // These are records of a model that gets no fields: it has as many of the members, and more of the name.
    const schema = `${SCHEMA}\nmodel LeadNote {\n  id Int @id\n  name String\n  email String\n  createdAt DateTime\n}`
    assert.deepEqual(
      answer(`export type AdminLeadNote = { ${members} }`, { schema, path: 'src/admin/page.tsx' }).edits,
      [],
    )
  })

  it('offers a type of another name, unselected, that has most of the columns of a model with a word of its name', () => {
    const schema = `${SCHEMA}\nmodel PaymentOrder {\n  id Int @id\n  amount Int\n  state String\n  method String\n  note String\n  code String\n  payerId Int\n  payer User @relation(fields: [payerId], references: [id])\n  createdAt DateTime\n}`
    const question = { schema, additions: [...GUIDE, addition('PaymentOrder', 'updatedAt')] }
    const columns = ['id', 'amount', 'state', 'method', 'createdAt']
    const names = (name: string, members: readonly string[]) => {
      const text = `export type ${name} = { ${members.map((each) => `${each}: string`).join('; ')} }`
      const found = answer(text, question).edits
      return found.map(({ title, isTicked }) => [title, isTicked])
    }
    for (const name of ['AdminPayment', 'OrderWithPayer', 'ordersInList']) {
      const offered = [[`Add updatedAt to type ${name}`, false]]
      assert.deepEqual(names(name, [...columns, 'payer']), offered)
      assert.deepEqual(names(name, [...columns, 'total']), offered, 'one in six is not of the model')
    }
    assert.deepEqual(names('AdminVoucher', columns), [], 'no word of its name')
    assert.deepEqual(names('AdminPayment', columns.slice(1)), [], 'no key')
    assert.deepEqual(names('AdminPayment', columns.slice(0, 4)), [], 'no date')
    assert.deepEqual(names('AdminPayment', ['id', 'amount', 'state', 'createdAt']), [], 'too few of the columns')
    assert.deepEqual(names('AdminPayment', [...columns, 'total', 'rest']), [], 'too many others')
  })

  it("adds to GraphQL's object types, nullable, and the key of a user, whom only a resolver answers", () => {
    check(
      `@ObjectType()\nexport class User {\n  @Field(() => ID)\n  id: number;\n  @Field()\n  name: string;\n  @Field(() => Date)\n  createdAt: Date;\n}`,
      `@ObjectType()\nexport class User {\n  @Field(() => ID)\n  id: number;\n  @Field()\n  name: string;\n  @Field(() => Date)\n  createdAt: Date;\n  @Field(() => Date, { nullable: true })\n  updatedAt?: Date;\n  @Field(() => Number, { nullable: true })\n  updatedById?: number | null;\n}`,
    )
  })

  for (const [library, date, added] of [
    [
      'z',
      'z.string().datetime()',
      'updatedAt: z.string().datetime().optional(), updatedBy: z.object({ id: z.number(), name: z.string(), email: z.string() }).nullish()',
    ],
    [
      'yup',
      'yup.date()',
      'updatedAt: yup.date().optional(), updatedBy: yup.object({ id: yup.number(), name: yup.string(), email: yup.string() }).nullable().optional()',
    ],
    [
      'v',
      'v.date()',
      'updatedAt: v.optional(v.date()), updatedBy: v.nullish(v.object({ id: v.number(), name: v.string(), email: v.string() }))',
    ],
  ] as const) {
    it(`adds to objects of ${library}`, () => {
      const names = `id: ${library}.number(), name: ${library}.string(), email: ${library}.string(), createdAt: ${date}`
      check(
        `export const userSchema = ${library}.object({ ${names} })`,
        `export const userSchema = ${library}.object({ ${names}, ${added} })`,
      )
    })
  }

  it('mends a record whose type a package of the workspace exports again', () => {
    const lead = (more: string) =>
      `import type { Lead } from '@repo/database'\nconst lead: Lead = { id: 1, name: 'n', email: 'e', status: 's', createdAt: now${more} }`
    check(lead(''), lead(', ownerId: null'))
  })

  it('leaves unselected a record that may be written, since its null takes precedence over who changes it', () => {
    const values = "id: 1, name: 'n', email: 'e', status: 's', createdAt: now"
    const ticksOf = (code: string) =>
      answer(`import type { Lead } from '@prisma/client'\n${code}`).edits.map(({ kind, isTicked }) => [kind, isTicked])
    for (const [name, isTicked] of [
      ['toPrisma', false],
      ['leadToPersistence', false],
      ['toRowClass', true],
      ['copy', true],
    ] as const) {
      for (const code of [
        `class Mapper { static ${name}(lead: X): Lead { return { ${values} } } }`,
        `function ${name}(): Lead { return { ${values} } }`,
        `const ${name} = (): Lead => ({ ${values} })`,
      ])
        assert.deepEqual(ticksOf(code), [['breaks', isTicked]], code)
    }
  })

  it('mends what no longer compiles, in tests too', () => {
    const head = `import type { Lead, User } from '@prisma/client'\n`
    const row = `id: 1, name: 'n', email: 'e', status: 's', createdAt: now`
    const user = `id: 1, name: 'n', email: 'e', role: 'r', createdAt: now`
    for (const [broken, mended] of [
      [
        `class A implements Lead {\n  id!: number\n  name!: string\n}`,
        `class A implements Lead {\n  id!: number\n  name!: string\n  ownerId!: number | null\n}`,
      ],
      ...[
        '@Exclude()\n  email: string',
        '@ApiProperty({ enum: Status })\n  status: string',
        '@Field(() => Int)\n  id: number',
      ].map(
        (last) =>
          [
            `class A implements Lead {\n  name: string\n  ${last}\n  constructor(lead: Lead) {}\n}`,
            `class A implements Lead {\n  name: string\n  ${last}\n  ownerId: number | null\n  constructor(lead: Lead) {}\n}`,
          ] as const,
      ),
      [
        `class A implements Omit<Lead, 'email'> {\n  id: number\n  name: string\n\n  @Exclude()\n  createdAt: Date\n}`,
        `class A implements Omit<Lead, 'email'> {\n  id: number\n  name: string\n\n  @Exclude()\n  createdAt: Date\n\n  @Exclude()\n  ownerId: number | null\n}`,
      ],
      [`const lead: Lead = { ${row} }`, `const lead: Lead = { ${row}, ownerId: null }`],
      [
        `const lead: Readonly<Lead> | null = { ${row} }`,
        `const lead: Readonly<Lead> | null = { ${row}, ownerId: null }`,
      ],
      [
        `vi.mocked(prisma.lead.findMany).mockResolvedValue([{ ${row} }])`,
        `vi.mocked(prisma.lead.findMany).mockResolvedValue([{ ${row}, ownerId: null }])`,
      ],
      [`const leads: Lead[] = [{ ${row} }]`, `const leads: Lead[] = [{ ${row}, ownerId: null }]`],
      ...[`type More = Lead & { notes: string[] }`, `interface More extends Lead { notes: string[] }`].map(
        (more) =>
          [
            `${more}\nconst leads: More[] = [{ ${row}, notes: [] }]`,
            `${more}\nconst leads: More[] = [{ ${row}, notes: [], ownerId: null }]`,
          ] as const,
      ),
      [`const lead = { ${row} } satisfies Lead`, `const lead = { ${row}, ownerId: null } satisfies Lead`],
      [`const make = (): Lead => ({ ${row} })`, `const make = (): Lead => ({ ${row}, ownerId: null })`],
      [
        `async function make(): Promise<Lead> { return { ${row} } }`,
        `async function make(): Promise<Lead> { return { ${row}, ownerId: null } }`,
      ],
      [`const user: User = { ${user} }`, `const user: User = { ${user}, updatedAt: now, updatedById: null }`],
    ] as const) {
      check(head + broken, head + mended, { path: 'src/lead.test.ts' })
      const [edit] = answer(head + broken, { path: 'src/lead.test.ts' }).edits
      assert.deepEqual([edit?.kind, edit?.isTicked], ['breaks', true], broken)
    }
    // A mock of a repository, in a test alone: the record is known by its columns.
    const repository = (record: string, answer: string) =>
      `const mockLead = { ${record} }\nrepo.find.mockResolvedValue(${answer})`
    for (const answered of ['mockLead', '[mockLead]', `{ ...mockLead, name: 'other' }`]) {
      check(repository(row, answered), repository(`${row}, ownerId: null`, answered), { path: 'src/lead.spec.ts' })
    }
    assert.deepEqual(answer(repository(row, 'mockLead')).edits, [])
    for (const other of [`${row}, more: 1`, `id: 1, name: 'n'`]) {
      assert.deepEqual(answer(repository(other, 'mockLead'), { path: 'src/lead.spec.ts' }).edits, [])
    }
    const zod = `import { z } from 'zod'\n${head}export const ZLead = z.object({ id: z.number(), name: z.string(), createdAt: z.date()`
    check(`${zod} }) satisfies z.ZodType<Lead>`, `${zod}, ownerId: z.number().nullable() }) satisfies z.ZodType<Lead>`)
  })

  for (const untouched of [
    `declare module 'next-auth' { interface User { id: string; name: string; email: string; createdAt: Date } }`,
    `// This file was automatically generated. Do not edit.\nexport interface User { id: number; name: string; createdAt: string }`,
    `export type Maybe<T> = T | null\nexport type Lead = { id: number; name: string; createdAt: string }`,
    `export const createUserSchema = z.object({ id: z.number(), name: z.string(), createdAt: z.date() })`,
    `export class CreateUserDto { id!: number; name!: string; createdAt!: Date }`,
    `export class UserService { id = 1; name = ''; createdAt = new Date(); find() {} list() {} save() {} drop() {} }`,
    `import type { Lead } from './types'\nconst lead: Lead = { id: 1, name: 'n', createdAt: now }`,
    `import type { Lead } from '@repo/crm'\nconst lead: Lead = { id: 1, name: 'n', email: 'e', status: 's', createdAt: now }`,
    `import type { Lead } from '@prisma/client'\nconst lead: Omit<Lead, 'ownerId'> = { id: 1, name: 'n', createdAt: now }`,
    `import type { Lead } from '@prisma/client'\nconst lead: Lead = { ...other, id: 1, name: 'n' }`,
    `import type { Lead } from '@prisma/client'\nclass A implements Omit<Lead, 'ownerId'> { id!: number; name!: string; createdAt!: Date }`,
    `import type { Lead } from '@prisma/client'\nclass A implements Omit<Lead, Hidden> { id!: number; name!: string; createdAt!: Date }`,
    // It does not compile today.
    `import type { Lead } from '@prisma/client'\nconst lead: Lead = { id: 1, name: 'n', createdAt: now }`,
    `const mocks = vi.hoisted(() => ({ lead: { create: vi.fn() } })); vi.mocked(a); mocks.lead.create.mockResolvedValue({ id: 1, name: 'n', email: 'e', status: 's', createdAt: now })`,
    `prisma.lead.findFirst.mockResolvedValue({ id: 1, name: 'n' })`,
    `prisma.lead.findFirst.mockResolvedValue({ id: 1, name: 'n', email: 'e', status: 's', createdAt: now } as any)`,
    `(prisma.lead.findFirst as Mock).mockResolvedValueOnce(null).mockResolvedValueOnce({ id: 1, name: 'n', email: 'e', status: 's', createdAt: now })`,
    `const db = prisma as any; const tx = db.tx; tx.lead.create.mockResolvedValue({ id: 1, name: 'n', email: 'e', status: 's', createdAt: now })`,
    `const db = prisma as unknown as ReturnType<typeof mockDeep>; db.lead.create.mockResolvedValue({ id: 1, name: 'n', email: 'e', status: 's', createdAt: now })`,
    `const mock = () => ({ lead: { create: jest.fn() } }); let db: ReturnType<typeof mock>; db.lead.create.mockResolvedValue({ id: 1, name: 'n', email: 'e', status: 's', createdAt: now })`,
    `const tx = { lead: { create: jest.fn() } }; tx.lead.create.mockResolvedValue({ id: 1, name: 'n', email: 'e', status: 's', createdAt: now })`,
    `(prisma.lead.findFirst as Mock).mockResolvedValue({ id: 1, name: 'n', email: 'e', status: 's', createdAt: now })`,
  ]) {
    it(`leaves alone: ${untouched.slice(0, 90)}`, () => assert.deepEqual(answer(untouched).edits, []))
  }
})
