import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { withClient } from '../../../server/src/database/connect'
import { readContents } from '../../../server/src/backup/contents/read-contents'
import { EXPORT_WAY } from '../../../server/src/backup/export/export-way'
import { differencesOfContents } from '../../../server/src/backup/proof/compare-contents'
import { usePostgres, type TestDatabase } from '../../support/postgres'
import { backUpTo, NOTHING_INSTALLED, useFolder } from './support'
import { inPlainEnglish } from '../../../server/src/text/phrase'

/** One of each that a dump writes, besides those of the other tests. */
const SQL = `
  CREATE EXTENSION citext;
  CREATE ACCESS METHOD stored TYPE TABLE HANDLER heap_tableam_handler;
  CREATE FOREIGN DATA WRAPPER files OPTIONS (debug 'true');
  CREATE SERVER remote TYPE 'db' VERSION '9' FOREIGN DATA WRAPPER files OPTIONS (host 'a b', port '5432');
  CREATE USER MAPPING FOR postgres SERVER remote OPTIONS (user 'u', password 'hidden');
  CREATE FOREIGN TABLE far (id int OPTIONS (column_name 'key') NOT NULL, note text) SERVER remote OPTIONS (table_name 'x');
  CREATE TABLE t (id int CONSTRAINT t_pkey PRIMARY KEY WITH (fillfactor = 90), a text, b text, n int, d int UNIQUE) WITH (toast.autovacuum_enabled = false);
  CREATE TABLE elsewhere (id int) USING stored;
  CREATE INDEX t_lower ON t (lower(a)); ALTER INDEX t_lower ALTER COLUMN 1 SET STATISTICS 50;
  CREATE STATISTICS s (dependencies) ON a, b FROM t; ALTER STATISTICS s SET STATISTICS 40;
  CREATE VIEW v AS SELECT id, a FROM t; ALTER VIEW v ALTER COLUMN a SET DEFAULT 'x';
  CREATE MATERIALIZED VIEW m AS SELECT a FROM t; ALTER MATERIALIZED VIEW m ALTER COLUMN a SET STATISTICS 60;
  CREATE SEQUENCE plain INCREMENT 5; ALTER SEQUENCE plain RESTART WITH 1001;
  CREATE SEQUENCE owned OWNED BY t.n; SELECT setval('owned', 7);
  CREATE TYPE pair AS (one int, two text);
  CREATE DOMAIN spelled AS text COLLATE "C";
  CREATE TYPE letters AS RANGE (subtype = text, collation = "C");
  CREATE AGGREGATE summed(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
  CREATE FUNCTION near(int, int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT abs($1 - $2) < 2';
  CREATE OPERATOR <~> (FUNCTION = near, LEFTARG = int, RIGHTARG = int, COMMUTATOR = <~>);
  CREATE FUNCTION order_down(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT btint4cmp($2, $1)';
  CREATE OPERATOR CLASS downwards FOR TYPE int USING btree AS OPERATOR 1 >, OPERATOR 3 =, OPERATOR 5 <, FUNCTION 1 order_down(int, int);
  CREATE FUNCTION to_pair(int) RETURNS pair LANGUAGE sql AS 'SELECT $1, ''''';
  CREATE CAST (int AS pair) WITH FUNCTION to_pair(int);
  CREATE COLLATION spelling (provider = icu, locale = 'de', deterministic = false);
  CREATE TEXT SEARCH DICTIONARY words (TEMPLATE = simple, STOPWORDS = english);
  CREATE TEXT SEARCH CONFIGURATION search (COPY = simple); ALTER TEXT SEARCH CONFIGURATION search ALTER MAPPING FOR asciiword WITH words;
  CREATE FUNCTION noted() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
  CREATE EVENT TRIGGER watch ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION noted();
  ALTER EVENT TRIGGER watch DISABLE;
  CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TABLE parts (id int) PARTITION BY LIST (id);
  CREATE TABLE part PARTITION OF parts FOR VALUES IN (1);
  CREATE TRIGGER touch BEFORE INSERT ON parts FOR EACH ROW EXECUTE FUNCTION touched();
  ALTER TABLE part DISABLE TRIGGER touch;
  COMMENT ON INDEX t_pkey IS 'the key'; COMMENT ON COLUMN t.a IS 'a';
  COMMENT ON SERVER remote IS 'far away';
  GRANT EXECUTE ON FUNCTION pg_catalog.pg_stat_reset() TO pg_monitor;
  GRANT SELECT (rolname) ON pg_catalog.pg_authid TO pg_monitor;
  REVOKE EXECUTE ON FUNCTION citext_eq(citext, citext) FROM PUBLIC;
  GRANT USAGE ON FOREIGN SERVER remote TO pg_monitor;
  ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public GRANT SELECT ON TABLES TO pg_monitor;
  INSERT INTO t SELECT i, i::text, i::text, i, i FROM generate_series(1, 9) i;
  INSERT INTO parts VALUES (1);`

/** A statement, and what is said of a backup that lacks it. */
const CHANGES: readonly (readonly [string, string])[] = [
  ['ALTER TABLE elsewhere SET ACCESS METHOD heap', 'table public.elsewhere has'],
  ['ALTER FOREIGN DATA WRAPPER files OPTIONS (SET debug $$false$$)', 'other foreign-data wrapper files has'],
  ['ALTER SERVER remote OPTIONS (SET host $$c$$)', 'other server remote has'],
  [`ALTER SERVER remote VERSION '10'`, 'other server remote has'],
  [
    'ALTER USER MAPPING FOR postgres SERVER remote OPTIONS (DROP user)',
    'other user mapping for postgres on server remote has',
  ],
  ['ALTER FOREIGN TABLE far OPTIONS (SET table_name $$y$$)', 'table public.far has'],
  ['ALTER FOREIGN TABLE far ALTER id OPTIONS (DROP column_name)', 'table public.far has'],
  ['ALTER INDEX t_pkey SET (fillfactor = 80)', 'constraint public.t.t_pkey has'],
  ['ALTER TABLE t CLUSTER ON t_pkey', 'constraint public.t.t_pkey has'],
  ['ALTER TABLE t REPLICA IDENTITY FULL', 'table public.t has'],
  ['ALTER TABLE t RESET (toast.autovacuum_enabled)', 'table public.t has'],
  ['ALTER TABLE t SET (fillfactor = 70)', 'table public.t has'],
  ['ALTER TABLE t ALTER a SET STATISTICS 10', 'table public.t has'],
  ['ALTER TABLE t ALTER a SET STORAGE EXTERNAL', 'table public.t has'],
  ['ALTER TABLE t ALTER a SET COMPRESSION pglz', 'table public.t has'],
  ['ALTER TABLE t ALTER a SET (n_distinct = 5)', 'table public.t has'],
  ['ALTER TABLE elsewhere SET UNLOGGED', 'table public.elsewhere has'],
  ['ALTER TABLE part ENABLE TRIGGER touch', 'trigger public.part.touch is missing'],
  ['ALTER INDEX t_lower ALTER COLUMN 1 SET STATISTICS 51', 'index public.t.t_lower has'],
  ['ALTER INDEX t_lower SET (fillfactor = 60)', 'index public.t.t_lower has'],
  ['ALTER STATISTICS s SET STATISTICS 41', 'statistics public.s has'],
  [`ALTER VIEW v ALTER COLUMN a SET DEFAULT 'y'`, 'view public.v has'],
  ['ALTER VIEW v SET (security_barrier)', 'view public.v has'],
  ['ALTER MATERIALIZED VIEW m ALTER COLUMN a SET STATISTICS 61', 'materialized view public.m has'],
  ['ALTER SEQUENCE plain RESTART WITH 2001', 'sequence public.plain is at 1996 in the backup, but was at 996'],
  ['ALTER SEQUENCE plain RESTART', 'sequence public.plain is at its start in the backup, but was at 996'],
  ['ALTER SEQUENCE plain CACHE 10', 'sequence public.plain has'],
  ['ALTER SEQUENCE owned OWNED BY NONE', 'sequence public.owned has'],
  ['ALTER TYPE pair DROP ATTRIBUTE one, ADD ATTRIBUTE one int', 'type public.pair has'],
  ['ALTER TABLE elsewhere ADD COLUMN more int', 'table public.elsewhere has'],
  ['DROP DOMAIN spelled; CREATE DOMAIN spelled AS text', 'type public.spelled has'],
  ['DROP TYPE letters; CREATE TYPE letters AS RANGE (subtype = text)', 'type public.letters has'],
  [
    `CREATE OR REPLACE AGGREGATE summed(int) (SFUNC = int4pl, STYPE = int, INITCOND = '1')`,
    'function public.summed(integer) has',
  ],
  ['ALTER OPERATOR <~> (int, int) SET (RESTRICT = eqsel)', 'other operator public.<~>(integer,integer) has'],
  [
    'ALTER OPERATOR FAMILY downwards USING btree ADD FUNCTION 1 (int8, int8) btint8cmp(int8, int8)',
    'other operator family public.downwards USING btree has',
  ],
  [
    'DROP CAST (int AS pair); CREATE CAST (int AS pair) WITH FUNCTION to_pair(int) AS ASSIGNMENT',
    'other cast (integer AS public.pair) has',
  ],
  [
    `DROP COLLATION spelling; CREATE COLLATION spelling (provider = icu, locale = 'de')`,
    'other collation public.spelling has',
  ],
  ['ALTER TEXT SEARCH DICTIONARY words (STOPWORDS)', 'other text search dictionary public.words has'],
  [
    'ALTER TEXT SEARCH CONFIGURATION search ALTER MAPPING FOR asciiword WITH simple',
    'other text search configuration public.search has',
  ],
  ['ALTER EVENT TRIGGER watch ENABLE', 'event trigger watch has'],
  [`COMMENT ON INDEX t_pkey IS 'a key'`, 'comment index public.t_pkey has'],
  [`COMMENT ON COLUMN t.a IS NULL`, 'comment table column public.t.a is missing'],
  [`COMMENT ON SERVER remote IS NULL`, 'comment server remote is missing'],
  [
    'REVOKE EXECUTE ON FUNCTION pg_catalog.pg_stat_reset() FROM pg_monitor',
    'privileges on objects of PostgreSQL and of extensions differ',
  ],
  [
    'REVOKE SELECT (rolname) ON pg_catalog.pg_authid FROM pg_monitor',
    'privileges on objects of PostgreSQL and of extensions differ',
  ],
  [
    'GRANT EXECUTE ON FUNCTION citext_eq(citext, citext) TO PUBLIC',
    'privileges on objects of PostgreSQL and of extensions differ',
  ],
  ['REVOKE USAGE ON FOREIGN SERVER remote FROM pg_monitor', 'privileges server remote differ'],
  [
    'ALTER TEXT SEARCH DICTIONARY words OWNER TO pg_database_owner',
    'privileges text search dictionary public.words differ',
  ],
  ['ALTER STATISTICS s OWNER TO pg_database_owner', 'privileges statistics object public.s differ'],
  ['GRANT SELECT (a) ON t TO pg_monitor', 'privileges public.t differ'],
  [
    'ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public REVOKE SELECT ON TABLES FROM pg_monitor',
    'default privileges postgres public r is missing',
  ],
  // No provider is installed, so that only the catalog can show one.
  [
    `SET LOCAL allow_system_table_mods = on; INSERT INTO pg_seclabel VALUES ('t'::regclass, 'pg_class'::regclass, 0, 'selinux', 'x')`,
    'security label selinux table public.t is in the backup, but was not in the database',
  ],
  // Last, because it is not undone.
  [`SELECT setval('owned', 8)`, 'sequence public.owned is at 8 in the backup, but was at 7'],
]

describe('the definitions that are compared', () => {
  const server = usePostgres()
  const folder = useFolder()
  let database: TestDatabase

  before(async () => {
    database = await server.createDatabase(SQL)
  })

  it('differ by each of these changes, which is named', async () => {
    await withClient(database.url, {}, async (client) => {
      const expected = await readContents(client)
      for (const [statement, said] of CHANGES) {
        await client.query(
          `BEGIN; SET LOCAL search_path = public, pg_catalog; ${statement}; SET LOCAL search_path = pg_catalog, pg_temp`,
        )
        const found = await readContents(client)
        await client.query('ROLLBACK')
        const given = { scope: 'database', withoutOwners: false } as const
        const differences = differencesOfContents(expected, found, given).map(inPlainEnglish)
        assert.deepEqual(
          [differences.length, differences[0]?.startsWith(said)],
          [1, true],
          `${statement}: ${differences.join('; ')}`,
        )
      }
    })
  })

  for (const [way, options] of [
    ['pg_dump', {}],
    ['the built-in one', NOTHING_INSTALLED],
    ['the export', { way: EXPORT_WAY }],
  ] as const) {
    it(`are equal after a restore, by ${way}`, async function () {
      if (way === 'pg_dump' && !fs.existsSync(path.join(server.binFolder, 'pg_dump'))) this.skip()
      const backup = await backUpTo(folder(), database.url, { ...options, level: 3 })
      assert.equal(backup.level, 3, backup.proof)
      assert.ok(!fs.readFileSync(`${backup.path}.json`, 'utf8').includes('hidden'))
    })
  }
})
