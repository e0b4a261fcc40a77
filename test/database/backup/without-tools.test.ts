import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describeProgram } from '../../../server/src/backup/backup-way'
import { BUILT_IN_WAY } from '../../../server/src/backup/built-in/built-in-way'
import { readContents } from '../../../server/src/backup/contents/read-contents'
import { EXPORT_WAY } from '../../../server/src/backup/export/export-way'
import { differencesOfContents } from '../../../server/src/backup/proof/compare-contents'
import { restoreBackup } from '../../../server/src/backup/restore/restore-backup'
import { withClient } from '../../../server/src/database/connect'
import { startPostgres, usePostgres, type TestServer } from '../../support/postgres'
import { backUpTo, NOTHING_INSTALLED, useFolder } from './support'

/** A production's 83 tables, with everything that a dump can hold. */
const SQL = `
  CREATE EXTENSION pg_trgm; CREATE EXTENSION citext;
  CREATE SCHEMA crm AUTHORIZATION shop_owner; CREATE SCHEMA "Audit Log";
  GRANT USAGE ON SCHEMA crm TO shop_reader;
  CREATE TYPE crm.stage AS ENUM ('new', 'won', 'it''s lost'); CREATE DOMAIN crm.email AS citext CHECK (VALUE ~ '@');
  CREATE TYPE crm.address AS (street text, zip varchar(9)); CREATE TYPE crm.span AS RANGE (subtype = date);
  CREATE COLLATION crm.german (provider = icu, locale = 'de');
  CREATE FUNCTION crm.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.at := now(); RETURN NEW; END $$;
  CREATE FUNCTION crm.total(a int, b int DEFAULT 2) RETURNS int LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT a + b; END;
  CREATE SEQUENCE crm.numbers START 1000 INCREMENT 7 CYCLE MAXVALUE 90000; SELECT nextval('crm.numbers');
  DO $$ BEGIN FOR i IN 1..71 LOOP
    EXECUTE format($t$
      CREATE TABLE crm.%1$I (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text COLLATE crm.german NOT NULL DEFAULT 'x', code uuid UNIQUE,
        twice int GENERATED ALWAYS AS (length(name) * 2) STORED, stage crm.stage, mail crm.email, home crm.address, spans crm.span[],
        data jsonb, bytes bytea, at timestamptz DEFAULT now(), number int DEFAULT nextval('crm.numbers'), CHECK (name <> ''));
      INSERT INTO crm.%1$I (name, code, stage, mail, home, spans, data, bytes)
        SELECT 'n' || i || E'\\n\\\\.\\t', md5(%2$s || '-' || i)::uuid, 'it''s lost', 'a@b', ROW('Weg; 1', '12')::crm.address, '{"[2026-01-01,2026-02-01)"}', '{"k": [1, null]}', decode(md5(i::text), 'hex')
        FROM generate_series(1, 20) i;
      CREATE INDEX ON crm.%1$I USING gin (name public.gin_trgm_ops) WHERE stage = 'new';
      COMMENT ON COLUMN crm.%1$I.name IS E'it''s the name\\nof %2$s'
    $t$, 'Table ' || i, i);
  END LOOP; END $$;
  ALTER TABLE crm."Table 2" ADD "ownerId" bigint REFERENCES crm."Table 1" ON DELETE SET NULL DEFERRABLE;
  ALTER TABLE crm."Table 3" ADD CHECK (id > 0) NOT VALID; ALTER TABLE crm."Table 3" REPLICA IDENTITY FULL;
  ALTER TABLE crm."Table 4" SET (fillfactor = 70); ALTER TABLE crm."Table 4" ALTER name SET STORAGE external, ALTER name SET STATISTICS 500;
  ALTER TABLE crm."Table 5" ADD EXCLUDE (id WITH =) WHERE (id < 0) DEFERRABLE INITIALLY DEFERRED;
  CREATE TRIGGER touch BEFORE UPDATE OF name ON crm."Table 6" FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION crm.touch();
  ALTER TABLE crm."Table 6" ENABLE ALWAYS TRIGGER touch;
  ALTER TABLE crm."Table 7" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
  CREATE POLICY mine ON crm."Table 7" AS RESTRICTIVE FOR SELECT TO shop_reader USING (name = current_user);
  CREATE TABLE crm.parts (id int, at date, note text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
  CREATE TABLE crm.parts_1 PARTITION OF crm.parts FOR VALUES FROM ('2026-01-01') TO ('2026-07-01');
  CREATE TABLE crm.parts_2 PARTITION OF crm.parts DEFAULT; CREATE INDEX ON crm.parts (note);
  CREATE TABLE crm.hashed (stage crm.stage) PARTITION BY HASH (stage);
  CREATE TABLE crm.hashed_1 PARTITION OF crm.hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0);
  CREATE TABLE crm.hashed_2 PARTITION OF crm.hashed FOR VALUES WITH (MODULUS 2, REMAINDER 1);
  INSERT INTO crm.hashed VALUES ('new'), ('won'), ('it''s lost'), (NULL);
  CREATE TABLE crm.zeros (a float8, b float4, c numeric, d int); INSERT INTO crm.zeros VALUES ('-0', '-0', -0, -0), (0, 1e-10, 'NaN', 1);
  INSERT INTO crm.parts SELECT i, date '2026-01-01' + i, 'n' FROM generate_series(1, 300) i;
  CREATE TABLE crm.parent (id int, a text); CREATE TABLE crm.child (b text) INHERITS (crm.parent); ALTER TABLE crm.parent ADD c text DEFAULT 'c';
  INSERT INTO crm.child VALUES (1, 'a', 'b', 'c'); CREATE UNLOGGED TABLE crm.cache AS SELECT 1 AS id;
  CREATE TABLE "Audit Log"."names of 63 bytes, which is all that an identifier may have here" ("Spalte ä" text, "a""b" text);
  CREATE VIEW crm.won WITH (security_barrier) AS SELECT id, name FROM crm."Table 1" WHERE stage = 'won' WITH CHECK OPTION;
  CREATE MATERIALIZED VIEW crm.counted AS SELECT count(*) AS n FROM crm."Table 1"; CREATE UNIQUE INDEX ON crm.counted (n);
  CREATE MATERIALIZED VIEW crm.unfilled AS SELECT 1 AS n WITH NO DATA;
  CREATE RULE quiet AS ON DELETE TO crm."Table 8" DO INSTEAD NOTHING; CREATE STATISTICS crm.both ON stage, mail FROM crm."Table 9";
  CREATE FUNCTION public.on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
  CREATE EVENT TRIGGER ddl ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION public.on_ddl();
  CREATE PUBLICATION two FOR TABLE crm."Table 1", crm."Table 2"; CREATE TABLE crm.nothing (); CREATE PUBLICATION everything FOR ALL TABLES WITH (publish = 'insert');
  CREATE OPERATOR crm.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
  CREATE AGGREGATE crm.added(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
  GRANT SELECT ON ALL TABLES IN SCHEMA crm TO shop_reader; GRANT UPDATE (name) ON crm."Table 1" TO shop_reader;
  REVOKE EXECUTE ON FUNCTION crm.total FROM PUBLIC; ALTER FUNCTION crm.total OWNER TO shop_owner;
  ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner IN SCHEMA crm GRANT SELECT ON TABLES TO shop_reader; ALTER TABLE crm."Table 1" OWNER TO shop_owner;
  SELECT lo_from_bytea(7001, decode(repeat('ab', 1200000), 'hex')), lo_create(7002); COMMENT ON LARGE OBJECT 7001 IS 'large';
  ALTER LARGE OBJECT 7001 OWNER TO shop_owner; GRANT SELECT ON LARGE OBJECT 7002 TO shop_reader;
  COMMENT ON SCHEMA crm IS 'customers'; COMMENT ON CONSTRAINT "Table 1_pkey" ON crm."Table 1" IS 'key'; COMMENT ON TYPE crm.stage IS 'stages'`

describe('a database of 83 tables, backed up without any tool installed and restored elsewhere', () => {
  const server = usePostgres()
  const folder = useFolder()
  let elsewhere: TestServer
  // None where the test is left out.
  const started: TestServer[] = []

  before(async function () {
    if (!fs.existsSync(path.join(server.binFolder, 'pg_dump'))) return this.skip()
    elsewhere = await startPostgres()
    started.push(elsewhere)
    for (const each of [server, elsewhere])
      for (const name of ['shop_owner', 'shop_reader']) await each.createRole({ name })
  })
  after(async () => {
    await Promise.all(started.map((each) => each.stop()))
  })

  const contentsOf = (url: string) => withClient(url, {}, (client) => readContents(client))

  /** By the server's own pg_dump, without what names the database or the moment. */
  function dumpOf(url: string): string[] {
    const run = spawnSync(path.join(server.binFolder, 'pg_dump'), ['--dbname', url], {
      encoding: 'utf8',
      maxBuffer: 1e9,
    })
    assert.equal(run.status, 0, run.stderr)
    return run.stdout.replace(/^\\(?:un)?restrict .*$/gm, '').split('\n')
  }

  for (const way of [BUILT_IN_WAY, EXPORT_WAY]) {
    it(`by ${describeProgram(way.tool)}`, async () => {
      const database = await server.createDatabase(SQL)
      const backup = await backUpTo(folder(), database.url, { ...NOTHING_INSTALLED, way })
      assert.equal(backup.level, 3, backup.proof)
      // The code of a role with fewer privileges runs where it reaches nothing, and that is said.
      assert.match(
        backup.proof,
        /restored into an embedded PostgreSQL, because roles with fewer privileges \(shop_owner\) own code [^:]*: 80 tables with 1,728 rows/,
      )
      assert.match(backup.manifest.proofs[1]?.detail ?? '', /lists all 80 tables with 1,728 rows/)
      const target = await elsewhere.createDatabase()
      const { comparison } = await restoreBackup({ path: backup.path, url: target.url, ...NOTHING_INSTALLED })
      assert.deepEqual(comparison?.differences, [])
      const given = { scope: 'database', withoutOwners: false } as const
      assert.deepEqual(differencesOfContents(await contentsOf(database.url), await contentsOf(target.url), given), [])
      const [before, after] = [dumpOf(database.url), dumpOf(target.url)]
      assert.deepEqual(
        after.filter((line) => !before.includes(line)),
        // The columns of a table that inherits come in another order, as with any dump.
        ['COPY crm.child (id, a, c, b) FROM stdin;', '1\ta\tc\tb'],
      )
      assert.deepEqual(after.length, before.length)
      await database.drop()
    })
  }
})
