import assert from 'node:assert/strict'
import { prismaDiff } from '../../support/oracle'
import { usePostgres } from '../../support/postgres'
import { drift } from './compare-support'

/** A column's type and default in SQL, and the same field in the schema, with the value that the default is. */
const DEFAULTS: readonly (readonly [sql: string, value: string, type: string, prisma: string])[] = [
  ['numeric(65,30)', '0::int::numeric', 'Decimal?', '0'],
  ['numeric(65,30)', '-1.5', 'Decimal?', '-1.5'],
  ['float8', '0::int::float8', 'Float?', '0'],
  ['float8', '-5', 'Float?', '-5'],
  ['text', '5::text', 'String?', '"5"'],
  ['text', '5', 'String?', '"5"'],
  ['text', 'true', 'String?', '"true"'],
  ['text', `'x'::varchar`, 'String?', '"x"'],
  ['varchar(9)', `'x'::text`, 'String? @db.VarChar(9)', '"x"'],
  ['bool', `('t'::text)::boolean`, 'Boolean?', 'true'],
  ['int', '5::bigint', 'Int?', '5'],
  ['int', '-5', 'Int?', '-5'],
  ['int', '0.0', 'Int?', '0'],
  ['int', '10.0', 'Int?', '10'],
  ['bigint', '5::int', 'BigInt?', '5'],
  ['smallint', '5', 'Int? @db.SmallInt', '5'],
  ['money', '5', 'Decimal? @db.Money', '5'],
  ['citext', `'It''s'`, 'String? @db.Citext', `"It's"`],
  ['jsonb', `'{}'`, 'Json?', '"{}"'],
  ['json', `'{"b":1,"a":2}'`, 'Json? @db.Json', String.raw`"{\"a\":2,\"b\":1}"`],
  ['inet', `'127.0.0.1'`, 'String? @db.Inet', '"127.0.0.1"'],
  ['bit(3)', `b'101'`, 'String? @db.Bit(3)', '"101"'],
  ['bytea', String.raw`'\xdead'`, 'Bytes?', '"3q0="'],
  ['mood', `'A'`, 'Mood?', 'A'],
  ['mood', `('A'::text)::mood`, 'Mood?', 'A'],
  ['uuid', `'00000000-0000-0000-0000-000000000001'`, 'String? @db.Uuid', '"00000000-0000-0000-0000-000000000001"'],
  ['date', `'2020-01-01'`, 'DateTime? @db.Date', '"2020-01-01T00:00:00Z"'],
  ['timestamp(3)', `'2020-01-01'`, 'DateTime?', '"2020-01-01T00:00:00Z"'],
  ['timestamp(3)', 'now()', 'DateTime?', 'now()'],
  ['int', `nextval('numbers')`, 'Int?', 'autoincrement()'],
  ['int[]', `'{1,2}'`, 'Int[]', '[1, 2]'],
  ['int[]', 'ARRAY[-1, 2]', 'Int[]', '[-1, 2]'],
  ['bool[]', `'{t,f}'`, 'Boolean[]', '[true, false]'],
  ['text[]', `'{}'`, 'String[]', '[]'],
  ['text[]', `ARRAY['it''s']`, 'String[]', `["it's"]`],
  ['mood[]', `'{A}'`, 'Mood[]', '[A]'],
  ['uuid[]', `'{}'`, 'String[] @db.Uuid', '[]'],
  [
    'uuid[]',
    `'{00000000-0000-0000-0000-000000000001}'`,
    'String[] @db.Uuid',
    '["00000000-0000-0000-0000-000000000001"]',
  ],
  ['bigint[]', `'{}'`, 'BigInt[]', '[]'],
  ['bigint[]', 'ARRAY[]::bigint[]', 'BigInt[]', '[]'],
  ['bytea[]', `'{}'`, 'Bytes[]', '[]'],
  ['bigint[]', `'{1}'`, 'BigInt[]', '[1]'],
  ['numeric(5,2)[]', 'ARRAY[1.5, 2]', 'Decimal[] @db.Decimal(5, 2)', '[1.5, 2]'],
  ['numeric(5,2)[]', 'ARRAY[1.5, -2]', 'Decimal[] @db.Decimal(5, 2)', '[1.5, -2]'],
  ['date[]', `ARRAY['2020-01-01'::date]`, 'DateTime[] @db.Date', '["2020-01-01T00:00:00Z"]'],
  ['bytea[]', String.raw`'{"\\xdead"}'`, 'Bytes[]', '["3q0="]'],
]

describe("compare: defaults as Prisma's engine reads them", () => {
  const server = usePostgres()

  async function compareBoth(defaultOf: (place: number, spelled: string) => string) {
    const database = await server.createDatabase(
      `CREATE EXTENSION citext; CREATE TYPE mood AS ENUM ('A', 'B'); CREATE SEQUENCE numbers;
       CREATE TABLE "T" (id int CONSTRAINT "T_pkey" PRIMARY KEY,
         ${DEFAULTS.map(([type, value], place) => `c${String(place)} ${type} DEFAULT (${value})`).join(', ')})`,
    )
    const spelled = await database.query(
      `SELECT pg_get_expr(adbin, adrelid) AS text FROM pg_attrdef WHERE adrelid = '"T"'::regclass ORDER BY adnum`,
    )
    const schema = `datasource db {
  provider = "postgresql"
}
model T {
  id Int @id
${DEFAULTS.map(([, , type], place) => `  c${String(place)} ${type} @default(${defaultOf(place, String(spelled[place]?.text))})`).join('\n')}
}
enum Mood {
  A
  B
  @@map("mood")
}
`
    const { text } = await prismaDiff(schema, database.url)
    const described = (column: string | null | undefined) =>
      DEFAULTS[Number(column?.slice(1))]?.slice(0, 2).join(' = ') ?? ''
    const found = await drift(schema, database.url)
    assert.deepEqual(
      found.filter(({ severity }) => severity !== 'information'),
      [],
    )
    assert.deepEqual(
      found.map(({ column }) => described(column)),
      [...text.matchAll(/[cC]olumn `(c\d+)`/g)]
        .map(([, column]) => column ?? '')
        .sort((left, right) => Number(left.slice(1)) - Number(right.slice(1)))
        .map(described),
    )
  }

  it('the value itself is told of where the engine cannot read it, and as information', async () => {
    await compareBoth((place) => DEFAULTS[place]?.[3] ?? '')
  })

  it('dbgenerated of the same letters is told of where the engine reads a value', async () => {
    await compareBoth((_place, spelled) => `dbgenerated(${JSON.stringify(spelled)})`)
  })
})
