import assert from 'node:assert/strict'
import { textDigest } from '../../../server/src/schema/edits/text-digest'
import { addition, answer, check, POLICY } from './support'
import { inProcessorSeconds } from '../../support/processor-time'

const BY = 'updatedBy: { select: { id: true, name: true } }'

describe('application: select objects', () => {
  it('adds the fields to a select over several lines, with its trailing comma', () => {
    check(
      `export const users = await prisma.user.findMany({
  select: {
    id: true,
    name: true,
    createdAt: true,
  },
  orderBy: { createdAt: 'desc' },
})
`,
      `export const users = await prisma.user.findMany({
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
      `export default prisma.user.findMany({\n  select: {\n    name: true,\n    createdAt: true\n  }\n})`,
      `export default prisma.user.findMany({\n  select: {\n    name: true,\n    createdAt: true,\n    updatedAt: true,\n    ${BY}\n  }\n})`,
    )
  })

  it('keeps a select on one line on its line', () => {
    check(
      `export default prisma.user.findFirst({ select: { id: true, name: true, createdAt: true } })`,
      `export default prisma.user.findFirst({ select: { id: true, name: true, createdAt: true, updatedAt: true, ${BY} } })`,
    )
    check(
      `export default prisma.user.findFirst({ select: {id: true, name: true, createdAt: true,} })`,
      `export default prisma.user.findFirst({ select: {id: true, name: true, createdAt: true, updatedAt: true, ${BY},} })`,
    )
  })

  it('keeps comments with the field that they follow', () => {
    check(
      `export default db.lead.findMany({\n  select: {\n    name: true,\n    createdAt: true // shown first\n    // the end\n  },\n})`,
      `export default db.lead.findMany({\n  select: {\n    name: true,\n    createdAt: true, // shown first\n    ownerId: true\n    // the end\n  },\n})`,
    )
    check(
      `export default db.lead.findMany({\n  select: {\n    name: true,\n    createdAt: true, /* shown, first */ // yes\n  },\n})`,
      `export default db.lead.findMany({\n  select: {\n    name: true,\n    createdAt: true, /* shown, first */ // yes\n    ownerId: true,\n  },\n})`,
    )
  })

  it('keeps tabs, carriage returns and quoted keys', () => {
    check(
      `export default db.user.findMany({\r\n\tselect: {\r\n\t\t"name": true,\r\n\t\t"createdAt": true,\r\n\t},\r\n})`,
      `export default db.user.findMany({\r\n\tselect: {\r\n\t\t"name": true,\r\n\t\t"createdAt": true,\r\n\t\t"updatedAt": true,\r\n\t\t"updatedBy": { "select": { "id": true, "name": true } },\r\n\t},\r\n})`,
    )
  })

  it('breaks a line that would be too long', () => {
    const indent = ' '.repeat(20)
    check(
      `export default db.user.findFirst({\n${indent}select: {\n${indent}  email: true,\n${indent}  createdAt: true,\n${indent}},\n})`,
      `export default db.user.findFirst({\n${indent}select: {\n${indent}  email: true,\n${indent}  createdAt: true,\n${indent}  updatedAt: true,\n` +
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
        `async () => ${client}.lead.findUnique({ where: { id }, select: { id: true, name: true, createdAt: true } })`,
        `async () => ${client}.lead.findUnique({ where: { id }, select: { id: true, name: true, createdAt: true, ownerId: true } })`,
      )
    })
  }

  for (const method of ['findFirst', 'findFirstOrThrow', 'findUnique', 'findUniqueOrThrow']) {
    it(`knows ${method}`, () => {
      check(
        `export default prisma?.lead.${method}({ select: { id: true, name: true, createdAt: true } as const })`,
        `export default prisma?.lead.${method}({ select: { id: true, name: true, createdAt: true, ownerId: true } as const })`,
      )
    })
  }

  it('follows a constant of the same file, once', () => {
    check(
      `const leadSelect = { id: true, name: true, createdAt: true } satisfies Prisma.LeadSelect
       const one = () => prisma.lead.findFirst({ select: leadSelect })
       const all = () => prisma.lead.findMany({ select: leadSelect })`,
      `const leadSelect = { id: true, name: true, createdAt: true, ownerId: true } satisfies Prisma.LeadSelect
       const one = () => prisma.lead.findFirst({ select: leadSelect })
       const all = () => prisma.lead.findMany({ select: leadSelect })`,
    )
  })

  it('sees through spreads of the same file', () => {
    check(
      `const base = { id: true, updatedAt: true }
       export default prisma.user.findMany({ select: { ...base, name: true } })`,
      `const base = { id: true, updatedAt: true }
       export default prisma.user.findMany({ select: { ...base, name: true, ${BY} } })`,
    )
  })

  it('comes to an end where files each export all of the others, or a name of each other', () => {
    const names = Array.from({ length: 12 }, (_, at) => `file${at}`)
    const all = names.map((name) => `export * from './${name}'`).join('\n')
    const others = Object.fromEntries(names.map((name) => [`${name}.ts`, all]))
    const text = `import { chosen } from './file0'\nexport default prisma.user.findMany({ select: chosen })`
    assert.equal(answer(text, { others }).edits.length, 0)
    const circle = { 'file0.ts': `export { chosen } from './file1'`, 'file1.ts': `export { chosen } from './file0'` }
    assert.equal(answer(text, { others: circle }).edits.length, 0)
    const own = { 'file0.ts': `${all}\nexport const chosen = { name: true, createdAt: true }` }
    assert.equal(answer(text, { others: { ...others, ...own } }).edits.length, 1)
  })

  it('comes to an end where an expression is longer than the stack', () => {
    const members = `a${'.b'.repeat(30_000)}`
    const select = `{ select: { name: true, createdAt: true } }`
    for (const long of [members, `${members} as const`, `a${'!'.repeat(30_000)}`]) {
      assert.deepEqual(answer(`export const chosen = ${long}\nexport default prisma.user.findMany(${long})`).edits, [])
      assert.equal(
        answer(`export default prisma.user.findMany(${select})\nexport const long = ${members}`).edits.length,
        1,
      )
    }
  })

  it(
    'comes to an end in a function of thousands of calls',
    inProcessorSeconds(30, () => {
      const call = `  await prisma.lead.create({ data: { name: 'a lead', email: 'lead@example.com', status: 'new' } })\n`
      assert.deepEqual(answer(`// They select nothing.\nasync function main() {\n${call.repeat(14_000)}}\n`).edits, [])
    }),
  )

  it('comes to an end where constants each spread another twice', () => {
    const constants = Array.from({ length: 40 }, (_, at) => `const a${at + 1} = { ...a${at}, ...a${at} }`)
    const select = (last: string) =>
      `const a0 = { id: true }\n${constants.join('\n')}\nprisma.lead.findMany({ select: { ...${last} } })`
    assert.deepEqual([answer(select('a40')).edits, answer(select('a2')).edits], [[], []])
  })

  it('notes what it cannot see, with its line', () => {
    assert.deepEqual(answer(`\nexport default prisma.lead.findMany({ select: { ...base, name: true, id: true } })`), {
      edits: [],
      notes: ['source.ts:2: the select of prisma.lead.findMany spreads another object; look there for ownerId'],
    })
    assert.deepEqual(answer(`export default prisma.user.findMany({ select: imported })`), {
      edits: [],
      notes: [
        'source.ts:1: the select of prisma.user.findMany is built elsewhere; look there for updatedAt and updatedBy',
      ],
    })
  })

  it('adds only what is missing, and nothing twice', () => {
    check(
      `export default prisma.user.findMany({ select: { id: true, name: true, createdAt: true, updatedAt: false } })`,
      `export default prisma.user.findMany({ select: { id: true, name: true, createdAt: true, updatedAt: false, ${BY} } })`,
    )
  })

  for (const untouched of [
    `export default prisma.user.findMany()`,
    `export default prisma.user.findMany({ where: { id: 1 } })`,
    `export default prisma.user.findUnique({ select: { id: true } })`,
    `export default prisma.userProfile.findMany({ select: { id: true, name: true, createdAt: true } })`,
    `export default prisma.user.count({ select: { id: true, name: true, createdAt: true } })`,
    `prisma[model].findMany({ select: { id: true, name: true, createdAt: true } })`,
    `user.findMany({ select: { id: true, name: true, createdAt: true } })`,
    `// prisma.user.findMany({ select: { id: true, name: true, createdAt: true } })`,
    `const text = "prisma.user.findMany({ select: { id: true, name: true, createdAt: true } })"`,
    `export default prisma.lead.findMany({ include: { user: { select: { id: true, name: true, createdAt: true } } } })`,
  ]) {
    it(`leaves alone: ${untouched}`, () => {
      assert.deepEqual(answer(untouched), { edits: [], notes: [] })
    })
  }

  it('selects of the user only what the user has', () => {
    const schema = `model Account {\n  key String @id\n  username String\n  password String\n}\nmodel Deal {\n  id Int @id\n  title String\n  createdAt DateTime\n}`
    check(
      `export default prisma.deal.findMany({ select: { id: true, title: true, createdAt: true } })`,
      `export default prisma.deal.findMany({ select: { id: true, title: true, createdAt: true, updatedBy: { select: { key: true, username: true } } } })`,
      { schema, policy: { ...POLICY, userModel: 'Account' }, additions: [addition('Deal', 'updatedBy')] },
    )
  })

  it('selects a plain column where the policy wants no relation', () => {
    const fields = { ...POLICY.fields, updatedBy: { ...POLICY.fields.updatedBy, relation: false } }
    check(
      `export default prisma.user.findMany({ select: { id: true, name: true, createdAt: true } })`,
      `export default prisma.user.findMany({ select: { id: true, name: true, createdAt: true, updatedBy: true } })`,
      { policy: { ...POLICY, fields }, additions: [addition('User', 'updatedBy')] },
    )
  })

  it('uses the names that the schema gives the fields', () => {
    const schema = `model User {
  id Int @id
  name String
  modifiedAt DateTime @map("updatedAt")
  createdAt DateTime
  editorId Int? @map("updatedBy")
  editor User? @relation("editors", fields: [editorId], references: [id])
  edited User[] @relation("editors")
}`
    check(
      `export default prisma.user.findMany({ select: { id: true, name: true, createdAt: true } })`,
      `export default prisma.user.findMany({ select: { id: true, name: true, createdAt: true, modifiedAt: true, editor: { select: { id: true, name: true } } } })`,
      { schema },
    )
  })

  it('reads JavaScript, with JSX, as ES modules and CommonJS', () => {
    const list =
      'const list = (ctx) => ctx.prisma.user.findMany({ select: { id: true, name: true, email: true, createdAt: true } })'
    const added = list.replace(
      'createdAt: true',
      'createdAt: true, updatedAt: true, updatedBy: { select: { id: true, name: true, email: true } }',
    )
    check(`${list}\nmodule.exports = { list }`, `${added}\nmodule.exports = { list }`, { path: 'src/list.js' })
    check(
      `export ${list}\nexport const Page = () => <b>{list()}</b>`,
      `export ${added}\nexport const Page = () => <b>{list()}</b>`,
      { path: 'src/page.mjs' },
    )
  })

  it('reads JSX and the decorators of NestJS', () => {
    check(
      `const Page = () => <List of={prisma.lead.findMany({ select: { id: true, name: true, createdAt: true } })} />`,
      `const Page = () => <List of={prisma.lead.findMany({ select: { id: true, name: true, createdAt: true, ownerId: true } })} />`,
      { path: 'page.tsx' },
    )
    check(
      `@Injectable()\nclass Leads { constructor(@Inject(DB) private db: Db) {}\n all = () => this.db.lead.findMany({ select: { id: true, name: true, createdAt: true } }) }`,
      `@Injectable()\nclass Leads { constructor(@Inject(DB) private db: Db) {}\n all = () => this.db.lead.findMany({ select: { id: true, name: true, createdAt: true, ownerId: true } }) }`,
    )
  })

  it('turns a file that does not parse into a note', () => {
    const { edits, notes } = answer(`export default prisma.user.findMany({\n  select: { id: true,, }\n`)
    assert.deepEqual(edits, [])
    assert.equal(notes.length, 1)
    assert.match(notes[0] ?? '', /^source\.ts:2: not read, because it does not parse: /)
  })

  it('never throws, whatever the prefix of a source', () => {
    const text = `const s = { id: true, ...x }\nprisma.user.findMany({ select: { id: true, name: true, createdAt: true } })\ninterface User { id: number; name: string }`
    for (let length = 0; length <= text.length; length++) answer(text.slice(0, length))
  })

  it('names the place of an edit, what it adds, and why', () => {
    const text = `\n  export default prisma.lead.findMany({ select: { id: true, name: true, createdAt: true } })`
    const { edits } = answer(text, { path: 'admin/leads.ts' })
    const place = { line: 1, character: 87 }
    assert.deepEqual(edits, [
      {
        file: 'admin/leads.ts',
        range: { start: place, end: place },
        newText: ', ownerId: true',
        madeFor: textDigest(text),
        title: 'Add ownerId to the select of prisma.lead.findMany',
        place: { start: { line: 1, character: 48 }, end: { line: 1, character: 49 } },
        model: 'Lead',
        names: ['ownerId'],
        kind: 'select',
        isTicked: true,
        evidence: [
          'shows when a record was created or changed',
          'is for administrators',
          'the whole record is returned',
        ],
      },
    ])
  })

  it('gives the same reasons before and after the schema has the fields', () => {
    const market = (more: string) =>
      `model User { id Int @id }\nmodel Market {\n  id Int @id\n  question String\n  a Int\n  b Int\n  c Int\n  d Int\n  e Int\n  createdAt DateTime\n${more}}`
    const text = `export const list = () => prisma.market.findMany({ select: { id: true, question: true, a: true, createdAt: true } })`
    const [before, after] = ['', '  updatedAt DateTime @updatedAt\n  ownerId Int?\n'].map((more) => {
      const additions = [addition('Market', 'updatedAt'), addition('Market', 'ownerId')]
      return answer(text, { path: 'src/admin/markets.ts', schema: market(more), additions }).edits
    })
    assert.equal(before?.[0]?.isTicked, true)
    assert.deepEqual(before[0].evidence, after?.[0]?.evidence)
  })
})
