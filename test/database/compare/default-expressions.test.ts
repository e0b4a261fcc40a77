import assert from 'node:assert/strict'
import { compare } from '../../../server/src/audit/compare'
import { compareExpressions } from '../../../server/src/audit/values/expressions/compare-expressions'
import { withClient } from '../../../server/src/database/connect'
import { readCatalog } from '../../../server/src/database/read-catalog'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { usePostgres } from '../../support/postgres'
import { findings, readDatabase } from './compare-support'

/**
 * By the column's type: each line is one default, and the ways in which it may be written. No two lines mean the same.
 */
const DEFAULTS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  uuid: [
    [
      'gen_random_uuid()',
      'GEN_RANDOM_UUID()',
      '(gen_random_uuid())',
      'gen_random_uuid()::uuid',
      'pg_catalog.gen_random_uuid()',
    ],
    ['own.make_uuid()'],
    ['make_uuid()', 'make_uuid ( )'],
    [`'00000000-0000-0000-0000-000000000001'`, `'00000000-0000-0000-0000-000000000001'::uuid`],
  ],
  text: [
    ['gen_random_uuid()', 'gen_random_uuid()::text', '(gen_random_uuid())::text', 'CAST(gen_random_uuid() AS text)'],
    [`prefixed('usr')`, `prefixed('usr'::text)`],
    [`prefixed('org')`],
    [`replace(gen_random_uuid()::text, '-', '')`, `replace((gen_random_uuid())::text, '-'::text, ''::text)`],
    [`'a' || 'b'`, `('a'::text || 'b'::text)`],
    [`'b' || 'a'`],
    [`lpad(nextval('numbers')::text, 6, '0')`, `lpad((nextval('numbers'::regclass))::text, 6, '0'::text)`],
    [`substring(md5(random()::text), 1, 8)`],
    ['current_user', 'CURRENT_USER'],
    [`current_setting('app.tenant', true)`],
    [`current_setting('app.tenant', false)`],
  ],
  integer: [
    ['1 + 1'],
    ['2 * (1 + 1)'],
    ['2 * 1 + 1', '(2 * 1) + 1'],
    ['-1', `'-1'::integer`],
    ['floor(random() * 100)::int', '(floor((random() * (100)::double precision)))::integer'],
    [`nextval('numbers')`, `nextval('numbers'::regclass)`],
  ],
  'timestamp(3)': [
    ['now()', 'CURRENT_TIMESTAMP', 'transaction_timestamp()'],
    ['clock_timestamp()'],
    ['CURRENT_TIMESTAMP(3)'],
    ['CURRENT_TIMESTAMP(0)'],
    ['LOCALTIMESTAMP'],
    [`now() AT TIME ZONE 'utc'`, `timezone('utc', now())`, `(now() AT TIME ZONE 'utc'::text)`],
    [`now() AT TIME ZONE 'Europe/Berlin'`],
    [`now() + interval '1 day'`, `now() + '1 day'::interval`],
    [`now() - interval '1 day'`],
    ['now()::date', 'CAST(now() AS date)'],
    [`'2020-01-01'`, `'2020-01-01 00:00:00'::timestamp without time zone`],
  ],
  jsonb: [
    [`'{}'`, `'{}'::jsonb`, "jsonb '{}'"],
    [`'[]'::jsonb`],
    [`'{"a":1,"b":[]}'`, `'{"b": [], "a": 1}'::jsonb`],
    ['jsonb_build_object()'],
    [`jsonb_build_object('a', 1)`],
    [`jsonb_build_object('a', 2)`],
  ],
  'text[]': [
    [`ARRAY['a', 'b']`, `ARRAY['a'::text, 'b'::text]`, `ARRAY['a', 'b']::text[]`],
    [`ARRAY['b', 'a']`],
    [`ARRAY[]::text[]`],
    [`string_to_array('a,b', ',')`],
  ],
  boolean: [['true', 'TRUE'], ['false'], ['NOT true'], ['1 > 2']],
}

describe('compare: expressions of defaults', () => {
  const server = usePostgres()

  for (const [type, lines] of Object.entries(DEFAULTS)) {
    it(`of ${type} are equal to what PostgreSQL makes of them, and to nothing else`, async () => {
      const written = lines.flatMap((spellings, line) => spellings.map((text) => ({ text, line })))
      const columns = written.map(({ text }, place) => `c${String(place)} ${type} DEFAULT (${text})`)
      const database = await server.createDatabase(
        `CREATE SCHEMA own; CREATE SEQUENCE numbers;
         CREATE FUNCTION make_uuid() RETURNS uuid LANGUAGE sql AS 'SELECT gen_random_uuid()';
         CREATE FUNCTION own.make_uuid() RETURNS uuid LANGUAGE sql AS 'SELECT gen_random_uuid()';
         CREATE FUNCTION prefixed(prefix text) RETURNS text LANGUAGE sql AS 'SELECT prefix';
         CREATE TABLE t (${columns.join(', ')})`,
      )
      const { tables } = await withClient(database.url, {}, (client) => readCatalog(client, { schemas: ['public'] }))
      const actual = tables[0]?.columns ?? []
      const faults: string[] = []
      for (const { text, line } of written) {
        for (const [place, { line: other }] of written.entries()) {
          const { default: found, type: target } = actual[place] ?? { default: null, type: '' }
          const isEqual = compareExpressions(text, found ?? '', { target }) === 'none'
          if (isEqual !== (line === other)) faults.push(`${text} against ${found ?? ''}`)
        }
      }
      assert.deepEqual(faults, [])
    })
  }
})

/**
 * A field's type, the default that the database has, and `dbgenerated` texts that mean the same, that do not, and that
 * nobody can tell.
 */
const ASKED: readonly {
  readonly type: string
  readonly database: string
  readonly same?: readonly string[]
  readonly different?: readonly string[]
  readonly unknown?: readonly string[]
}[] = [
  {
    type: 'DateTime @db.Timestamptz(3)',
    database: `now() + '7 days'::interval`,
    same: [`now() + interval '1 week'`, `now() + '7d'::interval`],
    different: [`now() + interval '168 hour'`, `now() + interval '8 days'`],
  },
  {
    type: 'DateTime @db.Timestamptz(3)',
    database: `now() + interval '72 hour'`,
    same: [`now() + interval '3' hour * 24`],
  },
  {
    type: 'Int',
    database: 'EXTRACT(isodow FROM now())',
    same: ['EXTRACT(isodow FROM now())', `extract('isodow' from now())`],
    different: ['EXTRACT(dow FROM now())', '7'],
  },
  {
    type: 'String',
    database: `substring(md5('x') from 2 for 3)`,
    same: [`substring(md5('x') from 2 for 3)`, `SUBSTRING(md5('x'), 2, 3)`],
    different: [`substring(md5('x') from 2 for 4)`],
    unknown: [`(ARRAY[shout('x')])[1]`],
  },
  {
    type: 'BigInt',
    database: `nextval('public.numbers')`,
    same: [`nextval('public.numbers')`, `nextval('numbers'::regclass)`, `nextval('"public".numbers')`],
  },
  {
    type: 'String',
    database: `trim(both 'x' from substring(overlay(md5(random()::text) placing 'y' from 1) from position('a' in 'ba') for 3))`,
    same: [`btrim(substring(overlay(md5(random()::text) placing 'y'::text from 1), 2, 3), 'x')`],
    different: [`trim(leading 'x' from substring(overlay(md5(random()::text) placing 'y' from 1) from 2 for 3))`],
  },
  { type: 'Boolean', database: 'true', same: [`'t'`, `'yes'`, `'1'`], different: [`'f'`, `'0'`] },
  { type: 'Boolean', database: 'false', same: [`'0'`, `'off'`] },
  { type: 'String', database: `E'a\tb\\c'`, same: [`E'a\tb\\c'`], different: [`E'a\nb'`, `''`] },
  { type: 'String', database: `''`, same: [`E''`] },
  { type: 'String @db.Bit(3)', database: `B'101'`, same: [`B'101'`, `'101'`], different: [`B'100'`] },
  { type: 'Decimal @db.Decimal(10, 2)', database: '1.50', same: [`'1.5'`, '3 / 2.0'], different: ['1.51'] },
  { type: 'String @db.Inet', database: `'10.0.0.0/8'`, same: [`'10/8'::inet`] },
]

describe('compare: expressions of defaults that only PostgreSQL can read', () => {
  const server = usePostgres()

  it('are told apart by what PostgreSQL makes of them; what it is not asked is information', async () => {
    const cases = ASKED.flatMap(({ type, database, same = [], different = [], unknown = [] }) =>
      [
        ...same.map((text) => ({ type, database, text, severity: 'information' })),
        ...different.map((text) => ({ type, database, text, severity: 'warning' })),
        ...unknown.map((text) => ({ type, database, text, severity: 'information' })),
      ].map((each, place) => ({ ...each, isUnknown: place >= same.length + different.length })),
    )
    const fields = cases.map(
      ({ type, text }, place) => `  c${String(place)} ${type} @default(dbgenerated(${JSON.stringify(text)}))`,
    )
    const schema = `datasource db {\n  provider = "postgresql"\n}\nmodel t {\n  id Int @id\n${fields.join('\n')}\n}\n`
    const types: Readonly<Record<string, string>> = {
      DateTime: 'timestamptz(3)',
      Int: 'int',
      BigInt: 'bigint',
      Boolean: 'boolean',
      'String @db.Bit(3)': 'bit(3)',
      'String @db.Inet': 'inet',
      Decimal: 'numeric(10,2)',
      String: 'text',
    }
    const columns = cases.map(
      ({ type, database }, place) =>
        `c${String(place)} ${types[type] ?? types[type.split(' ')[0] ?? ''] ?? ''} NOT NULL DEFAULT ${database}`,
    )
    const database = await server.createDatabase(
      `CREATE SEQUENCE numbers; CREATE TABLE t (id int PRIMARY KEY, ${columns.join(', ')});
       CREATE FUNCTION shout(word text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RAISE ''shouted''; END';
       CREATE FUNCTION "substring"(text, int, int) RETURNS text LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RAISE ''hijacked''; END';
       CREATE FUNCTION interval_pl_time(interval, text) RETURNS time LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RAISE ''hijacked''; END'`,
    )
    const found = await findings(schema, database.url)
    const told = cases.map(({ database: actual, text, severity, isUnknown }, place) => {
      const finding = found.find(({ column }) => column === `c${String(place)}`)
      if (finding === undefined)
        return severity === 'information' && !isUnknown ? null : `${text}: nothing of ${actual}`
      const isRight = finding.severity === severity && finding.message.includes('Cannot tell') === isUnknown
      return isRight ? null : `${finding.severity} ${finding.message}`
    })
    assert.deepEqual(
      told.filter((line) => line !== null),
      [],
    )
    // What was typed just now has not been asked yet.
    const parsed = parseSchema([{ path: 'schema.prisma', text: schema }])
    const catalog = await readDatabase(database.url, ['public'])
    const early = compare({ schema: parsed, policy: null, database: { ...catalog, spellings: {} } })
    assert.ok(early.every(({ code, severity }) => code !== 'column-default' || severity === 'information'))
  })
})
