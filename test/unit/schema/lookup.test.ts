import assert from 'node:assert/strict'
import {
  columnNameOf,
  databaseNameOf,
  databaseSchemaOf,
  datasourceSettingsOf,
  enumsOf,
  fieldNamesArgument,
  findArgument,
  findAttribute,
  findField,
  findModel,
  modelsOf,
  nativeTypeOf,
  previewFeaturesOf,
  stringArgument,
  viewsOf,
  wordArgument,
} from '../../../server/src/schema/lookup'
import { schemaOf } from './support'

const SCHEMA = schemaOf(`
datasource db {
  provider     = "postgresql"
  url          = env("DATABASE_URL")
  directUrl    = "postgresql://localhost/x"
  schemas      = ["public", "billing"]
  relationMode = "prisma"
}
generator a {
  previewFeatures = ["views"]
}
generator b {
  previewFeatures = "metrics"
}
model Lead {
  id      Int    @id @map("lead_id")
  title   String @map(name: "lead_title") @db.VarChar(20)
  ownerId Int
  owner   User   @relation(name: "LeadOwner", fields: [ownerId], references: [id], onDelete: Cascade)

  @@unique([title(sort: Desc), ownerId], map: "x")
  @@map("leads")
  @@schema("billing")
}
view Report {
  id Int
}
enum Role {
  ADMIN
}
`)

describe('looking things up in a schema', () => {
  const lead = findModel(SCHEMA, 'Lead')!.model
  const owner = findField(lead, 'owner')!

  it('finds blocks by their kind', () => {
    assert.deepEqual(
      modelsOf(SCHEMA).map(({ model }) => model.name.text),
      ['Lead'],
    )
    assert.deepEqual(
      viewsOf(SCHEMA).map(({ model }) => model.name.text),
      ['Report'],
    )
    assert.deepEqual(
      enumsOf(SCHEMA).map(({ block }) => block.name.text),
      ['Role'],
    )
    assert.equal(findModel(SCHEMA, 'Report'), null)
    assert.equal(findModel(SCHEMA, 'nobody'), null)
  })

  it('finds arguments by name and by place', () => {
    const relation = findAttribute(owner, 'relation')!
    assert.equal(stringArgument(relation, 'name', 0), 'LeadOwner')
    assert.equal(wordArgument(relation, 'onDelete'), 'Cascade')
    assert.equal(wordArgument(relation, 'onUpdate'), null)
    assert.deepEqual(fieldNamesArgument(relation, 'fields'), ['ownerId'])
    const unique = findAttribute(lead, 'unique')!
    assert.deepEqual(fieldNamesArgument(unique, 'fields', 0), ['title', 'ownerId'])
    assert.deepEqual(fieldNamesArgument(unique, 'nothing'), [])
    assert.equal(findArgument(unique, 'fields'), null)
    assert.equal(nativeTypeOf(findField(lead, 'title')!)?.name.text, 'db.VarChar')
    assert.equal(nativeTypeOf(owner), null)
  })

  it('gives names in the database', () => {
    assert.deepEqual(lead.fields.map(columnNameOf), ['lead_id', 'lead_title', 'ownerId', 'owner'])
    assert.equal(databaseNameOf(lead), 'leads')
    assert.equal(databaseNameOf(enumsOf(SCHEMA)[0]!.block), 'Role')
    assert.equal(databaseSchemaOf(lead), 'billing')
    assert.equal(databaseSchemaOf(enumsOf(SCHEMA)[0]!.block), null)
  })

  it('reads the datasource and the generators', () => {
    assert.deepEqual(datasourceSettingsOf(SCHEMA), {
      provider: 'postgresql',
      url: { kind: 'environment', variable: 'DATABASE_URL' },
      directUrl: { kind: 'literal', url: 'postgresql://localhost/x' },
      schemas: ['public', 'billing'],
      relationMode: 'prisma',
    })
    assert.deepEqual(previewFeaturesOf(SCHEMA), ['views', 'metrics'])
  })

  it('and does without a datasource', () => {
    assert.deepEqual(datasourceSettingsOf(schemaOf('')), {
      provider: null,
      url: null,
      directUrl: null,
      schemas: [],
      relationMode: 'foreignKeys',
    })
  })
})
