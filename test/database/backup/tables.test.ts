import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import type { BackupReader } from '../../../server/src/backup/backup-way'
import { openReader } from '../../../server/src/backup/open-reader'
import { compareRows } from '../../../server/src/backup/tables/compare-rows'
import { copyBack, type ComparedTable, type CopyBackExtent } from '../../../server/src/backup/tables/copy-back'
import { loadBeside } from '../../../server/src/backup/tables/load-beside'
import { readTableFacts } from '../../../server/src/backup/tables/table-facts'
import { withClient } from '../../../server/src/database/connect'
import { usePostgres, type TestDatabase } from '../../support/postgres'
import { backUpTo, EVERYTHING_SQL, NOTHING_INSTALLED, exportTo, useFolder } from './support'

/**
 * Triggers that would write another value, an identity, foreign keys in both directions, a generated column, values of
 * every kind.
 */
const APPLICATION_SQL = `
  CREATE TABLE "Team" (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text UNIQUE);
  CREATE TABLE "Member" (
    team int REFERENCES "Team" ON DELETE CASCADE, number int, data json, note text, "Gone" text DEFAULT 'g',
    twice int GENERATED ALWAYS AS (number * 2) STORED, "updatedAt" timestamp(3) NOT NULL DEFAULT '2026-01-01', PRIMARY KEY (team, number)
  );
  CREATE FUNCTION touch_member() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW."updatedAt" := '2030-01-01'; RETURN NEW; END $$;
  CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON "Member" FOR EACH ROW EXECUTE FUNCTION touch_member();
  ALTER TABLE "Member" ENABLE ALWAYS TRIGGER touch;
  INSERT INTO "Team" (name) SELECT 'team ' || i FROM generate_series(1, 4) i;
  ALTER TABLE "Member" DISABLE TRIGGER touch;
  INSERT INTO "Member" (team, number, data, note)
    SELECT 1 + i % 4, i, '{"a": [1]}', CASE WHEN i % 3 = 0 THEN NULL ELSE E'it''s; \\\\N\\t-- ' || i END FROM generate_series(1, 40) i;
  ALTER TABLE "Member" ENABLE ALWAYS TRIGGER touch;
  CREATE TABLE "Ticket" (id int PRIMARY KEY, number int GENERATED ALWAYS AS IDENTITY);
  INSERT INTO "Ticket" (id) VALUES (1);
  CREATE TABLE "Empty" (id int PRIMARY KEY)`

describe('single tables of a backup', () => {
  const server = usePostgres()
  const folder = useFolder()
  const environment = process.env

  const dump = async (
    kind: 'custom' | 'plain' | 'export',
    url: string,
  ): Promise<{ file: string; reader: BackupReader }> => {
    let file: string
    if (kind === 'export') {
      file = await exportTo(folder(), url)
    } else file = (await backUpTo(folder(), url, { ...(kind === 'plain' ? NOTHING_INSTALLED : {}), level: 1 })).path
    return { file, reader: await openReader(file, { serverMajor: 0, environment }) }
  }

  /** As the command does it, without its questions. */
  async function load(
    database: TestDatabase,
    { file, reader }: { file: string; reader: BackupReader },
    names: readonly string[],
    schema = 'beside',
  ): Promise<ComparedTable[]> {
    return await withClient(database.url, {}, async (client) => {
      await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE; CREATE SCHEMA ${schema}`)
      const compared: ComparedTable[] = []
      for (const name of names) {
        const [of = '', table = ''] = name.split('|')
        const facts = await readTableFacts(client, { schema: of, table })
        const loaded = await loadBeside(client, reader, { facts, schema, request: { path: file, environment } })
        compared.push({ table: loaded, differences: await compareRows(client, loaded) })
      }
      return compared
    })
  }
  const copy = (database: TestDatabase, compared: ComparedTable[], extent: CopyBackExtent) =>
    withClient(database.url, {}, (client) => copyBack(client, compared, extent))
  const countsOf = ({ differences: { missing, changed, added } }: ComparedTable) => [
    missing.count,
    changed.count,
    added.count,
  ]

  for (const kind of ['custom', 'plain', 'export'] as const) {
    it(`are read out of a ${kind} one, compared, and copied back as they were`, async function () {
      if (kind === 'custom' && !fs.existsSync(path.join(server.binFolder, 'pg_dump'))) this.skip()
      const database = await server.createDatabase(`${EVERYTHING_SQL};${APPLICATION_SQL}`)
      const backup = await dump(kind, database.url)
      const every = ['public|User', 'Other; Schema|Lead', 'a.b "c"|T.1\nline', 'public|parts_0', 'public|Empty']
      for (const compared of await load(database, backup, every)) {
        assert.deepEqual([compared.table.facts.name, ...countsOf(compared)], [compared.table.facts.name, 0, 0, 0])
      }
      const all = `SELECT (SELECT md5(string_agg(t::text, '|' ORDER BY t.id)) FROM "Team" t) AS teams,
        (SELECT md5(string_agg(m::text, '|' ORDER BY m.team, m.number)) FROM "Member" m) AS members`
      const before = await database.query(all)
      const change = `DELETE FROM "Team" WHERE id = 2; UPDATE "Member" SET note = 'changed', data = '{"a":[1]}' WHERE team = 3 AND number < 15;
        INSERT INTO "Team" (name) VALUES ('new')`
      await database.query(change)
      const tables = ['public|Member', 'public|Team']
      const shown = await load(database, backup, tables)
      assert.deepEqual(shown.map(countsOf), [
        [10, 4, 0],
        [1, 0, 1],
      ])
      const [example] = shown[0]!.differences.changed.examples
      assert.equal(example?.key, '3, 2')
      assert.match(example.changes.join('; '), /note: 'changed', in the backup  ?E?'it''s/)
      await copy(database, shown, 'all')
      assert.deepEqual(await database.query(all), before)
      // The trigger is as it was, and the next row gets a key of its own.
      const [trigger] = await database.query(
        `SELECT tgenabled FROM pg_trigger WHERE tgname = 'touch' AND tgrelid = '"Member"'::regclass`,
      )
      assert.deepEqual(trigger, { tgenabled: 'A' })
      const [next] = await database.query(`INSERT INTO "Team" (name) VALUES ('next') RETURNING id`)
      assert.deepEqual(next, { id: 6 })
    }).timeout(600_000)
  }

  it('change nothing where rows have changed meanwhile, more would change along, or a row cannot come back', async () => {
    const database = await server.createDatabase(APPLICATION_SQL)
    const backup = await dump('plain', database.url)
    const rows = () =>
      database.query(`SELECT count(*)::int AS n, md5(string_agg(t::text, '|' ORDER BY t.id)) FROM "Team" t`)
    const refuses = async (compared: ComparedTable[], extent: CopyBackExtent, error: object) => {
      const before = await rows()
      await assert.rejects(copy(database, compared, extent), error)
      assert.deepEqual(await rows(), before)
    }
    await database.query(`UPDATE "Team" SET name = 'x' WHERE id = 1`)
    const stale = await load(database, backup, ['public|Team'])
    await database.query(`UPDATE "Team" SET name = 'y' WHERE id = 1`)
    await refuses(stale, 'changed', { code: 'rows-changed' })
    // A row that was added has members, which would go along.
    await database.query(`INSERT INTO "Team" (name) VALUES ('new'); INSERT INTO "Member" (team, number) VALUES (5, 1)`)
    const added = await load(database, backup, ['public|Team'])
    await refuses(added, 'all', {
      code: 'table-not-restorable',
      why: /Rows of public\."Member" reference rows that would be deleted/,
    })
    await copy(database, added, 'changed')
    assert.deepEqual((await load(database, backup, ['public|Team'])).map(countsOf), [[0, 0, 1]])
    // Its parent is gone, or its unique value is taken.
    await database.query('DELETE FROM "Team" WHERE id = 2')
    await refuses(await load(database, backup, ['public|Member']), 'missing', {
      code: 'copy-back-failed',
      why: /foreign key/,
    })
    await database.query(`UPDATE "Team" SET name = 'team 2' WHERE id = 5`)
    await refuses(await load(database, backup, ['public|Team']), 'missing', { code: 'copy-back-failed', why: /unique/ })
    // An identity that only PostgreSQL writes: the row cannot get the number that the backup has.
    await database.query(
      `UPDATE "Team" SET name = 'new' WHERE id = 5; DELETE FROM "Ticket"; INSERT INTO "Ticket" (id) VALUES (1)`,
    )
    await refuses(await load(database, backup, ['public|Team', 'public|Ticket']), 'changed', {
      code: 'copy-back-incomplete',
      message: 'Some rows of public."Ticket" still differ from the backup after the copy. Everything was rolled back.',
      why: 'A trigger on another table, a foreign key or an identity column produced another value.',
      nextStep: /^Restore the backup into a new database/,
    })
    // The end of the session is not about the rows.
    await database.query(
      'ALTER TABLE "Team" ADD CONSTRAINT ends CHECK (pg_terminate_backend(pg_backend_pid())) NOT VALID',
    )
    await refuses(await load(database, backup, ['public|Team']), 'missing', { code: 'connection-lost' })
    await database.query('ALTER TABLE "Team" DROP CONSTRAINT ends')
    // Columns that came and went: what the backup knows comes back, the rest has its default.
    await database.query(`ALTER TABLE "Member" DROP "Gone", ADD "createdBy" int DEFAULT 7`)
    const both = await load(database, backup, ['public|Team', 'public|Member'])
    assert.deepEqual(both[1]?.table.others, { ofBackup: ['Gone'], ofDatabase: ['createdBy'] })
    await copy(database, both, 'missing')
    const [came] = await database.query(
      `SELECT count(*)::int AS n, min("createdBy") AS by FROM "Member" WHERE team = 2`,
    )
    assert.deepEqual(came, { n: 10, by: 7 })
  }).timeout(600_000)

  it('are refused where rows cannot be told apart, are elsewhere, or are not in the backup', async () => {
    const database = await server.createDatabase(`
      CREATE TABLE keyless (id int); CREATE TABLE parted (id int PRIMARY KEY) PARTITION BY RANGE (id); CREATE VIEW seen AS SELECT 1 AS id;
      CREATE TABLE ruled (id int PRIMARY KEY); CREATE RULE r AS ON INSERT TO ruled DO ALSO NOTHING; CREATE TABLE later (id int PRIMARY KEY)`)
    const structure = await backUpTo(folder(), database.url, {
      ...NOTHING_INSTALLED,
      level: 1,
      scope: { kind: 'structure', tables: [] },
    })
    const backup = { file: structure.path, reader: await openReader(structure.path, { serverMajor: 0, environment }) }
    for (const [table, why] of [
      ['keyless', /neither a primary key nor a unique key/],
      ['parted', /partitioned/],
      ['seen', /not a table/],
      ['ruled', /has rules/],
      ['none', /no such table/],
    ] as const) {
      await assert.rejects(load(database, backup, [`public|${table}`]), { code: 'table-not-restorable', why })
    }
    await assert.rejects(load(database, backup, ['public|later']), { code: 'table-not-in-backup' })
  })
})
