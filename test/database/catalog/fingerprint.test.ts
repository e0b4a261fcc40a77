import assert from 'node:assert/strict'
import { withClient } from '../../../server/src/database/connect'
import { CatalogCache } from '../../../server/src/database/catalog-cache'
import { fingerprint } from '../../../server/src/database/fingerprint'
import { type CatalogOptions, readCatalog } from '../../../server/src/database/read-catalog'
import { type TestDatabase, usePostgres } from '../../support/postgres'

const PUBLIC: CatalogOptions = { schemas: ['public'] }

describe('fingerprint', () => {
  const server = usePostgres()

  it('changes with every change that a reading tells of, and not with the data', async () => {
    const database: TestDatabase = await server.createDatabase(
      `CREATE SCHEMA other; CREATE TABLE other.o (id int PRIMARY KEY); CREATE SEQUENCE other.s; CREATE SEQUENCE own;
       CREATE FUNCTION other.plain() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (id serial PRIMARY KEY, n int, m mood);
       CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`,
    )
    await withClient(database.url, { settings: { search_path: 'public' } }, async (client) => {
      let last = await fingerprint(client, ['public'])
      const after = async (sql: string) => {
        await client.query(sql)
        const now = await fingerprint(client, ['public'], last)
        const changed = now?.text !== last?.text
        assert.equal(changed, (await fingerprint(client, ['public']))?.text !== last?.text)
        assert.equal((await fingerprint(client, ['public'], now))?.text, now?.text)
        last = now
        return changed
      }
      for (const sql of [
        'SELECT 1',
        'INSERT INTO t (n) SELECT n FROM generate_series(1, 500) n',
        'CREATE TEMPORARY TABLE y (id int)',
      ]) {
        assert.equal(await after(sql), false, sql)
      }
      for (const sql of [
        'VACUUM ANALYZE t',
        'ALTER TABLE t ADD COLUMN c int',
        'ALTER TABLE t ADD COLUMN e int NOT NULL DEFAULT 0',
        'ALTER TABLE t ALTER COLUMN e DROP NOT NULL',
        'ALTER TABLE t ALTER COLUMN c SET DEFAULT 1',
        'ALTER TABLE t ALTER COLUMN c SET DEFAULT 2',
        'ALTER TABLE t ALTER COLUMN c TYPE bigint',
        'ALTER TABLE t ALTER COLUMN n SET DEFAULT 0',
        'ALTER TABLE t ALTER COLUMN m DROP DEFAULT, ALTER COLUMN n DROP DEFAULT',
        'ALTER TABLE t RENAME COLUMN c TO d',
        'ALTER TABLE t DROP COLUMN d',
        'ALTER TABLE t ADD CONSTRAINT k CHECK (n > 0) NOT VALID',
        'ALTER TABLE t VALIDATE CONSTRAINT k',
        'ALTER TABLE t RENAME CONSTRAINT k TO l',
        'CREATE INDEX i ON t (n)',
        'ALTER INDEX i RENAME TO j',
        `UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'j'::regclass`,
        'DROP INDEX j',
        `ALTER TYPE mood ADD VALUE 'b'`,
        `ALTER TYPE mood RENAME VALUE 'b' TO 'c'`,
        'CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f()',
        'ALTER TABLE t DISABLE TRIGGER g',
        `CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`,
        `COMMENT ON FUNCTION f() IS 'what it does'`,
        'ALTER TABLE t ADD COLUMN o int REFERENCES other.o',
        'ALTER TABLE other.o RENAME COLUMN id TO key',
        'ALTER TABLE other.o RENAME TO p',
        `ALTER TABLE t ALTER COLUMN n SET DEFAULT nextval('other.s')`,
        'ALTER SEQUENCE other.s RENAME TO r',
        'ALTER TABLE t ADD CHECK (n > -other.plain())',
        'ALTER FUNCTION other.plain() RENAME TO simple',
        'ALTER SEQUENCE own OWNED BY t.n',
        'ALTER SEQUENCE own OWNED BY NONE',
        'ALTER TYPE mood RENAME TO spirits',
        'ALTER TYPE spirits SET SCHEMA other',
        'ALTER SCHEMA other RENAME TO another',
        'ALTER TABLE t ENABLE ROW LEVEL SECURITY',
        'ALTER TABLE t OWNER TO pg_monitor',
        'GRANT pg_signal_backend TO pg_monitor',
        'REVOKE pg_signal_backend FROM pg_monitor',
        'ALTER EXTENSION plpgsql ADD TABLE t',
        'ALTER EXTENSION plpgsql DROP TABLE t',
        'CREATE EXTENSION citext',
        'CREATE VIEW v AS SELECT id FROM t',
        'CREATE TRIGGER iv INSTEAD OF UPDATE ON v FOR EACH ROW EXECUTE FUNCTION f()',
        'DROP TRIGGER iv ON v',
        'CREATE SEQUENCE s',
        'CREATE TABLE parted (id int) PARTITION BY RANGE (id)',
        'CREATE TABLE another.part PARTITION OF parted FOR VALUES FROM (0) TO (10)',
        'CREATE TRIGGER ip BEFORE UPDATE ON another.part FOR EACH ROW EXECUTE FUNCTION f()',
        'ALTER TABLE another.part DISABLE TRIGGER ip',
        'ALTER TRIGGER ip ON another.part RENAME TO jp',
        'ALTER TABLE parted DETACH PARTITION another.part',
        'ALTER TABLE parted ATTACH PARTITION another.part FOR VALUES FROM (0) TO (20)',
        'ALTER TABLE another.part RENAME TO portion',
        'DROP TABLE t CASCADE',
      ]) {
        assert.equal(await after(sql), true, sql)
      }
    })
  })
})

describe('fingerprint, beside other transactions', () => {
  const server = usePostgres()

  it('sees what was under way when it was last asked', async () => {
    const database = await server.createDatabase('CREATE TABLE t (id int)')
    await withClient(database.url, {}, (client) =>
      withClient(database.url, {}, async (writer) => {
        await writer.query('BEGIN; ALTER TABLE public.t ADD COLUMN n int')
        await database.query('CREATE TABLE later (id int)')
        const before = await fingerprint(client, ['public'])
        assert.equal((await fingerprint(client, ['public'], before))?.text, before?.text)
        await writer.query('COMMIT')
        assert.notEqual((await fingerprint(client, ['public'], before))?.text, before?.text)
      }),
    )
  })
})

describe('a reading with a cache', () => {
  const server = usePostgres()

  it('is the same object while nothing changes, and keeps what did not change', async () => {
    const database = await server.createDatabase(
      `CREATE TABLE a (id serial PRIMARY KEY, n int); CREATE TABLE b (id int PRIMARY KEY); CREATE TABLE c (a int REFERENCES a)`,
    )
    const asked = { ...PUBLIC, cache: new CatalogCache() }
    await withClient(database.url, {}, async (client) => {
      await readCatalog(client, asked)
      const before = await readCatalog(client, asked)
      assert.equal(await readCatalog(client, asked), before)
      await client.query('ALTER TABLE public.a ADD COLUMN m int; CREATE TABLE public.aa (id int)')
      const after = await readCatalog(client, asked)
      assert.deepEqual(after, await readCatalog(client, PUBLIC))
      assert.deepEqual(
        after.tables.map((table) => before.tables.includes(table)),
        [false, false, true, true],
      )
      assert.equal(after.tables[0]?.columns[0], before.tables[0]?.columns[0])
      assert.equal(after.sequences, before.sequences)
      await client.query('DROP TABLE public.aa; ALTER TABLE public.a DROP COLUMN m')
      assert.deepEqual(await readCatalog(client, asked), before)
      assert.notEqual(await readCatalog(client, { ...asked, schemas: ['pg_temp'] }), before)
    })
    await withClient(database.url, {}, async (other) => {
      assert.deepEqual(await readCatalog(other, asked), await readCatalog(other, PUBLIC))
    })
  })

  it('sees what a transaction of the caller has done, and forgets it', async () => {
    const database = await server.createDatabase('CREATE TABLE t (id int)')
    const asked = { ...PUBLIC, cache: new CatalogCache() }
    await withClient(database.url, {}, async (client) => {
      for (let turn = 0; turn < 2; turn++) assert.equal((await readCatalog(client, asked)).tables.length, 1)
      await client.query('BEGIN; CREATE TABLE public.uncommitted (id int)')
      assert.equal((await readCatalog(client, asked)).tables.length, 2)
      await client.query('ROLLBACK')
      assert.equal((await readCatalog(client, asked)).tables.length, 1)
    })
  })

  it('is a whole reading each time where the role may not see enough', async () => {
    const database = await server.createDatabase('CREATE TABLE t (id int)')
    const role = await server.createRole()
    await database.query('REVOKE SELECT ON pg_catalog.pg_sequence FROM public')
    const asked = { ...PUBLIC, cache: new CatalogCache() }
    await withClient(role.urlFor(database), {}, async (client) => {
      for (let turn = 1; turn <= 3; turn++) {
        assert.equal((await readCatalog(client, asked)).tables.length, turn)
        await database.query(`CREATE TABLE "t${String(turn)}" (id int)`)
      }
    })
  })
})
