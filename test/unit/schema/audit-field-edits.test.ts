import assert from 'node:assert/strict'
import { getDMMF } from '@prisma/internals'
import { auditFieldEdits, missingSchemaParts } from '../../../server/src/audit-fields/edits/audit-field-edits'
import { auditFieldRemovals } from '../../../server/src/audit-fields/edits/audit-field-removals'
import type { ModelAuditField } from '../../../server/src/audit-fields/present-fields'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { applyToFiles, FILE, formatted, policyWith, schemaOf, type PolicyChanges } from './support'

const HEAD = 'datasource db {\n  provider = "postgresql"\n}\n\n'

const USER = `model User {
  id        Int      @id @default(autoincrement())
  email     String   @unique
  createdAt DateTime @default(now())
}
`

const LEAD = `
model Lead {
  id   Int    @id @default(autoincrement())
  name String
}
`

interface Case {
  readonly wanted: readonly `${string}.${'updatedAt' | 'updatedBy' | 'ownerId'}`[]
  readonly policy?: PolicyChanges
  readonly before: string
  readonly after: string
  /** Not formatted, so the formatter would change it. */
  readonly isLoose?: true
  /** No Prisma schema, so its line breaks need not come back. */
  readonly isPartial?: true
  /** What was half there is not told apart from what was written. */
}

const CASES: Record<string, Case> = {
  'updatedAt joins the last group where it fits': {
    wanted: ['User.updatedAt'],
    before: USER,
    after: USER.replace('now())\n', 'now())\n  updatedAt DateTime @updatedAt\n\n  @@index([updatedAt])\n'),
  },
  'what is wider than the group stands apart from it': {
    wanted: ['Lead.updatedAt'],
    before: USER + LEAD,
    after: (USER + LEAD).replace(
      'name String\n',
      'name String\n\n  updatedAt DateTime @updatedAt\n\n  @@index([updatedAt])\n',
    ),
  },
  'updatedBy comes with its relation and the list, on the user itself': {
    wanted: ['User.updatedBy'],
    before: USER,
    after: USER.replace(
      'now())\n',
      `now())

  updatedById  Int?   @map("updatedBy")
  updatedBy    User?  @relation("UserUpdatedBy", fields: [updatedById], references: [id])
  updatedUsers User[] @relation("UserUpdatedBy")

  @@index([updatedById])
`,
    ),
  },
  'ownerId needs no name for its relation, and the list joins the user': {
    wanted: ['Lead.ownerId'],
    before: USER + LEAD,
    after: (USER + LEAD)
      .replace('now())\n}', 'now())\n  leads     Lead[]\n}')
      .replace(
        'name String\n',
        'name String\n\n  ownerId Int?\n  owner   User? @relation(fields: [ownerId], references: [id])\n\n  @@index([ownerId])\n',
      ),
  },
  'two relations to the user are told apart by name': {
    wanted: ['Lead.ownerId', 'Lead.updatedBy'],
    policy: { updatedBy: { index: false }, ownerId: { index: false } },
    before: USER + LEAD,
    after: (USER + LEAD)
      .replace(
        'now())\n}',
        'now())\n  leads     Lead[]   @relation("LeadOwner")\n\n  updatedLeads Lead[] @relation("LeadUpdatedBy")\n}',
      )
      .replace(
        'name String\n',
        `name String

  ownerId     Int?
  owner       User? @relation("LeadOwner", fields: [ownerId], references: [id])
  updatedById Int?  @map("updatedBy")
  updatedBy   User? @relation("LeadUpdatedBy", fields: [updatedById], references: [id])
`,
      ),
  },
  'the key decides the type; the policy the columns, what is required and what a deletion does': {
    wanted: ['Lead.updatedAt', 'Lead.ownerId'],
    policy: {
      userModel: 'Person',
      updatedAt: { column: 'updated_at', index: false },
      ownerId: { column: 'owner_id', required: true, onDelete: 'Cascade' },
    },
    before: `model Person {\n  uid String @id @default(dbgenerated("gen_random_uuid()")) @db.Uuid\n}\n${LEAD}`,
    after: `model Person {
  uid String @id @default(dbgenerated("gen_random_uuid()")) @db.Uuid

  leads Lead[]
}

model Lead {
  id   Int    @id @default(autoincrement())
  name String

  updatedAt DateTime @updatedAt @map("updated_at")
  ownerId   String   @map("owner_id") @db.Uuid
  owner     Person   @relation(fields: [ownerId], references: [uid], onDelete: Cascade)

  @@index([ownerId])
}
`,
  },
  'a plain column has the name of the audit field': {
    wanted: ['User.updatedBy'],
    policy: { updatedBy: { relation: false, index: false } },
    before: USER,
    after: USER.replace('now())\n', 'now())\n  updatedBy Int?\n'),
  },
  'names that are taken give way': {
    wanted: ['Lead.ownerId'],
    policy: { ownerId: { index: false } },
    before: `model User {
  id    Int    @id
  leads Lead[]
}

model Lead {
  id         Int    @id
  assigneeId Int
  assignee   User   @relation(fields: [assigneeId], references: [id])
  owner      String
}
`,
    after: `model User {
  id    Int    @id
  leads Lead[]

  ownedLeads Lead[] @relation("LeadOwner")
}

model Lead {
  id         Int    @id
  assigneeId Int
  assignee   User   @relation(fields: [assigneeId], references: [id])
  owner      String
  ownerId    Int?
  ownerUser  User?  @relation("LeadOwner", fields: [ownerId], references: [id])
}
`,
  },
  'indexes stand where the formatter sorts them, above comments of what follows': {
    wanted: ['User.updatedAt'],
    before: `model User {
  id        Int      @id
  createdAt DateTime // once
  // more to come

  // The old name.
  @@map("users")
}
`,
    after: `model User {
  id        Int      @id
  createdAt DateTime // once
  updatedAt DateTime @updatedAt
  // more to come

  @@index([updatedAt])
  // The old name.
  @@map("users")
}
`,
  },
  'and behind those that stand there': {
    wanted: ['User.updatedAt'],
    before:
      'model User {\n  id        Int @id\n  createdAt Int\n\n  @@unique([createdAt])\n  @@index([id, createdAt]) // why\n  @@map("users")\n}\n',
    after:
      'model User {\n  id        Int      @id\n'.replace('Int      @id', 'Int @id') +
      '  createdAt Int\n\n  updatedAt DateTime @updatedAt\n\n  @@unique([createdAt])\n  @@index([id, createdAt]) // why\n  @@index([updatedAt])\n  @@map("users")\n}\n',
  },
  'a scalar that stands there gets its relation': {
    wanted: ['Lead.updatedBy'],
    before: `${USER}\nmodel Lead {\n  id          Int  @id\n  updatedById Int?\n\n  @@index([updatedById, id])\n}\n`,
    after: `${USER.replace('now())\n}', 'now())\n\n  updatedLeads Lead[] @relation("LeadUpdatedBy")\n}')}
model Lead {
  id          Int  @id
  updatedById Int?

  updatedBy User? @relation("LeadUpdatedBy", fields: [updatedById], references: [id])

  @@index([updatedById, id])
}
`,
  },
  'a list that stands there gets its other side': {
    wanted: ['Lead.ownerId'],
    policy: { ownerId: { index: false } },
    before:
      `model User {\n  id    Int    @id\n  leads Lead[]\n}\n\nmodel Lead {\n  id   Int @id\n  long String?\n}\n`.replace(
        'id   Int @id',
        'id   Int     @id',
      ),
    after: `model User {
  id    Int    @id
  leads Lead[]
}

model Lead {
  id   Int     @id
  long String?

  ownerId Int?
  owner   User? @relation(fields: [ownerId], references: [id])
}
`,
  },
  'what is there already is left alone': {
    wanted: ['User.updatedAt', 'User.updatedAt'],
    before: 'model User {\n  id      Int      @id\n  touched DateTime @unique @map("updatedAt")\n}\n',
    after: 'model User {\n  id      Int      @id\n  touched DateTime @unique @map("updatedAt")\n}\n',
  },
  'a field that serves as one gets what it lacks, and no second one': {
    wanted: ['User.updatedAt'],
    before: 'model User {\n  id     Int      @id\n  seenAt DateTime @default(now()) @updatedAt\n}\n',
    after:
      'model User {\n  id     Int      @id\n  seenAt DateTime @default(now()) @updatedAt\n\n  @@index([seenAt])\n}\n',
  },
  'a model with names of both kinds follows the other models': {
    wanted: ['Login.updatedAt'],
    policy: { updatedAt: { index: false } },
    before:
      'model Login {\n  id         Int    @id\n  userId     Int\n  token_type String\n  expires_at Int\n}\n\nmodel Lead {\n  id       Int    @id\n  fullName String\n}\n\nmodel Deal {\n  id        Int @id\n  dealValue Int\n}\n',
    after:
      'model Login {\n  id         Int    @id\n  userId     Int\n  token_type String\n  expires_at Int\n\n  updatedAt DateTime @updatedAt\n}\n\nmodel Lead {\n  id       Int    @id\n  fullName String\n}\n\nmodel Deal {\n  id        Int @id\n  dealValue Int\n}\n',
  },
  'a user without a key of one field gets no references': {
    wanted: ['Lead.ownerId', 'Lead.updatedBy', 'Nobody.updatedAt'],
    before: `model User {\n  a Int\n  b Int\n\n  @@id([a, b])\n}\n${LEAD}`,
    after: `model User {\n  a Int\n  b Int\n\n  @@id([a, b])\n}\n${LEAD}`,
  },
  'a key said by the block counts': {
    wanted: ['Lead.ownerId'],
    policy: { ownerId: { relation: false, index: false } },
    before: `model User {\n  key String @db.VarChar(30)\n\n  @@id([key])\n}\n${LEAD}`,
    after: `model User {\n  key String @db.VarChar(30)\n\n  @@id([key])\n}\n${LEAD.replace('String\n', 'String\n\n  ownerId String? @db.VarChar(30)\n')}`,
  },
  'a model that the client ignores is ignored from the other side too': {
    wanted: ['Lead.ownerId'],
    policy: { ownerId: { index: false } },
    before: `model User {\n  identity Int @id\n}\n\nmodel Lead {\n  identity Int    @id\n  name     String\n\n  @@ignore\n}\n`,
    after: `model User {
  identity Int @id

  leads Lead[] @ignore
}

model Lead {
  identity Int    @id
  name     String
  ownerId  Int?
  owner    User?  @relation(fields: [ownerId], references: [identity])

  @@ignore
}
`,
  },
  'hand-made alignment is kept to': {
    wanted: ['User.updatedAt'],
    policy: { updatedAt: { index: false } },
    isLoose: true,
    before: 'model User {\n    id            Int       @id\n    createdAt     DateTime  @default(now())\n}\n',
    after:
      'model User {\n    id            Int       @id\n    createdAt     DateTime  @default(now())\n    updatedAt     DateTime  @updatedAt\n}\n',
  },
  'a block on one line gets lines': {
    wanted: ['Lead.updatedAt'],
    isLoose: true,
    isPartial: true,
    before: 'model Lead { id Int @id }\n',
    after: 'model Lead { id Int @id\n  updatedAt DateTime @updatedAt\n\n  @@index([updatedAt])\n }\n',
  },
  'a block still without its brace gets its field': {
    wanted: ['Lead.updatedAt'],
    policy: { updatedAt: { index: false } },
    isLoose: true,
    before: 'model Lead {\n  id Int @id\n',
    after: 'model Lead {\n  id Int @id\n\n  updatedAt DateTime @updatedAt\n',
  },
}

describe('audit fields written into a schema', () => {
  for (const [title, { wanted, policy: changes, before, after, isLoose, isPartial }] of Object.entries(CASES)) {
    it(title, async () => {
      const policy = policyWith(changes)
      const fields = wanted.map(toModelField)
      const edited = apply(HEAD + before, (schema) => auditFieldEdits(schema, policy, fields))
      assert.equal(edited.slice(HEAD.length), after)
      if (isLoose === undefined) {
        assert.equal(await formatted(edited), edited)
        await getDMMF({ datamodel: edited })
      }
      if (isPartial === undefined) {
        const untouched = schemaOf(HEAD + before)
        const removals = fields.map((one) => ({ ...one, parts: missingSchemaParts(untouched, policy, one) }))
        assert.equal(apply(edited, (schema) => auditFieldRemovals(schema, policy, removals)).slice(HEAD.length), before)
      }
      const carriageReturns = (text: string) => text.replaceAll('\n', '\r\n')
      assert.equal(
        apply(carriageReturns(HEAD + before), (schema) => auditFieldEdits(schema, policy, fields)),
        carriageReturns(edited),
      )
    })
  }

  it('go where the models are, in several files', () => {
    const files = [
      { path: 'lead.prisma', text: LEAD },
      { path: 'user.prisma', text: USER },
    ]
    const policy = policyWith({ ownerId: { index: false } })
    const wanted = [toModelField('Lead.ownerId')]
    const after = applyToFiles(files, auditFieldEdits(parseSchema(files), policy, wanted))
    assert.match(after[0]!.text, /owner {3}User\? @relation/)
    assert.match(after[1]!.text, /leads {5}Lead\[\]/)
    assert.deepEqual(applyToFiles(after, auditFieldRemovals(parseSchema(after), policy, wanted)), files)
  })

  it('break the cycle that Prisma refuses where the client keeps relations', async () => {
    const text = HEAD.replace('"\n', '"\n  relationMode = "prisma"\n') + USER
    const before = await formatted(text)
    const after = apply(before, (schema) =>
      auditFieldEdits(schema, policyWith({ updatedBy: { index: false } }), [toModelField('User.updatedBy')]),
    )
    assert.match(after, /onDelete: Restrict, onUpdate: Restrict/)
    assert.match(after, /@@index\(\[updatedById\]\)/)
    await getDMMF({ datamodel: after })
  })
})

describe('audit fields taken out of a schema', () => {
  it('leave what was edited meanwhile', () => {
    const policy = policyWith()
    const wanted = (['User.updatedAt', 'User.updatedBy', 'Lead.ownerId'] as const).map(toModelField)
    const edited = apply(HEAD + USER + LEAD, (schema) => auditFieldEdits(schema, policy, wanted))
    const between = edited
      .replace('  email     String   @unique\n', '  email     String   @unique // login\n  phone     String?\n')
      .replace('  @@index([ownerId])\n', '  @@index([ownerId, name])\n  @@index([name])\n')
      .replace('  updatedById ', '  /// Who did it.\n  updatedById ')
      .concat('\nmodel New {\n  id Int @id\n}\n')
    const after = apply(between, (schema) => auditFieldRemovals(schema, policy, wanted))
    const expected = (HEAD + USER + LEAD)
      .replace('  email     String   @unique\n', '  email     String   @unique // login\n  phone     String?\n')
      .replace('  name String\n', '  name String\n\n  @@index([name])\n')
      .concat('\nmodel New {\n  id Int @id\n}\n')
    assert.equal(after, expected)
  })

  it('narrow the columns of a group that they had widened', async () => {
    const before = await formatted(
      `${HEAD}model User {\n  id Int @id\n  updatedAt DateTime @updatedAt\n  a Int @default(1)\n}\n`,
    )
    const after = apply(before, (schema) => auditFieldRemovals(schema, policyWith(), [toModelField('User.updatedAt')]))
    assert.equal(after, await formatted(after))
    assert.equal(after.slice(HEAD.length), 'model User {\n  id Int @id\n  a  Int @default(1)\n}\n')
  })

  it('never take a field that only serves as one', () => {
    const text = USER.replace('createdAt DateTime @default(now())', 'changed   DateTime @updatedAt')
    assert.equal(
      apply(text, (schema) => auditFieldRemovals(schema, policyWith(), [toModelField('User.updatedAt')])),
      text,
    )
  })
})

function toModelField(name: Case['wanted'][number]): ModelAuditField {
  const [model, field] = name.split('.') as [string, ModelAuditField['field']]
  return { model, field }
}

function apply(
  text: string,
  edit: (schema: ReturnType<typeof parseSchema>) => Parameters<typeof applyToFiles>[1],
): string {
  const files = [{ path: FILE, text }]
  return applyToFiles(files, edit(parseSchema(files)))[0]!.text
}
