import assert from 'node:assert/strict'
import { compareExpressions } from '../../../server/src/audit/values/expressions/compare-expressions'
import { withClient } from '../../../server/src/database/connect'
import { readCatalog } from '../../../server/src/database/read-catalog'
import { usePostgres } from '../../support/postgres'

/** By the column's type: each line is one default, and the ways in which it may be written. No two lines mean the same. */
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
