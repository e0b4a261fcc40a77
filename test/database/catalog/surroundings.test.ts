import assert from 'node:assert/strict'
import { type DatabaseClient, withClient } from '../../../server/src/database/connect'
import type { DatabaseModel } from '../../../server/src/database/model'
import { type CatalogOptions, readCatalog } from '../../../server/src/database/read-catalog'
import { usePostgres } from '../../support/postgres'

const PUBLIC: CatalogOptions = { schemas: ['public'] }

describe('readCatalog, beyond tables', () => {
  const server = usePostgres()

  function read(database: { url: string }, options = PUBLIC): Promise<DatabaseModel> {
    return withClient(database.url, {}, (client) => readCatalog(client, options))
  }

  it('reads enums in their order, sequences, and kinds of relations', async () => {
    const database = await server.createDatabase(
      `CREATE TYPE "Mood" AS ENUM ('sad', 'Happy''s'); ALTER TYPE "Mood" ADD VALUE 'angry' BEFORE 'sad'; CREATE TYPE nothing AS ENUM ();
       CREATE TABLE t (id serial PRIMARY KEY, n int); CREATE SEQUENCE free; CREATE VIEW v AS SELECT id FROM t;
       CREATE MATERIALIZED VIEW m AS SELECT n FROM t; CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;
       CREATE FOREIGN TABLE f (id int) SERVER s; ALTER TABLE t ENABLE ROW LEVEL SECURITY`,
    )
    const model = await read(database)
    assert.deepEqual(model.enums, [
      { schema: 'public', name: 'Mood', values: ['angry', 'sad', "Happy's"] },
      { schema: 'public', name: 'nothing', values: [] },
    ])
    assert.deepEqual(model.sequences, [
      { schema: 'public', name: 'free', ownedBy: null },
      { schema: 'public', name: 't_id_seq', ownedBy: { schema: 'public', table: 't', column: 'id' } },
    ])
    assert.deepEqual(
      model.tables.map((table) => [table.name, table.kind, table.rowSecurity, table.columns.length]),
      [
        ['f', 'foreign table', false, 1],
        ['m', 'materialized view', false, 1],
        ['t', 'table', true, 2],
        ['v', 'view', false, 1],
      ],
    )
  })

  it('reads triggers and who else uses their function', async () => {
    const database = await server.createDatabase(
      `CREATE SCHEMA other; CREATE TABLE a (id int PRIMARY KEY, n int); CREATE TABLE b (id int REFERENCES a); CREATE TABLE other.c (id int);
       CREATE FUNCTION other.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; COMMENT ON FUNCTION other.touch() IS 'mine';
       CREATE FUNCTION lonely() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
       CREATE FUNCTION ordinary() RETURNS int LANGUAGE sql AS 'SELECT 1';
       CREATE TRIGGER "T 1" BEFORE UPDATE OR INSERT ON a FOR EACH ROW WHEN (NEW.n > 0) EXECUTE FUNCTION other.touch();
       CREATE TRIGGER t2 AFTER DELETE OR TRUNCATE ON a FOR EACH STATEMENT EXECUTE FUNCTION other.touch();
       CREATE TRIGGER t3 BEFORE INSERT ON other.c FOR EACH ROW EXECUTE FUNCTION other.touch();
       ALTER TABLE a DISABLE TRIGGER t2`,
    )
    const model = await read(database)
    assert.deepEqual(
      model.tables.map((table) => [table.name, table.triggers.length]),
      [
        ['a', 2],
        ['b', 0],
      ],
    )
    const [first, second] = model.tables[0]?.triggers ?? []
    assert.deepEqual(first, {
      ...{ name: 'T 1', functionSchema: 'other', functionName: 'touch', timing: 'BEFORE', level: 'ROW', state: 'O' },
      events: ['INSERT', 'UPDATE'],
      definition: `CREATE TRIGGER "T 1" BEFORE INSERT OR UPDATE ON public.a FOR EACH ROW WHEN ((new.n > 0)) EXECUTE FUNCTION other.touch()`,
    })
    assert.deepEqual(
      [second?.timing, second?.level, second?.state, second?.events],
      ['AFTER', 'STATEMENT', 'D', ['DELETE', 'TRUNCATE']],
    )
    assert.deepEqual(model.triggerFunctions, [
      {
        ...{ schema: 'other', name: 'touch', language: 'plpgsql', source: 'BEGIN RETURN NEW; END', comment: 'mine' },
        usedBy: ['other.c.t3', 'public.a.T 1', 'public.a.t2'],
      },
      {
        ...{ schema: 'public', name: 'lonely', language: 'plpgsql', source: 'BEGIN RETURN NULL; END', comment: null },
        usedBy: [],
      },
    ])
  })

  it('reads triggers of views and of single partitions, and tells copies from them', async () => {
    const database = await server.createDatabase(
      `CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
       CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
       CREATE TABLE child (id int REFERENCES p);
       CREATE TRIGGER of_all BEFORE INSERT ON p FOR EACH ROW EXECUTE FUNCTION f();
       CREATE TRIGGER of_one BEFORE INSERT ON p1 FOR EACH ROW EXECUTE FUNCTION f();
       CREATE VIEW v AS SELECT 1 AS id; CREATE TRIGGER of_view INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION f()`,
    )
    const summary = (await read(database)).tables.map(({ name, triggers }) => [
      name,
      ...triggers.map((trigger) => `${trigger.name} ${trigger.timing}${trigger.isInherited === true ? ' copy' : ''}`),
    ])
    assert.deepEqual(summary, [
      ['child'],
      ['p', 'of_all BEFORE'],
      // Version 14 counts the copies among its internal triggers.
      ['p1', ...(server.majorVersion < 15 ? [] : ['of_all BEFORE copy']), 'of_one BEFORE'],
      ['v', 'of_view INSTEAD OF'],
    ])
  })

  it('keeps tables of the same name in two schemas apart, and quotes, case and Unicode as they are', async () => {
    const database = await server.createDatabase(
      `CREATE SCHEMA "Über ""x"" 'y'"; CREATE TABLE "User" (id int); CREATE TABLE "Über ""x"" 'y'"."User" ("näme ""q""" text, "SELECT" int);
       CREATE TABLE "user" (x int); CREATE SCHEMA hidden; CREATE TABLE hidden."User" (z int)`,
    )
    const model = await read(database, { schemas: [`Über "x" 'y'`, 'public'] })
    assert.deepEqual(
      model.tables.map((table) => [table.schema, table.name, table.columns.map((column) => column.name).join()]),
      [
        ['public', 'User', 'id'],
        ['public', 'user', 'x'],
        [`Über "x" 'y'`, 'User', 'näme "q",SELECT'],
      ],
    )
    assert.deepEqual((await read(database, { schemas: [] })).tables, [])
    assert.deepEqual((await read(database, { schemas: ["a'b\\c"] })).missingSchemas, ["a'b\\c"])
  })

  it('needs no privilege, and says what may be altered', async () => {
    const database = await server.createDatabase(
      'CREATE TABLE t (id int); CREATE SCHEMA closed; CREATE TABLE closed.s (id int)',
    )
    const [role, member] = [await server.createRole(), await server.createRole()]
    await database.query(`GRANT CREATE ON SCHEMA public TO "${role.name}"; GRANT "${role.name}" TO "${member.name}"`)
    const own = role.urlFor(database)
    await withClient(own, {}, (client) => client.query('CREATE TABLE public.mine (id int)'))
    const altered = async (url: string) => {
      const model = await read({ url }, { schemas: ['public', 'closed'] })
      assert.deepEqual(model.unseen, [])
      return model.tables.map((table) => [table.name, table.canAlter])
    }
    const expected = (mine: boolean, others: boolean) => [
      ['s', others],
      ['mine', mine],
      ['t', others],
    ]
    assert.deepEqual(await altered(own), expected(true, false))
    assert.deepEqual(await altered(member.urlFor(database)), expected(true, false))
    assert.deepEqual(await altered(database.url), expected(true, true))
  })

  it('says which parts a hardened server keeps from it', async () => {
    const database = await server.createDatabase(
      'CREATE TABLE t (id serial); REVOKE SELECT ON pg_catalog.pg_trigger FROM public',
    )
    const role = await server.createRole()
    const model = await read({ url: role.urlFor(database) })
    assert.deepEqual(
      model.tables.map((table) => [table.name, table.columns.length]),
      [['t', 1]],
    )
    assert.deepEqual(model.sequences.length, 1)
    assert.deepEqual(model.unseen, [
      'Triggers could not be read: permission denied for table pg_trigger.',
      'Triggers of partitions could not be read: permission denied for table pg_trigger.',
      'Trigger functions could not be read: permission denied for table pg_trigger.',
    ])
    await database.query('REVOKE SELECT ON pg_catalog.pg_class FROM public')
    await assert.rejects(read({ url: role.urlFor(database) }), { code: 'permission-denied' })
  })

  it('estimates rows and size from what ANALYZE left', async () => {
    const database = await server.createDatabase('CREATE TABLE t AS SELECT n FROM generate_series(1, 5000) n')
    const size = async () => {
      const [table] = (await read(database)).tables
      return [table?.estimatedRows, table?.totalBytes]
    }
    assert.deepEqual((await size())[0], null)
    await database.query('CREATE INDEX ON t (n); ANALYZE')
    const [{ bytes } = {}] = await database.query(`SELECT pg_relation_size('t') + pg_relation_size('t_n_idx') AS bytes`)
    assert.deepEqual(await size(), [5000, Number(bytes)])
  })

  it('reads within a transaction of the caller, and leaves its settings alone', async () => {
    const database = await server.createDatabase('CREATE TABLE t (id int)')
    await withClient(database.url, {}, async (client) => {
      await client.query(`BEGIN; SET LOCAL statement_timeout = '7s'; CREATE TABLE public.uncommitted (id int)`)
      const model = await readCatalog(client, PUBLIC)
      assert.deepEqual(
        model.tables.map((table) => table.name),
        ['t', 'uncommitted'],
      )
      const { rows } = await client.query<{ t: string; p: string }>(
        `SELECT current_setting('statement_timeout') AS t, current_setting('search_path') AS p`,
      )
      assert.deepEqual(rows, [{ t: '7s', p: 'pg_catalog, pg_temp' }])
      await client.query('ROLLBACK')
    })
    assert.equal((await read(database)).tables.length, 1)
  })

  it('reads the same twice, and whatever the search path of the session', async () => {
    const database = await server.createDatabase(
      `CREATE TYPE "Role" AS ENUM ('A'); CREATE TABLE t (id serial, role "Role" DEFAULT 'A', CHECK (role <> 'A'::"Role"))`,
    )
    const first = await read(database)
    assert.deepEqual(await read(database), first)
    const elsewhere = await withClient(database.url, { settings: { search_path: 'nowhere, public' } }, (client) =>
      readCatalog(client, { ...PUBLIC, defaultSchema: 'public' }),
    )
    assert.deepEqual(elsewhere, first)
  })

  it('waits only so long for a locked table, and not at all where it has no index or expression', async () => {
    const database = await server.createDatabase('CREATE TABLE t (id serial, n int); CREATE INDEX plain ON t (n)')
    await withClient(database.url, {}, async (holder) => {
      await holder.query('BEGIN; LOCK TABLE public.t IN ACCESS EXCLUSIVE MODE')
      assert.equal((await read(database, { ...PUBLIC, lockTimeout: 50 })).tables[0]?.indexes.length, 1)
      await holder.query('ROLLBACK')
      await holder.query('CREATE INDEX partial ON public.t (n) WHERE n > 0')
      await holder.query('BEGIN; LOCK TABLE public.t')
      await assert.rejects(read(database, { ...PUBLIC, lockTimeout: 50 }), { code: 'lock-timeout' })
    })
  })

  it('survives what is dropped and made while it reads', async () => {
    const database = await server.createDatabase(churn(0))
    const churning = (client: DatabaseClient, turn: number) => client.query(`DROP TABLE churn CASCADE; ${churn(turn)}`)
    await withClient(database.url, {}, (reader) =>
      withClient(database.url, { settings: { search_path: 'public' } }, async (writer) => {
        for (let turn = 1; turn <= 15; turn++) {
          const [{ tables, unseen }] = await Promise.all([readCatalog(reader, PUBLIC), churning(writer, turn)])
          assert.deepEqual(unseen, [])
          assert.deepEqual(
            tables.map((table) => [table.name, table.columns.length, table.indexes.length]),
            [
              ['churn', 3, 3],
              ['stays', 2, 0],
            ],
          )
        }
      }),
    )
  })

  function churn(turn: number): string {
    return `CREATE TABLE IF NOT EXISTS stays (id serial, n int);
      CREATE TABLE churn (id serial PRIMARY KEY, "n${String(turn)}" int CHECK ("n${String(turn)}" > 0), twice int GENERATED ALWAYS AS (id * 2) STORED);
      CREATE INDEX ON churn (id) WHERE "n${String(turn)}" > 0; CREATE INDEX ON churn ((id + 1))`
  }
})
