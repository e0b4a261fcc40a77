import assert from 'node:assert/strict'
import { isHarmlessExpression } from '../../../server/src/database/harmless-expression'

describe('isHarmlessExpression', () => {
  const harmless = [
    `interval '72 hour'`,
    `'a -- b; /* c */ ''' || E'\\'; \\\\' || B'101'`,
    'EXTRACT(epoch FROM now())::bigint',
    `pg_catalog.now() AT TIME ZONE 'utc'`,
    `nextval('public."a;b"'::regclass)`,
    `(ARRAY['a', "b c"])[1] <> 1.5e3`,
    '"pg_catalog".md5(\'ü\')',
    'pg_catalog . now()',
    `E'a -- b' < "c /* d"`,
    'selected + reselect + "select"',
    `'2020-01-01 12:00:00+00'::timestamp(3) with time zone`,
    `'${'x'.repeat(1998)}'`,
  ]
  const harmful = [
    'public.evil()',
    'x.pg_catalog.evil()',
    '"PG_CATALOG".evil()',
    'a\u00a0pg_catalog.evil()',
    'é.evil()',
    '1 OPERATOR(public.+) 2',
    `'x'::public.mood`,
    '1); DROP TABLE t',
    '1) + (1',
    '(1]',
    '1 -- ',
    '1 /* ',
    '1 +-- 2',
    '$$a$$',
    '$1',
    `U&'\\0041'`,
    `U&"\\0041"()`,
    '(SELECT evil FROM v)',
    '(TABLE v)',
    '(WITH w AS MATERIALIZED (TABLE v) TABLE w)',
    `E'a'\n'\\'), public.evil(), ('`,
    // Read on with backslashes, the second string ends at once, and what follows is run.
    `E'a b'\n'\\'' || public.evil() || '`,
    `E'\\'`,
    'xpg_catalog.evil()',
    'pg_catalogx.evil()',
    '(1',
    'a[1',
    ' ',
    `'open`,
    '',
    `'${'x'.repeat(3000)}'`,
  ]
  for (const text of harmless) it(`takes ${text}`, () => assert.equal(isHarmlessExpression(text), true))
  for (const text of harmful) it(`refuses ${text.slice(0, 60)}`, () => assert.equal(isHarmlessExpression(text), false))
})
