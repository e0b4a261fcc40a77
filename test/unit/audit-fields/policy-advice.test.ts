import assert from 'node:assert/strict'
import { choiceOfDraft, EMPTY_DRAFT, offeredFields, suggestedFields } from '../../../client/src/policy/policy-steps'
import { chosenPolicy } from '../../../server/src/audit-fields/chosen-policy'
import { parsePolicy } from '../../../server/src/audit-fields/parse-policy'
import { advisePolicy } from '../../../server/src/audit-fields/policy-advice'
import { proposedPolicy } from '../../../server/src/audit-fields/proposed-policy'
import { schemaOf } from '../schema/support'

describe('an opinion on the models, for a first policy', () => {
  const schema = schemaOf(SCHEMA())
  const roles = (text: string, users: string | null = null) =>
    Object.fromEntries(advisePolicy(schemaOf(text), users).models.map(({ name, role }) => [name, role]))

  it('knows users, joins, logs and what is owned', () => {
    assert.deepEqual(roles(SCHEMA()), {
      Company: 'other',
      Person: 'users',
      Deal: 'owned',
      DealTag: 'join',
      Tag: 'other',
      LoginAttempt: 'log',
      Delivery: 'log',
      Membership: 'join',
    })
    assert.deepEqual(
      advisePolicy(schema).userModels.filter(({ isLikely }) => isLikely),
      [{ name: 'Person', isLikely: true }],
    )
  })

  it('takes a session that says when it was changed for no log, and wants nobody’s name in it', () => {
    const session = (more: string) =>
      `model Session {\n  id Int @id\n  createdAt DateTime\n${more}  user User @relation(fields: [u], references: [id])\n  u Int\n}\nmodel User {\n  id Int @id\n  email String\n}\n`
    const advice = (more: string) => advisePolicy(schemaOf(session(more))).models[0]
    assert.equal(advice('')?.role, 'log')
    assert.deepEqual(
      [advice('  updatedAt DateTime @updatedAt\n')].map((each) => [each?.role, each?.suggested]),
      [['other', ['updatedAt']]],
    )
  })

  it('follows the person who says who the users are, and says nothing of users where there are none', () => {
    assert.equal(roles(SCHEMA(), 'Company').Company, 'users')
    const { userModels, models } = advisePolicy(schemaOf('model Thing {\n  id Int @id\n  name String\n}'))
    assert.deepEqual(
      [userModels, models.map(({ suggested }) => suggested)],
      [[{ name: 'Thing', isLikely: false }], [['updatedAt']]],
    )
  })

  it('suggests no field that references another model than the users, or says in words who it was', () => {
    const deal = (by: string) =>
      `model Deal {\n  id Int @id\n  title String\n  owner User @relation("o", fields: [o], references: [id])\n  o Int\n  updatedById Int?\n  updatedBy ${by}? @relation("u", fields: [updatedById], references: [id])\n}\n`
    const people = ['User', 'Member'].map((name) => `model ${name} {\n  id Int @id\n  email String\n}\n`).join('')
    const advice = (by: string) => advisePolicy(schemaOf(people + deal(by))).models[2]
    assert.deepEqual(
      ['User', 'Member'].map(advice).map((each) => [each?.suggested, each?.present]),
      [
        [
          ['updatedAt', 'updatedBy'],
          ['updatedBy', 'ownerId'],
        ],
        [['updatedAt'], ['ownerId']],
      ],
    )
    const inWords = people + deal('User').replace(/updatedById Int[^}]*/, 'updatedBy String?\n')
    assert.deepEqual(advisePolicy(schemaOf(inWords)).models[2]?.suggested, ['updatedAt'])
  })

  it('takes Account for the users unless there is User, and neither for a log that refers to it', () => {
    const model = (name: string, more = '') => `model ${name} {\n  id Int @id\n  email String\n${more}}\n`
    const first = (text: string) => advisePolicy(schemaOf(text)).userModels[0]?.name
    assert.equal(first(model('Account')), 'Account')
    assert.equal(first(model('Account') + model('AppUser', '  password String\n  firstName String\n')), 'AppUser')
    assert.equal(first(model('UserSession') + model('User')), 'User')
  })

  it('becomes a policy that says it briefly, and requires exactly what was chosen', () => {
    const all = advisePolicy(schema).models.map(({ name }) => name)
    const text = chosenPolicy(schema, {
      userModel: 'Person',
      fields: {
        updatedAt: all.filter((name) => name !== 'Tag'),
        ownerId: ['Deal'],
        updatedBy: ['Deal'],
        createdAt: [],
      },
    })
    assert.deepEqual(JSON.parse(text), {
      userModel: 'Person',
      rules: [
        { models: ['*', '!Tag'], require: ['updatedAt'] },
        { models: ['Deal'], require: ['updatedBy', 'ownerId'] },
      ],
      fields: { updatedAt: { index: false } },
    })
    // Lists that fit stand in one line.
    assert.match(text, /^ {4}\{ "models": \[.+\], "require": \[.+\] \}/m)
    assert.deepEqual(parsePolicy(text).problems, [])
    assert.deepEqual(parsePolicy(chosenPolicy(schema, { userModel: null, fields: {} })).problems, [])
  })

  it('becomes a policy whose columns are named as those of the schema', () => {
    const columns =
      '  id Int @id\n  createdAt DateTime @map("created_at")\n  owner User? @relation(fields: [id], references: [id])\n'
    const snake = schemaOf(
      `model User {\n  id Int @id\n  firstName String @map("first_name")\n}\nmodel Deal {\n${columns}}\n`,
    )
    const fields = { updatedAt: ['Deal'], ownerId: ['Deal'] }
    const { fields: settings } = JSON.parse(chosenPolicy(snake, { userModel: 'User', fields })) as { fields: unknown }
    assert.deepEqual(settings, { updatedAt: { column: 'updated_at', index: false }, ownerId: { column: 'owner_id' } })
    assert.match(proposedPolicy(snake), /"updatedBy": \{ "column": "updated_by" \}/)
  })

  it('is asked step by step: what was not said yet is what is suggested', () => {
    const { userModels, models } = advisePolicy(schema)
    const fields = [
      { name: 'updatedAt', meaning: '', refersToUsers: false },
      { name: 'ownerId', meaning: '', refersToUsers: true },
    ]
    const advice = {
      ...{ existing: null, fields, userModels, warnings: null },
      models: models.map(({ name, present, suggested }) => ({ name, looksLike: '', present, suggested })),
    }
    assert.deepEqual(suggestedFields(advice), ['updatedAt'])
    assert.deepEqual(offeredFields({ ...advice, userModels: [] }, null), ['updatedAt'])
    const draft = {
      ...EMPTY_DRAFT,
      userModel: 'Person',
      fields: ['updatedAt', 'ownerId'],
      models: { ownerId: ['Deal'] },
    }
    assert.deepEqual(choiceOfDraft(advice, draft), {
      userModel: 'Person',
      fields: { updatedAt: ['Company', 'Person', 'Deal', 'Tag'], ownerId: ['Deal'] },
    })
  })
})

function SCHEMA(): string {
  return `
model Company {
  id      Int      @id
  name    String
  people  Person[]
  members Membership[]
}

model Person {
  id        Int      @id
  email     String   @unique
  password  String
  companyId Int
  company   Company  @relation(fields: [companyId], references: [id])
  deals     Deal[]
  attempts  LoginAttempt[]
  members   Membership[]
}

model Deal {
  id       Int       @id
  title    String
  sellerId Int
  seller   Person    @relation(fields: [sellerId], references: [id])
  tags     DealTag[]
}

model DealTag {
  dealId Int
  tagId  Int
  note   String?
  deal   Deal @relation(fields: [dealId], references: [id])
  tag    Tag  @relation(fields: [tagId], references: [id])
  @@id([dealId, tagId])
}

model Tag {
  id   Int    @id
  name String
  deals DealTag[]
}

model LoginAttempt {
  id       Int    @id
  personId Int
  person   Person @relation(fields: [personId], references: [id])
}

model Delivery {
  id        Int      @id
  payload   Json
  createdAt DateTime @default(now())
}

model Membership {
  id        Int      @id
  personId  Int
  companyId Int
  position  Int
  createdAt DateTime @default(now())
  person    Person   @relation(fields: [personId], references: [id])
  company   Company  @relation(fields: [companyId], references: [id])
}
`
}
