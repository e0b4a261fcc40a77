import assert from 'node:assert/strict'
import { compare } from '../../../server/src/audit/compare'
import { createComparisonCache } from '../../../server/src/audit/comparison-cache'
import type { Finding } from '../../../server/src/audit/finding'
import { parsePolicy } from '../../../server/src/audit-fields/parse-policy'
import type { ForeignKey } from '../../../server/src/database/model'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { databaseOf, tableOf } from './database-builder'

import { check, findingsOf } from './comparison'
import { inProcessorSeconds } from '../../support/processor-time'

describe('compare: what is cached', () => {
  const many = (extra: string): string =>
    Array.from(
      { length: 40 },
      (_, number) => `model M${String(number)} {\n  id Int @id\n  name String${number === 7 ? extra : ''}\n}\n`,
    ).join('\n')
  const database = databaseOf(Array.from({ length: 40 }, (_, number) => tableOf(`M${String(number)}`, ['name text'])))

  it('an edit costs the model that it changes: the findings of the others stay the same objects', () => {
    const { policy } = parsePolicy('{ "rules": [{ "models": ["*"], "require": ["updatedAt"] }] }')
    const cache = createComparisonCache()
    const first = parseSchema([{ path: 'a.prisma', text: many('') }])
    const before = compare({ schema: first, policy, database, cache })
    const second = parseSchema([{ path: 'a.prisma', text: many('?') }], first)
    const after = compare({ schema: second, policy, database, cache })
    const isReused = (finding: Finding): boolean => before.includes(finding)
    assert.deepEqual(
      after.filter((finding) => !isReused(finding)).map(({ model }) => model),
      ['M7'],
    )
    assert.deepEqual(after, compare({ schema: second, policy, database }))
  })

  it('a block that moves takes its findings along', () => {
    const cache = createComparisonCache()
    const first = parseSchema([{ path: 'a.prisma', text: many('') }])
    const before = compare({ schema: first, policy: null, database, cache })
    const second = parseSchema([{ path: 'a.prisma', text: `// one line more\n${many('')}` }], first)
    const after = compare({ schema: second, policy: null, database, cache })
    assert.deepEqual(
      after.map(({ range }) => range.start.line - 1),
      before.map(({ range }) => range.start.line),
    )
  })

  it('what a model refers to counts: an enum that is renamed changes the models that use it', () => {
    const text = (map: string): string => `enum Role {\n  A\n${map}}\nmodel M0 {\n  id Int @id\n  role Role\n}\n`
    const cache = createComparisonCache()
    const first = parseSchema([{ path: 'a.prisma', text: text('') }])
    compare({ schema: first, policy: null, database, cache })
    const second = parseSchema([{ path: 'a.prisma', text: text('  @@map("role")\n') }], first)
    const after = compare({ schema: second, policy: null, database, cache })
    assert.deepEqual(after, compare({ schema: second, policy: null, database }))
    assert.ok(after.some(({ code, expected }) => code === 'column-missing' && expected === 'role not null'))
  })
})

describe('compare: what was renamed in the schema alone', () => {
  const text = `enum Role {\n  A\n  B\n}\nmodel Lead {\n  id Int @id\n  name String\n  email String\n}\n`
  const database = databaseOf([tableOf('prospects', ['name text not null', 'email text not null'])], {
    enums: [{ schema: 'public', name: 'UserRole', values: ['A', 'B'] }],
  })
  const messages = (schema: string) => findingsOf(schema, database, { policy: null }).map(({ message }) => message)

  it('a table and an enum type name what they likely are, and what to add', () => {
    const likely = messages(text).filter((message) => message.includes(' is not in the database.'))
    assert.deepEqual(likely, [
      'The enum type "public"."Role" for Role is not in the database. It was likely renamed from "public"."UserRole", but only in the schema: add @@map("UserRole"), or rename it in the database.',
      'The table "public"."Lead" for Lead is not in the database. It was likely renamed from "public"."prospects", but only in the schema: add @@map("prospects"), or rename it in the database.',
    ])
  })

  it('not where another model stands for it, which may come later, nor where a comment says that it is new', () => {
    const cache = createComparisonCache()
    const first = parseSchema([{ path: 'a.prisma', text }])
    compare({ schema: first, policy: null, database, cache })
    const other = `${text}model Other {\n  id Int @id\n  @@map("prospects")\n}\n`
    const second = parseSchema([{ path: 'a.prisma', text: other }], first)
    const after = compare({ schema: second, policy: null, database, cache })
    assert.deepEqual(after, compare({ schema: second, policy: null, database }))
    assert.ok(!after.some(({ message }) => message.includes('"prospects", renamed')))
    const marked = text.replace('model', '/// @audit-ignore renamed: new\nmodel')
    assert.ok(!messages(marked).some((message) => message.includes('"prospects", renamed')))
  })

  it('of thousands of new fields and values nothing is guessed, and comparing them ends', () => {
    const names = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index}x`)
    const fields = names('one', 20_000).map((name) => `  ${name} String`)
    const wide = `enum Role {\n${names('A', 5000).join('\n')}\n}\nmodel Lead {\n  id Int @id\n${fields.join('\n')}\n}\n`
    const columns = names('other', 1000).map((name) => `${name} text not null`)
    const enums = [{ schema: 'public', name: 'Role', values: names('B', 5000) }]
    const found = findingsOf(wide, databaseOf([tableOf('Lead', columns)], { enums }), { policy: null })
    assert.equal(found.filter(({ code }) => code === 'column-missing').length, 20_000)
    assert.ok(!found.some(({ message }) => message.includes('Likely renamed: the column')))
  })

  it(
    'of thousands of new models and enums of the same form nothing is guessed, and comparing them ends',
    inProcessorSeconds(30, () => {
      // Each is held against at most a few; each against all takes minutes.
      const numbers = Array.from({ length: 3000 }, (_, index) => index)
      const models = numbers.map((number) => `model First${number}x {\n  id Int @id\n  name String\n}\n`)
      const enums = numbers.map((number) => `enum Second${number}x {\n  A\n  ${'B'.repeat(1 + (number % 50))}\n}\n`)
      const tables = numbers.map((number) => tableOf(`third_table_${number}`, ['name text not null']))
      const types = numbers.map((number) => ({
        schema: 'public',
        name: `fourth_${number}`,
        values: ['A', `C${number}`],
      }))
      const found = findingsOf([...models, ...enums].join(''), databaseOf(tables, { enums: types }), { policy: null })
      assert.equal(found.filter(({ code }) => code === 'table-missing' || code === 'enum-missing').length, 6000)
      assert.ok(!found.some(({ message }) => message.includes('likely renamed')))
    }),
  )

  it('a renamed enum is found by its values, or by most of them and a similar name, also among many others', () => {
    const others = Array.from({ length: 300 }, (_, index) => ({ schema: 'public', name: `o${index}`, values: ['A'] }))
    const enums = [...others, { schema: 'public', name: 'user_roles', values: ['ADMIN', 'EDITOR'] }]
    const formerOf = (values: string) =>
      findingsOf(`enum UserRole {\n${values}\n}\nmodel A {\n  id Int @id\n}\n`, databaseOf([], { enums }), {
        policy: null,
      })
        .filter(({ code }) => code === 'enum-missing')
        .map(({ message }) => /renamed from (\S+),/.exec(message)?.[1] ?? null)
    assert.deepEqual(formerOf('EDITOR\nADMIN'), ['"public"."user_roles"'])
    assert.deepEqual(formerOf('ADMIN\nOWNER'), ['"public"."user_roles"'])
    assert.deepEqual(formerOf('ADMIN\nOWNER\nGUEST'), [null])
    assert.deepEqual(formerOf('A\nOWNER'), [null])
  })
})

describe('compare: whatever is written', () => {
  const schema = `datasource db {
  provider = "postgresql"
  extensions = [citext, pg_trgm(schema: "public")]
}
enum Role {
  A @map("a")
}
/// @audit-ignore
model User {
  id Int @id @default(autoincrement())
  role Role[] @default([A])
  name String? @default("x") @db.VarChar(20)
  posts Post[] @relation("P")
  boss User? @relation("B", fields: [bossId], references: [id], onDelete: SetNull)
  bossId Int?
  team User[] @relation("B")
  un Unsupported("point")?
  @@index([name(ops: raw("x"), sort: Desc)], type: Gin, map: "m")
  @@unique([id, name])
  @@map("users")
}
model Post {
  a Int
  b Int
  users User[] @relation("P")
  @@id([a, b])
}
view V {
  id Int
}
`
  const database = databaseOf([tableOf('users', ['name text']), tableOf('Post', [])])

  it('no prefix of it throws, nor does it without any one of its lines', () => {
    for (let end = 0; end <= schema.length; end++) findingsOf(schema.slice(0, end), database)
    const lines = schema.split('\n')
    lines.forEach((_, left) => findingsOf(lines.filter((_line, index) => index !== left).join('\n'), database))
  })

  it('a relation to what is not there, a type that is not there, a key that is not there: nothing is said of them', () => {
    check(
      `model Post {
  id Int @id
  x Unknown
  y User @relation(fields: [z], references: [id])
  list Lists[]
  @@index([nothing])
  @@unique([])
}`,
      databaseOf([tableOf('Post', [])]),
      [],
    )
  })

  it('external tables are left alone, by name or with their schema', () => {
    const external = { tables: ['public.Other', 'Post'], enums: ['Mood'] }
    const mood = { schema: 'public', name: 'Mood', values: ['a'] }
    check(
      'model Post {\n  id Int @id\n  x Int\n}',
      databaseOf([tableOf('Other', []), tableOf('Post', [])], { enums: [mood] }),
      [],
      {
        external,
      },
    )
  })

  it('with relationMode = "prisma" a relation stands for no foreign key, and none is said to lack one', () => {
    const key: ForeignKey = {
      name: 'View_fkey',
      columns: ['projectId'],
      referencedSchema: 'public',
      referencedTable: 'Project',
      referencedColumns: ['id'],
      onDelete: 'RESTRICT',
      onUpdate: 'CASCADE',
      deferrable: false,
      validated: true,
    }
    const database = databaseOf([
      tableOf('Project', []),
      tableOf('View', ['projectId integer not null'], { foreignKeys: [key] }),
    ])
    const models = (relation: string) =>
      `model Project {\n  id Int @id\n  views View[]\n}\nmodel View {\n  id Int @id\n  projectId Int\n  ${relation}\n}\n`
    const related = models('project Project @relation(fields: [projectId], references: [id])')
    const messages = (text: string) => findingsOf(text, database).map(({ message }) => message)
    assert.deepEqual(messages(`datasource db {\n  provider = "postgresql"\n  relationMode = "prisma"\n}\n${related}`), [
      'The database has the foreign key "View_fkey" from View to "Project", but relationMode = "prisma" uses none.',
    ])
    assert.deepEqual(messages(models('')), ['View has no relation for the foreign key "View_fkey" to "Project".'])
  })

  it('tables of Prisma, of PostGIS and our own are ignored', () => {
    const own = { ...tableOf('run', []), schema: 'prisma_audit' }
    const partition = { ...tableOf('p1', []), kind: 'partition' as const }
    check('', databaseOf([tableOf('_prisma_migrations', []), tableOf('spatial_ref_sys', []), own, partition]), [])
  })
})
