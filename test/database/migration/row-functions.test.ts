import { said } from '../../support/said'
import assert from 'node:assert/strict'
import { withClient } from '../../../server/src/database/connect'
import { readSurroundings } from '../../../server/src/database/table-surroundings'
import { judgeSurroundings, tablesOfPlan } from '../../../server/src/migration/plan/judge-surroundings'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { usePostgres } from '../../support/postgres'
import { createProject } from './support/project'

/** By name: what a function returns, its language, and its body. All of them work before the migration. */
const FUNCTIONS: Readonly<Record<string, readonly [returns: string, language: string, body: string]>> = {
  list: ['SETOF t', 'sql', 'SELECT id, name FROM t'],
  list_of_one: ['t', 'sql', 'SELECT 1; SELECT x.id, x.name FROM s.t AS x ORDER BY 1 LIMIT 1;'],
  list_behind_with: ['SETOF t', 'sql', 'WITH w AS (SELECT * FROM t) SELECT id, name FROM w'],
  list_of_values: ['SETOF t', 'sql', `VALUES (1, 'a'), (2, 'b')`],
  list_of_returning: ['SETOF t', 'sql', 'UPDATE t SET name = name RETURNING id, name'],
  list_in_row: ['SETOF t', 'sql', 'SELECT ROW(id, name)::t FROM t'],
  list_in_tree: ['SETOF t', 'tree', 'SELECT * FROM t;'],
  star: ['SETOF t', 'sql', '/* id, name */ SELECT * FROM t -- all of them'],
  star_of_table: ['SETOF t', 'sql', 'SELECT DISTINCT ON (x.id) x.* FROM t x JOIN o ON o.id = x.id'],
  star_of_returning: ['SETOF t', 'sql', 'UPDATE t SET name = name RETURNING *'],
  whole_row: ['SETOF t', 'sql', 'SELECT x FROM t x'],
  whole_row_in_tree: ['SETOF t', 'tree', 'SELECT x FROM t x;'],
  columns_of_star: ['TABLE (a int, b text)', 'sql', 'SELECT * FROM t'],
  columns_of_star_in_tree: ['TABLE (a int, b text)', 'tree', 'SELECT * FROM t;'],
  columns_of_list: ['TABLE (a int, b text)', 'sql', 'SELECT id, name FROM t'],
  columns_of_inner_list: ['TABLE (a int, b text)', 'sql', 'SELECT * FROM (SELECT id, name FROM t) AS q'],
  other_rows_of_star: ['SETOF o', 'sql', 'SELECT t.* FROM t'],
  other_rows_of_others: ['SETOF o', 'sql', 'SELECT o.* FROM o JOIN t ON t.id = o.id'],
  union: ['SETOF o', 'sql', 'SELECT * FROM o UNION ALL SELECT * FROM t'],
  union_within: ['bigint', 'sql', 'SELECT count(*) FROM (SELECT * FROM t UNION ALL SELECT * FROM o) q'],
  union_of_itself: ['bigint', 'sql', 'SELECT count(*) FROM (SELECT * FROM t WHERE id = 1 UNION SELECT * FROM t) q'],
  compared: ['boolean', 'sql', `SELECT (1, 'a'::text) IN (SELECT * FROM t)`],
  exists: ['boolean', 'sql', 'SELECT EXISTS (SELECT * FROM t)'],
  counted: ['bigint', 'sql', 'SELECT count(*) FROM t'],
  inserted: ['void', 'sql', 'INSERT INTO o SELECT * FROM t WHERE false'],
  inserted_with_names: ['void', 'sql', 'INSERT INTO s.o (id, name) SELECT * FROM "t" WHERE false'],
  inserted_back: ['void', 'sql', 'INSERT INTO t SELECT * FROM o WHERE false'],
  inserted_values: ['void', 'sql', `INSERT INTO t VALUES (9, 'x')`],
  name_of_another: ['text', 'sql', 'SELECT coalesce(updated_at, now())::text FROM t JOIN p ON true LIMIT 1'],
  name_within: ['text', 'sql', 'SELECT (SELECT updated_at FROM p LIMIT 1)::text FROM t LIMIT 1'],
  name_of_alias: ['text', 'sql', 'SELECT p.updated_at::text FROM t JOIN p ON true LIMIT 1'],
  name_of_result: ['text', 'sql', 'SELECT name AS updated_at FROM t ORDER BY updated_at LIMIT 1'],
  query_of_list: ['SETOF t', 'plpgsql', 'BEGIN RETURN QUERY SELECT id, name FROM t; END'],
  query_of_star: [
    'SETOF t',
    'plpgsql',
    'BEGIN RETURN QUERY SELECT * FROM t; RETURN QUERY EXECUTE $q$SELECT * FROM t$q$; END',
  ],
  query_in_string: ['SETOF t', 'plpgsql', `BEGIN RETURN QUERY EXECUTE 'SELECT id, name FROM t'; END`],
  columns_of_query: ['TABLE (a int, b text)', 'plpgsql', 'BEGIN RETURN QUERY SELECT * FROM t; END'],
  row_in_parentheses: ['t', 'plpgsql', `BEGIN RETURN (1, 'x'::text); END`],
  row_of_variable: ['t', 'plpgsql', 'DECLARE r t; BEGIN SELECT id, name INTO r FROM t; RETURN r; END'],
  row_of_record: [
    't',
    'plpgsql',
    'DECLARE r record; BEGIN SELECT id, name INTO STRICT r FROM t LIMIT 1; RETURN r; END',
  ],
  rows_of_record: [
    'SETOF t',
    'plpgsql',
    'DECLARE r record; BEGIN FOR r IN SELECT id, name FROM t LOOP RETURN NEXT r; END LOOP; END',
  ],
  rows_of_whole_record: [
    'SETOF t',
    'plpgsql',
    'DECLARE r record; BEGIN FOR r IN SELECT * FROM t LOOP RETURN NEXT r; END LOOP; END',
  ],
  inserted_variable: [
    'void',
    'plpgsql',
    'DECLARE r s.t%ROWTYPE; BEGIN SELECT * INTO r FROM t; INSERT INTO o VALUES (r.*); END',
  ],
  inserted_variable_back: ['void', 'plpgsql', `DECLARE r t; BEGIN r := (5, 'z'); INSERT INTO t VALUES (r.*); END`],
  name_of_variable: [
    'text',
    'plpgsql',
    `DECLARE updated_at text := ''; BEGIN RETURN (SELECT name FROM t WHERE name <> updated_at LIMIT 1); END`,
  ],
  name_in_update: [
    'void',
    'plpgsql',
    'DECLARE owner_id int; BEGIN UPDATE s.t AS x SET name = x.name WHERE x.id = owner_id; END',
  ],
  name_in_update_from: ['void', 'sql', 'UPDATE t SET name = name FROM p WHERE updated_at IS NULL'],
  name_in_update_of_other: [
    'void',
    'plpgsql',
    'DECLARE owner_id int; BEGIN UPDATE o SET name = name WHERE id = owner_id; PERFORM FROM t; END',
  ],
  name_in_update_for_variable: [
    'int',
    'plpgsql',
    'DECLARE owner_id int; BEGIN UPDATE t SET name = name RETURNING id INTO owner_id; RETURN owner_id; END',
  ],
  name_in_delete: ['void', 'plpgsql', 'DECLARE owner_id int; BEGIN DELETE FROM t WHERE id = owner_id; END'],
  name_in_perform: ['void', 'plpgsql', 'DECLARE owner_id int; BEGIN PERFORM FROM t WHERE id = owner_id; END'],
  name_in_insert: ['void', 'plpgsql', `DECLARE owner_id int := 7; BEGIN INSERT INTO t VALUES (owner_id, 'a'); END`],
  name_in_conflict: [
    'void',
    'plpgsql',
    `DECLARE owner_id text := ''; BEGIN
      INSERT INTO t VALUES (1, 'a') ON CONFLICT (id) DO UPDATE SET name = owner_id; END`,
  ],
  name_of_variable_elsewhere: [
    'text',
    'plpgsql',
    `DECLARE updated_at text; BEGIN SELECT name INTO updated_at FROM t LIMIT 1; RETURN updated_at; END`,
  ],
}

describe('functions that count on the columns of a table', () => {
  const server = usePostgres()

  it('are named in the plan: exactly those that fail once the migration is complete', async () => {
    const project = await createProject(server, {
      schema:
        'datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id\n}\nmodel t {\n  id Int @id\n  name String\n}\n',
      policy: {
        rules: [{ models: ['t'], require: ['updatedAt', 'ownerId'] }],
        fields: { updatedAt: { column: 'updated_at' }, ownerId: { column: 'owner_id' } },
      },
      ddl: `CREATE SCHEMA s; SET search_path = s; CREATE TABLE "User" (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, name text NOT NULL);
        CREATE TABLE o (id int, name text); CREATE TABLE p (id int, updated_at timestamp); INSERT INTO "User" VALUES (1);
        INSERT INTO t VALUES (1, 'a'); INSERT INTO o VALUES (1, 'a'); INSERT INTO p VALUES (1, now());
        ${Object.entries(FUNCTIONS)
          .map(([name, [returns, language, body]]) => {
            const made = language === 'tree' ? `sql BEGIN ATOMIC ${body} END` : `${language} AS $f$${body}$f$`
            return `CREATE FUNCTION f_${name}() RETURNS ${returns} SET search_path = s LANGUAGE ${made};`
          })
          .join('\n')}`,
      schemas: ['s'],
    })
    const failing = async () => {
      const failed: string[] = []
      for (const name of Object.keys(FUNCTIONS)) {
        await project.database.query(`BEGIN; SELECT * FROM s.f_${name}(); ROLLBACK`).catch(async () => {
          failed.push(name)
          await project.database.query('ROLLBACK')
        })
      }
      return failed
    }
    assert.deepEqual(await failing(), [])
    const tenant = project.inSchema('s')
    const plan = await tenant.plan()
    const around = await withClient(project.url, {}, (client) => readSurroundings(client, tablesOfPlan(plan)))
    const told = judgeSurroundings(plan, around).warnings.filter(({ code }) => code === 'function-breaks')
    assert.equal((await runPlan({ url: project.url, plan })).status, 'completed')
    const namesOf = told.map(({ text }) => /^The function s\.f_(\w+)\(\) uses s\.t and /.exec(said(text))?.[1])
    assert.deepEqual(namesOf.sort(), (await failing()).sort())
  })
})
