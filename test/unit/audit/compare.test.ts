import assert from 'node:assert/strict'
import { compare, type ComparisonInput } from '../../../server/src/audit/compare'
import { createComparisonCache } from '../../../server/src/audit/comparison-cache'
import type { Finding } from '../../../server/src/audit/finding'
import { auditFixes } from '../../../server/src/editor/fixes/audit-fixes'
import { inEnglish } from '../../../server/src/text/translate'
import { parsePolicy } from '../../../server/src/audit-fields/parse-policy'
import type { DatabaseModel, ForeignKey, Table } from '../../../server/src/database/model'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { index } from '../migration/project'
import { databaseOf, tableOf, triggerOf } from './database-builder'

const POLICY = parsePolicy(`{ "rules": [
  { "models": ["User"], "require": ["updatedAt", "updatedBy"] },
  { "models": ["Lead"], "require": ["ownerId"] } ],
  "fields": { "updatedAt": { "index": false }, "updatedBy": { "index": false }, "ownerId": { "index": false } } }`).policy

const BEFORE = `model User {
  id Int @id
}

model Lead {
  id Int @id
}
`

const STAMP = 'updatedAt timestamp(3) without time zone'

function findingsOf(text: string, database: DatabaseModel | null, rest: Partial<ComparisonInput> = {}): Finding[] {
  return compare({ schema: parseSchema([{ path: 'schema.prisma', text }]), policy: POLICY, database, ...rest })
}

/** `code model.field missingIn line:character-character` */
function brief(findings: readonly Finding[]): string[] {
  return findings.map(({ code, model, field, missingIn, range }) =>
    [
      code,
      [model, field].filter((part) => part !== null).join('.'),
      missingIn,
      `${String(range.start.line)}:${String(range.start.character)}-${String(range.end.character)}`,
    ]
      .filter((part) => part !== undefined && part !== '')
      .join(' '),
  )
}

function check(
  text: string,
  database: DatabaseModel | null,
  expected: readonly string[],
  rest: Partial<ComparisonInput> = {},
): void {
  assert.deepEqual(brief(findingsOf(text, database, rest)), expected)
}

describe('compare: audit fields', () => {
  const before = databaseOf([tableOf('User', []), tableOf('Lead', [])])

  it('finds exactly the three omissions of the guide, on the models', () => {
    check(BEFORE, before, [
      'missing-updated-at User.updatedAt both 0:6-10',
      'missing-updated-by User.updatedBy both 0:6-10',
      'missing-owner-id Lead.ownerId both 4:6-10',
    ])
  })

  it('says what the columns should be', () => {
    assert.deepEqual(
      findingsOf(BEFORE, before).map(({ column, expected, severity, file }) => [column, expected, severity, file]),
      [
        ['updatedAt', 'timestamp(3) not null', 'warning', 'schema.prisma'],
        ['updatedBy', 'integer', 'warning', 'schema.prisma'],
        ['ownerId', 'integer', 'warning', 'schema.prisma'],
      ],
    )
  })

  it('misses an index that the policy alone requires, as the plan does, once the column is there', () => {
    const text = 'model User {\n  id Int @id\n  updatedAt DateTime @updatedAt\n}\n'
    const found = (schema: string, wanted: boolean, indexes: Table['indexes'] = []) => {
      const fields = `{ "updatedAt": { "trigger": false, "index": ${String(wanted)} } }`
      const { policy } = parsePolicy(
        `{ "rules": [{ "models": ["User"], "require": ["updatedAt"] }], "fields": ${fields} }`,
      )
      const database = databaseOf([tableOf('User', [`${STAMP} not null`], { indexes })])
      return findingsOf(schema, database, { policy }).map(({ code, severity, object }) => [code, severity, object])
    }
    assert.deepEqual(found(text, true), [['index-missing', 'information', 'User_updatedAt_idx']])
    const inSchema = text.replace('}', '  @@index([updatedAt])\n}')
    assert.deepEqual(found(inSchema, true), [['index-missing', 'warning', 'User_updatedAt_idx']])
    assert.deepEqual(found(text, false), [])
    assert.deepEqual(
      found(text, true, [index('other', 'updatedAt')]).filter(([code]) => code === 'index-missing'),
      [],
    )
  })

  it('without a connection says what the schema lacks', () => {
    check(BEFORE, null, [
      'missing-updated-at User.updatedAt schema 0:6-10',
      'missing-updated-by User.updatedBy schema 0:6-10',
      'missing-owner-id Lead.ownerId schema 4:6-10',
    ])
  })

  const after = `model User {
  id Int @id
  updatedAt DateTime @updatedAt
  updatedById Int? @map("updatedBy")
  updatedBy User? @relation("UserUpdatedBy", fields: [updatedById], references: [id])
  updatedUsers User[] @relation("UserUpdatedBy")
  leads Lead[]
  @@index([updatedAt])
  @@index([updatedById])
}
model Lead {
  id Int @id
  ownerId Int?
  owner User? @relation(fields: [ownerId], references: [id])
  @@index([ownerId])
}
`

  it('puts what only the database lacks on the field, once, without what follows from it', () => {
    check(after, before, [
      'missing-updated-at User.updatedAt database 2:2-11',
      'missing-updated-by User.updatedById database 3:2-13',
      'missing-owner-id Lead.ownerId database 12:2-9',
    ])
    assert.equal(findingsOf(after, before)[0]?.expected, 'timestamp(3) not null')
  })

  it('puts what only the schema lacks on the model, and does not call the column unmapped', () => {
    const database = databaseOf([
      tableOf('User', [`${STAMP} not null`, 'updatedById integer']),
      tableOf('Lead', ['ownerId integer']),
    ])
    check(BEFORE, database, [
      'missing-updated-at User.updatedAt schema 0:6-10',
      'missing-updated-by User.updatedBy schema 0:6-10',
      'trigger-missing User 0:6-10',
      'missing-owner-id Lead.ownerId schema 4:6-10',
    ])
  })

  it('leaves a missing table to table-missing where the schema has the field', () => {
    check(after, databaseOf([tableOf('User', [`${STAMP} not null`, 'updatedBy integer'])]), [
      'index-missing User 7:2-22',
      'index-missing User 8:2-24',
      'foreign-key-missing User.updatedBy 4:18-85',
      'trigger-missing User.updatedAt 2:2-11',
      'table-missing Lead 10:6-10',
    ])
  })

  it('knows audit fields under other names', () => {
    const schema = `model User {
  id Int @id
  changed DateTime @updatedAt
  updatedById Int?
}`
    const database = databaseOf([
      tableOf('User', ['changed timestamp(3) without time zone not null', 'updatedById integer']),
    ])
    check(schema, database, ['trigger-missing User.changed 2:2-9'])
  })

  it('takes no field for updatedAt that can hold no moment, and says no more of it than the plan does', () => {
    for (const type of ['Int', 'String']) {
      const schema = `model User {\n  id Int @id\n  updatedAt ${type}?\n  updatedById Int?\n}`
      const column = type === 'Int' ? 'updatedAt integer' : 'updatedAt text'
      check(schema, databaseOf([tableOf('User', [column, 'updatedById integer'])]), [
        'missing-updated-at User.updatedAt both 2:2-11',
      ])
      const [finding] = findingsOf(schema, null)
      assert.equal(finding?.actual, type)
      assert.match(finding.message, new RegExp(`^User\\.updatedAt is ${type}, so it cannot be the updatedAt`))
      const input = { schema: parseSchema([{ path: 'schema.prisma', text: schema }]), policy: POLICY }
      assert.ok(input.policy !== null)
      assert.deepEqual(auditFixes(finding, { t: inEnglish, ...input, policy: input.policy, policyFile: null }), [])
    }
    const without = 'model User {\n  id Int @id\n  updatedById Int?\n}'
    const found = findingsOf(without, databaseOf([tableOf('User', ['updatedAt bigint', 'updatedById integer'])]))
    assert.match(found[0]?.message ?? '', /^The column "updatedAt" on User is bigint, so it cannot be/)
    assert.deepEqual(
      found.filter(({ code }) => code === 'trigger-missing'),
      [],
    )
  })

  it('gives the project one hint where there is no policy, with and without a database', () => {
    for (const database of [before, null]) {
      const [hint, ...others] = findingsOf(`datasource db {\n}\n${BEFORE}`, database, { policy: null })
      assert.deepEqual(others, [])
      assert.deepEqual([hint?.code, hint?.severity, hint?.missingIn], ['missing-updated-at', 'hint', 'schema'])
      assert.deepEqual(hint?.range, { start: { line: 0, character: 11 }, end: { line: 0, character: 13 } })
      assert.equal(
        hint.message,
        'No audit policy. Missing: updatedAt (2 models), updatedBy (2 models), ownerId (1 model).',
      )
    }
  })

  it('is silenced by a comment above the model, or above the field', () => {
    const schema = `/// The people.
/// @audit-ignore updatedAt: rows never change
/// @audit-ignore updatedBy
model User {
  id Int @id
}
/// @audit-ignore ownerId, column-missing: an import owns it
model Lead {
  id Int @id
  name String
}
model Other {
  id Int @id
  /// @audit-ignore column-missing: comes with the next release
  note String
  text String
}`
    const database = databaseOf([tableOf('User', []), tableOf('Lead', []), tableOf('Other', [])])
    check(schema, database, ['column-missing Other.text 15:2-6'])
  })
})

describe('compare: triggers and clocks', () => {
  const schema = `model User {
  id Int @id
  updatedAt DateTime @updatedAt
  updatedById Int?
}`

  function withFunction(source: string, state: 'O' | 'D' = 'O', name = 'set_it'): DatabaseModel {
    const trigger = triggerOf('update_user_updated_at', name, {
      state,
      definition: `CREATE TRIGGER x BEFORE UPDATE ON "User" FOR EACH ROW EXECUTE FUNCTION ${name}('updatedAt')`,
    })
    return databaseOf([tableOf('User', [`${STAMP} not null`, 'updatedById integer'], { triggers: [trigger] })], {
      triggerFunctions: [{ schema: 'public', name, language: 'plpgsql', source, comment: null, usedBy: [] }],
    })
  }

  it('is content with a trigger that writes UTC', () => {
    check(schema, withFunction(`BEGIN NEW."updatedAt" := now() AT TIME ZONE 'UTC'; RETURN NEW; END`), [])
    check(schema, withFunction(`BEGIN NEW."updatedAt" = timezone('utc', clock_timestamp()); RETURN NEW; END`), [])
  })

  it('warns of a trigger that writes local time', () => {
    check(schema, withFunction('BEGIN NEW."updatedAt" = CURRENT_TIMESTAMP; RETURN NEW; END'), [
      'updated-at-clock User.updatedAt 2:2-11',
    ])
    check(schema, withFunction('', 'O', 'moddatetime'), ['updated-at-clock User.updatedAt 2:2-11'])
  })

  it('warns of a disabled trigger, and of one that sets something else', () => {
    check(schema, withFunction(`BEGIN NEW."updatedAt" := now() AT TIME ZONE 'UTC'; RETURN NEW; END`, 'D'), [
      'trigger-disabled User 0:6-10',
    ])
    check(schema, withFunction(`BEGIN -- NEW."updatedAt" := now()\n NEW.updatedat := 1; RETURN NEW; END`), [
      'trigger-missing User.updatedAt 2:2-11',
      'trigger-unmapped User 0:6-10',
    ])
  })
})

describe('compare: what is kept', () => {
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

  it('nothing throws at any prefix, nor with any one line left out', () => {
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

  it("Prisma's, our own and PostGIS's tables are nobody's business", () => {
    const own = { ...tableOf('run', []), schema: 'prisma_audit' }
    const partition = { ...tableOf('p1', []), kind: 'partition' as const }
    check('', databaseOf([tableOf('_prisma_migrations', []), tableOf('spatial_ref_sys', []), own, partition]), [])
  })
})
