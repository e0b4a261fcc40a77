import assert from 'node:assert/strict'
import fc from 'fast-check'
import { compare, compareFiles, type ComparisonInput } from '../../../server/src/audit/compare'
import { createComparisonCache } from '../../../server/src/audit/comparison-cache'
import { parsePolicy } from '../../../server/src/audit-fields/parse-policy'
import type { SchemaModel } from '../../../server/src/schema/model'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import type { DatabaseEnum, DatabaseModel, Table, TriggerFunction } from '../../../server/src/database/model'
import { databaseOf, tableOf, triggerOf } from './database-builder'

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
  'model Tag {\n  id Int @id\n  updatedAt DateTime @updatedAt\n}',
  'model Old {\n  id Int @id\n  @@map("tags")\n}',
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

/** The same objects whenever they are chosen, as between two readings of a catalog. */
const TABLES: readonly (readonly (Table | null)[])[] = [
  [tableOf('User', ['role text']), tableOf('User', []), tableOf('User', [], { columns: [] }), null],
  [tableOf('users', [], { kind: 'view' }), tableOf('users', ['role text']), null],
  [
    tableOf('Lead', ['userId integer', 'ownerId integer']),
    tableOf('Lead', ['userId integer'], { foreignKeys: [foreignKeyTo('User')] }),
    tableOf('Lead', ['userId integer'], { foreignKeys: [foreignKeyTo('User')], estimatedRows: 7 }),
    null,
  ],
  [
    tableOf('Tag', ['updatedAt timestamp(3) without time zone'], { triggers: [triggerOf('touch_tag', 'touch')] }),
    tableOf('Tag', ['updatedAt timestamp(3) without time zone']),
    null,
  ],
  [tableOf('_TagToUser', ['A integer', 'B integer']), null],
  [tableOf('Summary', []), null],
  [tableOf('tags', []), null],
]

const ENUMS: readonly (DatabaseEnum | null)[] = [
  { schema: 'public', name: 'Role', values: ['A'] },
  { schema: 'public', name: 'Role', values: ['B'] },
  { schema: 'public', name: 'roles', values: ['A'] },
  null,
]

const FUNCTIONS: readonly (TriggerFunction | null)[] = [
  functionOf('BEGIN NEW."updatedAt" = now() AT TIME ZONE \'UTC\'; RETURN NEW; END'),
  functionOf('BEGIN NEW."updatedAt" = now(); RETURN NEW; END'),
  functionOf('BEGIN RETURN NEW; END'),
  null,
]

const EXTERNALS = [undefined, { tables: ['Lead'], enums: ['Role'] }] as const

function foreignKeyTo(referencedTable: string): Table['foreignKeys'][number] {
  return {
    name: 'Lead_userId_fkey',
    columns: ['userId'],
    referencedSchema: 'public',
    referencedTable,
    referencedColumns: ['id'],
    onDelete: 'SET NULL',
    onUpdate: 'CASCADE',
    deferrable: false,
    validated: true,
  }
}

function functionOf(source: string): TriggerFunction {
  return { schema: 'public', name: 'touch', language: 'plpgsql', source, comment: null, usedBy: [] }
}

function present<Item>(items: readonly (Item | null)[]): Item[] {
  return items.filter((item) => item !== null)
}

/** A schema file as the blocks and blank lines that an edit puts in the place of others. */
const SCHEMA_EDIT = fc.record({
  kind: fc.constant('schema' as const),
  file: fc.nat({ max: 2 }),
  at: fc.nat({ max: 6 }),
  removed: fc.nat({ max: 2 }),
  added: fc.array(fc.constantFrom(...BLOCKS, ''), { maxLength: 2 }),
})

const DATABASE_CHANGE = fc
  .record({
    tables: fc.tuple(...TABLES.map((variants) => fc.constantFrom(...variants))),
    enumeration: fc.constantFrom(...ENUMS),
    trigger: fc.constantFrom(...FUNCTIONS),
    defaultSchema: fc.constantFrom('public', 'public', 'public', 'other'),
  })
  .map(({ tables, enumeration, trigger, defaultSchema }) => ({
    kind: 'database' as const,
    database: databaseOf(present(tables), {
      enums: present([enumeration]),
      triggerFunctions: present([trigger]),
      defaultSchema,
    }),
  }))

const STEP = fc.oneof(
  { weight: 6, arbitrary: SCHEMA_EDIT },
  { weight: 4, arbitrary: DATABASE_CHANGE },
  { weight: 1, arbitrary: fc.constant({ kind: 'disconnect' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('policy' as const), policy: fc.constantFrom(POLICY, null) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('external' as const), external: fc.constantFrom(...EXTERNALS) }),
  },
)

describe('the comparison cache', () => {
  it('never changes what is found, whatever is edited, and whatever changes in the database', () => {
    fc.assert(
      fc.property(fc.array(STEP, { minLength: 1, maxLength: 30 }), (steps) => {
        const cache = createComparisonCache()
        const files: string[][] = [[], [], []]
        let schema: SchemaModel | undefined
        let database: DatabaseModel | null = DATABASE
        let policy = POLICY
        let external: (typeof EXTERNALS)[number]
        for (const step of steps) {
          if (step.kind === 'schema') files[step.file]?.splice(step.at, step.removed, ...step.added)
          else if (step.kind === 'database') database = step.database
          else if (step.kind === 'disconnect') database = null
          else if (step.kind === 'policy') policy = step.policy
          else external = step.external
          schema = parseSchema(
            files.map((blocks, number) => ({ path: `${String(number)}.prisma`, text: blocks.join('\n\n') })),
            schema,
          )
          const input: ComparisonInput = { schema, policy, database, ...(external === undefined ? {} : { external }) }
          assert.deepEqual(compare({ ...input, cache }), compare(input))
        }
      }),
      { numRuns: 300 },
    )
  })

  it('never changes what is found where files come and go', () => {
    const text = fc.array(fc.constantFrom(...BLOCKS), { maxLength: 3 }).map((blocks) => blocks.join('\n\n'))
    const files = fc.uniqueArray(fc.record({ path: fc.constantFrom('a', 'b', 'c', 'd'), text }), {
      selector: ({ path }) => path,
    })
    fc.assert(
      fc.property(fc.array(files, { minLength: 1, maxLength: 8 }), (versions) => {
        const cache = createComparisonCache()
        let schema: SchemaModel | undefined
        for (const version of versions) {
          schema = parseSchema(version, schema)
          const input = { schema, policy: POLICY, database: DATABASE }
          assert.deepEqual(compare({ ...input, cache }), compare(input))
        }
      }),
      { numRuns: 100 },
    )
  })

  it('looks at a relation again when the table that it refers to changes', () => {
    const cache = createComparisonCache()
    const text =
      'model User {\n  id Int @id\n  leads Lead[]\n}\n\n' +
      'model Lead {\n  id Int @id\n  userId Int?\n  user User? @relation(fields: [userId], references: [id])\n}'
    const schema = parseSchema([{ path: 'a.prisma', text }])
    const lead = tableOf('Lead', ['userId integer'])
    const check = (user: Table, expected: 'warning' | 'information'): void => {
      const found = compare({ schema, policy: POLICY, database: databaseOf([user, lead]), cache })
      const severities = found.filter(({ code }) => code === 'foreign-key-missing').map(({ severity }) => severity)
      assert.deepEqual(severities, [expected])
    }
    check(tableOf('User', [], { columns: [] }), 'information')
    check(tableOf('User', []), 'warning')
    check(tableOf('User', [], { columns: [] }), 'information')
  })

  it('gives the very same lists for as long as nothing in them changes', () => {
    const cache = createComparisonCache()
    const files = (type: string) => [
      { path: 'a.prisma', text: 'datasource db {\n  provider = "postgresql"\n}\n\nmodel User {\n  id Int @id\n}' },
      {
        path: 'b.prisma',
        text: `model Tag {\n  id Int @id\n  name ${type}\n  more Int\n}\n\nmodel Last {\n  id Int\n}`,
      },
    ]
    const user = tableOf('User', ['role text'])
    const lists = (schema: SchemaModel, database: DatabaseModel) =>
      compareFiles({ schema, policy: POLICY, database, cache }).map(({ findings }) => findings)
    const schema = parseSchema(files('String'))
    const before = lists(schema, databaseOf([user, tableOf('unmapped', [])]))
    assert.ok(before.every((findings) => findings.length > 0))
    const check = (after: typeof before): void => {
      assert.equal(after[0], before[0])
      assert.equal(after[1], before[1])
    }
    check(lists(schema, databaseOf([user, tableOf('unmapped', [])])))
    check(lists(schema, databaseOf([tableOf('User', ['role text'], { estimatedRows: 9 }), tableOf('unmapped', [])])))
    check(lists(parseSchema(files('Int   '), schema), databaseOf([user, tableOf('unmapped', [])])))
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
