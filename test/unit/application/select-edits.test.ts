import assert from 'node:assert/strict'
import { addition, answer, check, POLICY } from './support'

const BY = 'updatedBy: { select: { id: true, name: true, email: true } }'

describe('application: select objects', () => {
  it('adds the fields to a select over several lines, with its trailing comma', () => {
    check(
      `const users = await prisma.user.findMany({
  select: {
    id: true,
    name: true,
    createdAt: true,
  },
  orderBy: { createdAt: 'desc' },
})
`,
      `const users = await prisma.user.findMany({
  select: {
    id: true,
    name: true,
    createdAt: true,
    updatedAt: true,
    ${BY},
  },
  orderBy: { createdAt: 'desc' },
})
`,
    )
  })

  it('leaves out the trailing comma where there is none', () => {
    check(
      `prisma.user.findMany({\n  select: {\n    id: true,\n    name: true\n  }\n})`,
      `prisma.user.findMany({\n  select: {\n    id: true,\n    name: true,\n    updatedAt: true,\n    ${BY}\n  }\n})`,
    )
  })

  it('keeps a select on one line on its line', () => {
    check(
      `prisma.user.findFirst({ select: { id: true, name: true } })`,
      `prisma.user.findFirst({ select: { id: true, name: true, updatedAt: true, ${BY} } })`,
    )
    check(
      `prisma.user.findFirst({ select: {id: true, name: true,} })`,
      `prisma.user.findFirst({ select: {id: true, name: true, updatedAt: true, ${BY},} })`,
    )
  })

  it('keeps comments with the field that they follow', () => {
    check(
      `db.lead.findMany({\n  select: {\n    id: true,\n    name: true // shown first\n    // the end\n  },\n})`,
      `db.lead.findMany({\n  select: {\n    id: true,\n    name: true, // shown first\n    ownerId: true\n    // the end\n  },\n})`,
    )
    check(
      `db.lead.findMany({\n  select: {\n    id: true,\n    name: true, /* shown, first */ // yes\n  },\n})`,
      `db.lead.findMany({\n  select: {\n    id: true,\n    name: true, /* shown, first */ // yes\n    ownerId: true,\n  },\n})`,
    )
  })

  it('keeps tabs, carriage returns and quoted keys', () => {
    check(
      `db.user.update({\r\n\tselect: {\r\n\t\t"id": true,\r\n\t\t"name": true,\r\n\t},\r\n})`,
      `db.user.update({\r\n\tselect: {\r\n\t\t"id": true,\r\n\t\t"name": true,\r\n\t\t"updatedAt": true,\r\n\t\t"updatedBy": { "select": { "id": true, "name": true, "email": true } },\r\n\t},\r\n})`,
    )
  })

  it('breaks a line that would be too long', () => {
    const indent = ' '.repeat(20)
    check(
      `db.user.delete({\n${indent}select: {\n${indent}  id: true,\n${indent}  name: true,\n${indent}},\n})`,
      `db.user.delete({\n${indent}select: {\n${indent}  id: true,\n${indent}  name: true,\n${indent}  updatedAt: true,\n` +
        `${indent}  updatedBy: {\n${indent}    select: { id: true, name: true, email: true },\n${indent}  },\n${indent}},\n})`,
    )
  })

  for (const client of [
    'prisma',
    'ctx.prisma',
    'this.prisma',
    'tx',
    'getClient()',
    'prisma!',
    '(client as PrismaClient)',
  ]) {
    it(`knows the client in ${client}.lead`, () => {
      check(
        `async () => ${client}.lead.findUnique({ where: { id }, select: { id: true, name: true } })`,
        `async () => ${client}.lead.findUnique({ where: { id }, select: { id: true, name: true, ownerId: true } })`,
      )
    })
  }

  for (const method of ['findFirstOrThrow', 'findUniqueOrThrow', 'create', 'upsert']) {
    it(`knows ${method}`, () => {
      check(
        `prisma?.lead.${method}({ select: { id: true, name: true } as const })`,
        `prisma?.lead.${method}({ select: { id: true, name: true, ownerId: true } as const })`,
      )
    })
  }

  it('follows a constant of the same file, once', () => {
    check(
      `const leadSelect = { id: true, name: true } satisfies Prisma.LeadSelect
       const one = () => prisma.lead.findFirst({ select: leadSelect })
       const all = () => prisma.lead.findMany({ select: leadSelect })`,
      `const leadSelect = { id: true, name: true, ownerId: true } satisfies Prisma.LeadSelect
       const one = () => prisma.lead.findFirst({ select: leadSelect })
       const all = () => prisma.lead.findMany({ select: leadSelect })`,
    )
  })

  it('sees through spreads of the same file', () => {
    check(
      `const base = { id: true, updatedAt: true }
       prisma.user.findMany({ select: { ...base, name: true } })`,
      `const base = { id: true, updatedAt: true }
       prisma.user.findMany({ select: { ...base, name: true, ${BY} } })`,
    )
  })

  it('notes what it cannot see, with its line', () => {
    assert.deepEqual(answer(`\nprisma.lead.findMany({ select: { ...base, name: true, id: true } })`), {
      edits: [],
      notes: ['source.ts:2: the select of prisma.lead.findMany spreads another object; look there for ownerId'],
    })
    assert.deepEqual(answer(`prisma.user.findMany({ select: imported })`), {
      edits: [],
      notes: [
        'source.ts:1: the select of prisma.user.findMany is built elsewhere; look there for updatedAt and updatedBy',
      ],
    })
  })

  it('adds only what is missing, and nothing twice', () => {
    check(
      `prisma.user.findMany({ select: { id: true, name: true, updatedAt: false } })`,
      `prisma.user.findMany({ select: { id: true, name: true, updatedAt: false, ${BY} } })`,
    )
  })

  for (const untouched of [
    `prisma.user.findMany()`,
    `prisma.user.findMany({ where: { id: 1 } })`,
    `prisma.user.findUnique({ select: { id: true } })`,
    `prisma.userProfile.findMany({ select: { id: true, name: true } })`,
    `prisma.user.count({ select: { id: true, name: true } })`,
    `prisma[model].findMany({ select: { id: true, name: true } })`,
    `user.findMany({ select: { id: true, name: true } })`,
    `// prisma.user.findMany({ select: { id: true, name: true } })`,
    `const text = "prisma.user.findMany({ select: { id: true, name: true } })"`,
    `prisma.lead.findMany({ include: { user: { select: { id: true, name: true } } } })`,
  ]) {
    it(`leaves alone: ${untouched}`, () => {
      assert.deepEqual(answer(untouched), { edits: [], notes: [] })
    })
  }

  it('selects of the user only what the user has', () => {
    const schema = `model Account {\n  key String @id\n  username String\n  password String\n}\nmodel Deal {\n  id Int @id\n  title String\n}`
    check(
      `prisma.deal.findMany({ select: { id: true, title: true } })`,
      `prisma.deal.findMany({ select: { id: true, title: true, updatedBy: { select: { key: true, username: true } } } })`,
      { schema, policy: { ...POLICY, userModel: 'Account' }, additions: [addition('Deal', 'updatedBy')] },
    )
  })

  it('selects a plain column where the policy wants no relation', () => {
    const fields = { ...POLICY.fields, updatedBy: { ...POLICY.fields.updatedBy, relation: false } }
    check(
      `prisma.user.findMany({ select: { id: true, name: true } })`,
      `prisma.user.findMany({ select: { id: true, name: true, updatedBy: true } })`,
      { policy: { ...POLICY, fields }, additions: [addition('User', 'updatedBy')] },
    )
  })

  it('uses the names that the schema gives the fields', () => {
    const schema = `model User {
  id Int @id
  name String
  modifiedAt DateTime @map("updatedAt")
  editorId Int? @map("updatedBy")
  editor User? @relation("editors", fields: [editorId], references: [id])
  edited User[] @relation("editors")
}`
    check(
      `prisma.user.findMany({ select: { id: true, name: true } })`,
      `prisma.user.findMany({ select: { id: true, name: true, modifiedAt: true, editor: { select: { id: true, name: true } } } })`,
      { schema },
    )
  })

  it('reads JSX and the decorators of NestJS', () => {
    check(
      `const Page = () => <List of={prisma.lead.findMany({ select: { id: true, name: true } })} />`,
      `const Page = () => <List of={prisma.lead.findMany({ select: { id: true, name: true, ownerId: true } })} />`,
      { path: 'page.tsx' },
    )
    check(
      `@Injectable()\nclass Leads { constructor(@Inject(DB) private db: Db) {}\n all = () => this.db.lead.findMany({ select: { id: true, name: true } }) }`,
      `@Injectable()\nclass Leads { constructor(@Inject(DB) private db: Db) {}\n all = () => this.db.lead.findMany({ select: { id: true, name: true, ownerId: true } }) }`,
    )
  })

  it('turns a file that does not parse into a note', () => {
    const { edits, notes } = answer(`prisma.user.findMany({\n  select: { id: true,, }\n`)
    assert.deepEqual(edits, [])
    assert.equal(notes.length, 1)
    assert.match(notes[0] ?? '', /^source\.ts:2: not read, since it does not parse: /)
  })

  it('never throws, whatever the prefix of a source', () => {
    const text = `const s = { id: true, ...x }\nprisma.user.findMany({ select: { id: true, name: true } })\ninterface User { id: number; name: string }`
    for (let length = 0; length <= text.length; length++) answer(text.slice(0, length))
  })

  it('names the place of an edit', () => {
    const { edits } = answer(`\n  prisma.lead.findMany({ select: { id: true, name: true } })`)
    const place = { line: 1, character: 55 }
    assert.deepEqual(edits, [
      {
        file: 'source.ts',
        range: { start: place, end: place },
        newText: ', ownerId: true',
        title: 'Add ownerId to the select of prisma.lead.findMany',
      },
    ])
  })
})
