import assert from 'node:assert/strict'
import { requireDumpStatement } from '../../../server/src/backup/sql/dump-statements'

describe('requireDumpStatement', () => {
  it('accepts what pg_dump and the export write', () => {
    for (const statement of [
      '',
      '-- only a comment',
      'SET statement_timeout = 0',
      'SET default_table_access_method = heap',
      `SET SESSION AUTHORIZATION 'a'`,
      `SELECT pg_catalog.set_config('search_path', '', false)`,
      `--\n-- Name: a; DO\n--\n\nSELECT pg_catalog.setval('public.a', 1, true)`,
      'SELECT pg_catalog.lo_create(7) WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_largeobject_metadata AS m WHERE m.oid = 7)',
      `SELECT pg_catalog.lowrite(0, '\\x0a')`,
      `SELECT * FROM pg_catalog.pg_restore_relation_stats('version', '180003'::integer, 'relpages', '1'::integer, 'a', ARRAY['b', NULL]::text[], 'c', '{0.5}'::real[])`,
      `SELECT * FROM pg_catalog.pg_restore_attribute_stats('relname', 't_lower_idx', 'attnum', '1'::smallint, 'inherited', 'f'::boolean)`,
      `INSERT INTO public."values" VALUES (1, -2.5e10, 'it''s; (SELECT 1)', NULL, true, B'01', DEFAULT), ('-0', E'\\'', $a$b$a$, 1, 2, 3, 4)`,
      'INSERT INTO public.t (a, "select") OVERRIDING SYSTEM VALUE VALUES (1, 2)',
      'INSERT INTO public.t DEFAULT VALUES',
      `INSERT INTO public.t VALUES ('a') ON CONFLICT DO NOTHING`,
      'CREATE USER MAPPING FOR a SERVER b',
      'ALTER DEFAULT PRIVILEGES FOR ROLE a GRANT SELECT ON TABLES TO b',
      'CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC DELETE FROM t; SELECT 1; END',
      'GRANT SELECT ON TABLE t TO "user"',
      'REFRESH MATERIALIZED VIEW v',
      'SECURITY LABEL FOR x ON TABLE t IS NULL',
      'BEGIN',
      'COMMIT',
    ])
      requireDumpStatement('a.sql', statement)
  })

  for (const [statement, words] of [
    ['DO $$ BEGIN END $$', /a DO statement/],
    ['-- a\n/* b */ delete from t', /a DELETE statement/],
    [`COPY t FROM PROGRAM 'id'`, /a COPY statement/],
    ['\\! id', /a psql command/],
    ['COMMIT AND CHAIN', /a COMMIT statement/],
    ['CREATE ROLE a SUPERUSER', /CREATE ROLE/],
    ['SET session_replication_role = replica', /SET SESSION_REPLICATION_ROLE/],
    ['SET SESSION dynamic_library_path = a', /SET SESSION/],
    ['SET ROLE a', /SET ROLE/],
    [`SELECT pg_catalog.set_config('dynamic_library_path', '/tmp', false)`, /a SELECT of its own/],
    ['ALTER USER a SUPERUSER', /ALTER USER/],
    [`ALTER SYSTEM SET archive_command = 'id'`, /ALTER SYSTEM/],
    ['DROP DATABASE a', /DROP DATABASE/],
    ['GRANT pg_execute_server_program TO a', /a GRANT of a role/],
    [`SELECT pg_catalog.lo_export(1, '/tmp/a')`, /a SELECT of its own/],
    ['SELECT 1', /a SELECT of its own/],
    [`SELECT pg_catalog.setval('a', 1), pg_catalog.lo_export(1, '/tmp/a')`, /a SELECT of its own/],
    [`SELECT pg_catalog.set_config('a', pg_read_file('/etc/passwd'), false)`, /a SELECT of its own/],
    [`SELECT pg_catalog.setval('a', (SELECT evil()))`, /a SELECT of its own/],
    [`SELECT pg_catalog.setval('a', 1) FROM evil()`, /a SELECT of its own/],
    [`SELECT pg_catalog.setval('a', 'b'::evil)`, /a SELECT of its own/],
    [`SELECT pg_catalog.lo_create(7) WHERE NOT EXISTS (SELECT FROM evil())`, /a SELECT of its own/],
    [`INSERT INTO t VALUES (pg_read_file('/etc/passwd'))`, /an INSERT of computed values/],
    [`INSERT INTO t VALUES ('a'), ("evil"())`, /an INSERT of computed values/],
    ['INSERT INTO t SELECT evil()', /an INSERT of computed values/],
    ['WITH a AS (SELECT evil()) INSERT INTO t SELECT * FROM a', /a WITH statement/],
    ['INSERT INTO t VALUES (1) RETURNING evil()', /an INSERT of computed values/],
    ['INSERT INTO t VALUES (1 || evil)', /an INSERT of computed values/],
  ] as const) {
    it(`rejects ${statement.replaceAll('\n', ' ')}`, () => {
      assert.throws(
        () => {
          requireDumpStatement('a.sql', statement)
        },
        (error: Error & { why?: string }) => words.test(error.why ?? ''),
      )
    })
  }
})
