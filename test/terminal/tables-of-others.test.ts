import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { copyBack } from '../../server/src/backup/tables/copy-back'
import { compareRows } from '../../server/src/backup/tables/compare-rows'
import { readTableFacts } from '../../server/src/backup/tables/table-facts'
import { withClient } from '../../server/src/database/connect'
import { commandLine } from '../support/command-line'
import { usePostgres } from '../support/postgres'
import { createSampleWorkspace, type SampleWorkspace } from '../support/sample-workspace'

/** What the owner of "Lead" adds to it, by the words of the error. */
const CODE: Readonly<Record<string, string>> = {
  'the index trap': 'CREATE INDEX trap ON public."Lead" ((low.struck(name)))',
  'the index trap of public': 'CREATE INDEX trap ON public."Lead" (name) WHERE low.struck()',
  'the constraint trap': 'ALTER TABLE public."Lead" ADD CONSTRAINT trap CHECK (low.struck(name)) NOT VALID',
  'the default of trap':
    'ALTER TABLE public."Lead" ADD COLUMN trap bool; ALTER TABLE public."Lead" ALTER COLUMN trap SET DEFAULT low.struck()',
  'the default of trap, generated':
    'ALTER TABLE public."Lead" ADD COLUMN trap bool GENERATED ALWAYS AS (low.struck(name)) STORED',
  'low.name is a type':
    'CREATE DOMAIN low.name AS text CHECK (low.struck(VALUE)); ALTER TABLE public."Lead" ALTER COLUMN name TYPE low.name',
  'low.part is a type':
    'CREATE DOMAIN low.part AS int CHECK (low.struck()); CREATE TYPE low.pair AS (a low.part); ALTER TABLE public."Lead" ADD COLUMN trap low.pair[]',
  'operator of the constraint trap': `CREATE FUNCTION low.equal(text, text) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT low.struck()';
    CREATE OPERATOR low.=== (LEFTARG = text, RIGHTARG = text, FUNCTION = low.equal);
    ALTER TABLE public."Lead" ADD CONSTRAINT trap CHECK (name OPERATOR(low.===) 'a') NOT VALID`,
}

/** The refusal of what the owner adds after the rows were compared, and what takes it back. */
const ADDED = [
  ['query-runs-code', CODE['the index trap of public'] ?? '', 'DROP INDEX public.trap'],
  ['rows-run-code', CODE['the constraint trap'] ?? '', 'ALTER TABLE public."Lead" DROP CONSTRAINT trap'],
  [
    'table-changed',
    `CREATE FUNCTION low.fires() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM low.struck(); RETURN NEW; END';
     CREATE TRIGGER trap BEFORE INSERT ON public."Lead" FOR EACH ROW EXECUTE FUNCTION low.fires();
     ALTER TABLE public."Lead" ENABLE ALWAYS TRIGGER trap`,
    'DROP TRIGGER trap ON public."Lead"',
  ],
  [
    'table-not-restorable',
    'CREATE RULE trap AS ON INSERT TO public."Lead" DO ALSO SELECT low.struck()',
    'DROP RULE trap ON public."Lead"',
  ],
  [
    'table-not-restorable',
    'ALTER TABLE public."Lead" RENAME TO kept; CREATE VIEW public."Lead" AS SELECT * FROM public.kept WHERE low.struck()',
    'DROP VIEW public."Lead"; ALTER TABLE public.kept RENAME TO "Lead"',
  ],
] as const

describe('rows of a backup, in a table of a role with fewer privileges', () => {
  const server = usePostgres()
  let workspace: SampleWorkspace
  let backup: string
  let owner: string

  const run = (...words: string[]) =>
    commandLine(words, { folder: workspace.folder, environment: workspace.environment })

  beforeEach(async () => {
    workspace = await createSampleWorkspace(server)
    const { name } = await server.createRole()
    owner = name
    const folder = path.join(workspace.folder, 'kept')
    const made = await run('backup', '--output', folder)
    assert.equal(made.exitCode, 0, made.stderr)
    backup = path.join(folder, fs.readdirSync(folder).find((name) => /\.(?:dump|sql)$/.test(name)) ?? '')
    await workspace.database.query(`
      DELETE FROM public."Lead" WHERE id = 1;
      CREATE SCHEMA low AUTHORIZATION "${owner}"; CREATE SEQUENCE low.strikes; ALTER TABLE public."Lead" OWNER TO "${owner}";
      GRANT CREATE ON SCHEMA public TO "${owner}"; GRANT ALL ON SEQUENCE low.strikes TO public`)
    await asOwner(
      owner,
      `
      CREATE FUNCTION low.struck(text DEFAULT '') RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $f$ BEGIN
        IF current_user OPERATOR(pg_catalog.<>) '${owner}' THEN PERFORM pg_catalog.nextval('low.strikes'); END IF; RETURN true; END $f$`,
    )
  })
  afterEach(() => workspace.remove())

  const asOwner = (role: string, sql: string) =>
    workspace.database.query(`SET SESSION AUTHORIZATION "${role}"; ${sql}; RESET SESSION AUTHORIZATION`)
  const strikes = async () => (await workspace.database.query('SELECT is_called FROM low.strikes'))[0]

  for (const [place, sql] of Object.entries(CODE)) {
    it(`run none of its code with yours: ${place}`, async () => {
      await asOwner(owner, sql)
      const { exitCode, stdout, stderr } = await run('restore', backup, '--table', 'Lead', '--yes')
      assert.deepEqual(await strikes(), { is_called: false }, stdout + stderr)
      assert.equal(exitCode, 2, stdout + stderr)
      assert.match(stderr, /with your privileges.*\. Nothing was changed/)
      assert.match(
        stderr,
        place.startsWith('operator') ? /low\.equal\(\) of the role/ : new RegExp(place.split(',')[0] ?? ''),
      )
      const left = await workspace.database.query(
        `SELECT FROM pg_namespace WHERE nspname LIKE 'prisma\\_audit\\_restored%'`,
      )
      assert.equal(left.length, 0)
      // So that the rest proves something.
      await workspace.database.query(`INSERT INTO public."Lead" (name, email) VALUES ('x', 'x')`)
      if (!place.includes('part')) assert.deepEqual(await strikes(), { is_called: true })
    })
  }

  it('nor code that is added after they were compared', async () => {
    const { database } = workspace
    await database.query(
      `CREATE SCHEMA beside; CREATE TABLE beside."Lead" AS TABLE public."Lead"; DELETE FROM public."Lead" WHERE id = 2`,
    )
    await withClient(database.url, {}, async (client) => {
      const facts = await readTableFacts(client, { schema: 'public', table: 'Lead' })
      const table = {
        ...{ facts, name: 'beside."Lead"', columns: facts.columns.map(({ name }) => name) },
        others: { ofBackup: [], ofDatabase: [] },
      }
      const compared = [{ table, differences: await compareRows(client, table) }]
      for (const [code, sql, dropped] of ADDED) {
        await asOwner(owner, sql)
        await assert.rejects(copyBack(client, compared, 'all'), { code })
        assert.deepEqual(await strikes(), { is_called: false }, sql)
        await database.query(dropped)
      }
      await copyBack(client, compared, 'all')
    })
    assert.equal((await database.query('SELECT FROM public."Lead" WHERE id = 2')).length, 1)
  })
})
