import assert from 'node:assert/strict'
import { auditFieldsOf } from '../../../server/src/audit-fields/present-fields'
import { lowerPlural, upperPlural } from '../../../server/src/schema/edits/names'
import { findModel } from '../../../server/src/schema/lookup'
import { policyWith, schemaOf, type PolicyChanges } from './support'

describe('the audit fields that a model has', () => {
  check('none', ['bornAt DateTime', 'created_at DateTime'], [])
  check(
    'when and by whom it was created',
    ['createdAt DateTime', 'createdById Int'],
    ['createdAt createdAt createdAt -', 'createdBy createdById createdById -'],
  )
  check(
    'by their own names',
    ['updatedAt DateTime', 'updatedBy String?', 'ownerId Int'],
    ['updatedAt updatedAt updatedAt -', 'updatedBy updatedBy updatedBy -', 'ownerId ownerId ownerId -'],
  )
  check(
    "by the policy's columns",
    ['changed DateTime @map("updated_at")', 'who Int @map("updated_by")', 'o Int @map("owner")'],
    ['updatedAt changed updated_at -', 'updatedBy who updated_by -', 'ownerId o owner -'],
    { updatedAt: { column: 'updated_at' }, updatedBy: { column: 'updated_by' }, ownerId: { column: 'owner' } },
  )
  check(
    'by relations',
    [
      'editorId Int?',
      'updatedBy User? @relation("a", fields: [editorId], references: [id])',
      'possessorId Int?',
      'owner User? @relation("b", fields: [possessorId], references: [id])',
    ],
    ['updatedBy editorId editorId updatedBy', 'ownerId possessorId possessorId owner'],
  )
  check(
    'by the scalar beside its relation',
    ['updatedById Int? @map("updatedBy")', 'updatedBy User? @relation(fields: [updatedById], references: [id])'],
    ['updatedBy updatedById updatedBy updatedBy'],
  )
  check('by a column updatedById', ['by Int @map("updatedById")'], ['updatedBy by updatedById -'])
  check('by the attribute that Prisma keeps', ['modified DateTime @updatedAt'], ['updatedAt modified modified -'])
  check(
    'not by a relation whose scalar is missing, nor a list',
    ['owner User? @relation(fields: [ownerId], references: [id])', 'updatedBy User[]'],
    [],
  )

  function check(title: string, fields: string[], expected: string[], changes?: PolicyChanges): void {
    it(title, () => {
      const schema = schemaOf(`model Lead {\n  id Int @id\n${fields.map((field) => `  ${field}\n`).join('')}}\n`)
      const present = auditFieldsOf(policyWith(changes), findModel(schema, 'Lead')!.model)
      const found = Object.entries(present).flatMap(([name, field]) =>
        field === null ? [] : [`${name} ${field.field.name.text} ${field.column} ${field.relation?.name.text ?? '-'}`],
      )
      assert.deepEqual(found, expected)
    })
  }
})

describe('the plural of a model', () => {
  const plurals: [model: string, lower: string, upper: string][] = [
    ['Lead', 'leads', 'Leads'],
    ['OrderItem', 'orderItems', 'OrderItems'],
    ['order_item', 'orderItems', 'OrderItems'],
    ['Company', 'companies', 'Companies'],
    ['Day', 'days', 'Days'],
    ['Address', 'addresses', 'Addresses'],
    ['Box', 'boxes', 'Boxes'],
    ['Status', 'statuses', 'Statuses'],
    ['Analysis', 'analyses', 'Analyses'],
    ['Person', 'people', 'People'],
    ['Child', 'children', 'Children'],
    ['News', 'news', 'News'],
    ['APIKey', 'apiKeys', 'APIKeys'],
    ['URL', 'urls', 'URLs'],
    ['x', 'xes', 'Xes'],
  ]
  for (const [model, lower, upper] of plurals) {
    it(`of ${model} is ${lower}`, () => assert.deepEqual([lowerPlural(model), upperPlural(model)], [lower, upper]))
  }
})
