import fc from 'fast-check'

/** A schema, a policy for it, and rows. */
export interface GeneratedProject {
  readonly schema: string
  readonly policy: unknown
  readonly rows: string
}

/**
 * Users and one to three other tables of every shape that a migration must cope with, and every setting of a policy.
 */
export function projectArbitrary(): fc.Arbitrary<GeneratedProject> {
  return fc
    .record({
      user: fc.constantFrom(...USER_KEYS),
      userTable: tableNameArbitrary(),
      others: fc.array(
        fc.record({ key: fc.constantFrom(...KEYS), table: tableNameArbitrary(), column: fc.constantFrom(...COLUMNS) }),
        {
          minLength: 1,
          maxLength: 3,
        },
      ),
      fields: fieldsArbitrary(),
      rows: fc.constantFrom(0, 1, 7, 2500),
    })
    .map(({ user, userTable, others, fields, rows }) => {
      const models = others.map(({ key, table, column }, number) => {
        const lines = [...key.fields, ...column.fields, `@@map(${JSON.stringify(`${table}${number}`)})`]
        return `model M${number} {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`
      })
      const schema = [
        'datasource db {\n  provider = "postgresql"\n}\n',
        `model Person {\n  ${user.field}\n  @@map(${JSON.stringify(userTable)})\n}\n`,
        ...models,
      ].join('')
      const inserts = others.map(({ key, table, column }, number) => {
        const names = [...key.columns, ...column.columns].map(quote).join(', ')
        const values = [...key.values, ...column.values].join(', ')
        return `INSERT INTO ${quote(`${table}${number}`)} ${names === '' ? '' : `(${names})`} SELECT ${values} FROM generate_series(1, ${rows}) AS i`
      })
      return {
        schema,
        policy: {
          userModel: 'Person',
          rules: [{ models: ['*'], require: ['updatedAt', 'updatedBy', 'ownerId'] }],
          fields,
        },
        rows: [
          `INSERT INTO ${quote(userTable)} (id) SELECT ${user.value} FROM generate_series(1, 3) AS i`,
          ...inserts,
        ].join(';\n'),
      }
    })
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

const USER_KEYS = [
  { field: 'id Int @id @default(autoincrement())', value: 'i' },
  { field: 'id BigInt @id', value: 'i * 5000000000' },
  { field: 'id String @id', value: `'u' || i` },
  { field: 'id String @id @default(uuid()) @db.Uuid', value: 'gen_random_uuid()' },
  { field: 'id String @id @db.VarChar(20)', value: `'v' || i` },
]

const KEYS = [
  { fields: ['id Int @id @default(autoincrement())'], columns: ['id'], values: ['i'] },
  { fields: ['id String @id @default(dbgenerated("gen_random_uuid()")) @db.Uuid'], columns: [], values: [] },
  {
    fields: ['a String', 'b Int @map("the key")', '@@id([b, a])'],
    columns: ['a', 'the key'],
    values: [`'x' || i % 5`, 'i'],
  },
  { fields: ['code Int @unique'], columns: ['code'], values: ['i'] },
]

const COLUMNS = [
  { fields: ['name String?'], columns: ['name'], values: [`repeat('x', i % 300)`] },
  { fields: ['data Json @db.Json'], columns: ['data'], values: [`json_build_object('a', i)`] },
  { fields: ['list String[]'], columns: ['list'], values: [`ARRAY['a', 'b']`] },
  { fields: ['kept DateTime? @map("updatedAt")', 'select Int?'], columns: ['select'], values: ['i'] },
  { fields: ['at DateTime @default(now()) @updatedAt @map("updatedAt") @db.Timestamptz(6)'], columns: [], values: [] },
]

function tableNameArbitrary(): fc.Arbitrary<string> {
  return fc.constantFrom(
    ...[
      'plain',
      'Mixed',
      'order',
      `it's`,
      `quo"te`,
      'Ünï cödé',
      '$$',
      '$block$',
      '; DROP TABLE "x"; --',
      ':name',
      '%s %I',
    ],
    ...['a long name, whose indexes have names to cut', 'ü'.repeat(20)],
  )
}

function fieldsArbitrary(): fc.Arbitrary<unknown> {
  const relation = { index: fc.boolean(), relation: fc.boolean() }
  return fc.record({
    updatedAt: fc.record({ trigger: fc.boolean(), index: fc.boolean() }),
    updatedBy: fc.record({ ...relation, onDelete: fc.constantFrom('SetNull', 'Restrict', 'NoAction', 'Cascade') }),
    ownerId: fc.record({
      ...relation,
      onDelete: fc.constantFrom('Restrict', 'NoAction', 'Cascade'),
      required: fc.boolean(),
      populate: fc.constant('first-user'),
    }),
  })
}
