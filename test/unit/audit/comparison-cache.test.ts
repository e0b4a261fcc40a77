import assert from 'node:assert/strict'
import fc from 'fast-check'
import { compare, compareFiles } from '../../../server/src/audit/compare'
import { createComparisonCache } from '../../../server/src/audit/comparison-cache'
import { parsePolicy } from '../../../server/src/audit/parse-policy'
import type { SchemaModel } from '../../../server/src/schema/model'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { databaseOf, tableOf } from './database-builder'

/** Blocks that look at each other: keys, enums, many-to-many relations, names that are declared twice. */
const BLOCKS = [
  'datasource db {\n  provider = "postgresql"\n}',
  'datasource db {\n  provider = "postgresql"\n  relationMode = "prisma"\n}',
  'generator client {\n  previewFeatures = ["partialIndexes"]\n}',
  'enum Role {\n  A\n}',
  'enum Role {\n  A\n  @@map("roles")\n}',
  'model User {\n  id Int @id\n  role Role\n  leads Lead[]\n  tags Tag[]\n}',
  'model User {\n  id String @id @db.Uuid\n  leads Lead[]\n}',
  'model User {\n  id Int @id @map("key")\n  @@map("users")\n}',
  'model Lead {\n  id Int @id\n  userId Int?\n  user User? @relation(fields: [userId], references: [id])\n}',
  'model Lead {\n  id Int @id\n  ownerId Int?\n  owner User? @relation(fields: [ownerId], references: [id], onDelete: Cascade)\n}',
  'model Tag {\n  id Int @id\n  users User[]\n}',
  'model Tag {\n  id Int @id\n}',
  'view Summary {\n  id Int\n}',
  'model Half {\n  id',
]

const DATABASE = databaseOf([
  tableOf('User', ['role text']),
  tableOf('Lead', ['userId integer', 'ownerId integer']),
  tableOf('Tag', []),
  tableOf('_TagToUser', ['A integer', 'B integer']),
])

const POLICY = parsePolicy('{ "rules": [{ "models": ["*"], "require": ["updatedAt", "ownerId"] }] }').policy

describe('the comparison cache', () => {
  it('never changes what is found, whatever is edited', () => {
    const text = fc.array(fc.constantFrom(...BLOCKS), { maxLength: 4 }).map((blocks) => blocks.join('\n\n'))
    const edit = fc.record({ file: fc.nat({ max: 2 }), text, usesPolicy: fc.boolean(), hasDatabase: fc.boolean() })
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 12 }), (edits) => {
        const cache = createComparisonCache()
        const texts = ['', '', '']
        let schema: SchemaModel | undefined
        for (const { file, text: written, usesPolicy, hasDatabase } of edits) {
          texts[file] = written
          schema = parseSchema(
            texts.map((content, number) => ({ path: `${String(number)}.prisma`, text: content })),
            schema,
          )
          const input = { schema, policy: usesPolicy ? POLICY : null, database: hasDatabase ? DATABASE : null }
          assert.deepEqual(compare({ ...input, cache }), compare(input))
        }
      }),
      { numRuns: 200 },
    )
  })

  it('gives the very same list for a file that an edit elsewhere does not touch', () => {
    const cache = createComparisonCache()
    const files = (extra: string) => [
      { path: 'a.prisma', text: `model User {\n  id Int @id${extra}\n}` },
      { path: 'b.prisma', text: 'model Tag {\n  id Int @id\n  name String\n}' },
    ]
    const first = parseSchema(files(''))
    const before = compareFiles({ schema: first, policy: null, database: DATABASE, cache })
    const second = parseSchema(files('\n  more Int'), first)
    const after = compareFiles({ schema: second, policy: null, database: DATABASE, cache })
    assert.equal(after[1]?.findings, before[1]?.findings)
    assert.notEqual(after[0]?.findings, before[0]?.findings)
  })
})
