import { said } from '../../support/said'
import assert from 'node:assert/strict'
import { withClient } from '../../../server/src/database/connect'
import { readSurroundings } from '../../../server/src/database/table-surroundings'
import { judgeSurroundings, tablesOfPlan } from '../../../server/src/migration/plan/judge-surroundings'
import { tryWrites } from '../../../server/src/verification/writes/probe-writes'
import { usePostgres } from '../../support/postgres'
import { createProject } from './support/project'

/** By where a function of a lesser role stands in a superuser's table, the table's definition. */
const PLACES = {
  check: 'CREATE TABLE "Lead" (id int PRIMARY KEY, n int, CHECK (theirs.f(n) > 0))',
  default: 'CREATE TABLE "Lead" (id int PRIMARY KEY, n int DEFAULT theirs.f(1))',
  'generated column': 'CREATE TABLE "Lead" (id int PRIMARY KEY, n int, m int GENERATED ALWAYS AS (theirs.f(n)) STORED)',
  'index of an expression': 'CREATE TABLE "Lead" (id int PRIMARY KEY, n int); CREATE INDEX i ON "Lead" (theirs.f(n))',
  'condition of an index':
    'CREATE TABLE "Lead" (id int PRIMARY KEY, n int); CREATE INDEX i ON "Lead" (id) WHERE theirs.f(n) > 0',
  operator: 'CREATE TABLE "Lead" (id int PRIMARY KEY, n int, CHECK (n OPERATOR(theirs.|+|) 1 > 0))',
  'operator class': 'CREATE TABLE "Lead" (id int PRIMARY KEY, n int); CREATE INDEX i ON "Lead" (n theirs.ops)',
  partition: `CREATE TABLE "Lead" (id int PRIMARY KEY, n int) PARTITION BY HASH (id);
    CREATE TABLE part PARTITION OF "Lead" (CHECK (theirs.f(n) > 0)) FOR VALUES WITH (MODULUS 1, REMAINDER 0)`,
}

describe("a superuser's table that calls functions of a lesser role", () => {
  const server = usePostgres()

  for (const [place, table] of Object.entries(PLACES)) {
    it(`${place}: the plan names it, and it does not run when writes are tried`, async () => {
      const role = await server.createRole({ name: `planter_${place.replaceAll(' ', '_')}` })
      const project = await createProject(server, {
        schema:
          'datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id\n}\nmodel Lead {\n  id Int @id\n  n Int?\n}\n',
        policy: { rules: [{ models: ['Lead'], require: ['ownerId'] }] },
        ddl: `CREATE SCHEMA theirs;
          CREATE FUNCTION theirs.f(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
            BEGIN RAISE LOG 'STRUCK ${place}'; RETURN 1; END $$;
          CREATE FUNCTION theirs.g(int, int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN theirs.f($1); END';
          CREATE OPERATOR theirs.|+| (LEFTARG = int, RIGHTARG = int, FUNCTION = theirs.g);
          CREATE OPERATOR CLASS theirs.ops FOR TYPE int USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =,
            OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 theirs.g(int, int);
          ALTER FUNCTION theirs.f(int) OWNER TO ${role.name}; ALTER FUNCTION theirs.g(int, int) OWNER TO ${role.name};
          CREATE TABLE "User" (id int PRIMARY KEY); ${table}; INSERT INTO "User" VALUES (1); INSERT INTO "Lead" VALUES (1, 1), (2, 2)`,
      })
      const struck = () => server.log().split(`STRUCK ${place}`).length
      const before = struck()
      const write = (where: string) =>
        project.database.query(`UPDATE "Lead" SET n = DEFAULT WHERE id = ${where}; UPDATE "Lead" SET n = 7`)
      await write('1').catch(() => write('0'))
      assert.ok(struck() > before, 'a write runs it')

      const plan = await project.plan()
      const run = struck()
      const tried = await withClient(project.url, {}, async (client) => {
        const { warnings } = judgeSurroundings(plan, await readSurroundings(client, tablesOfPlan(plan)))
        const texts = warnings.filter(({ code }) => code === 'code-of-others').map(({ text }) => said(text))
        assert.match(texts.join('\n'), new RegExp(`calls theirs\\.[fg]\\(\\) of the role ${role.name}`))
        return await tryWrites(client, { schema: 'public', table: 'Lead', unnamed: [], lookupSchema: 'public' })
      })
      assert.deepEqual(
        Object.values(tried).map(({ is }) => is),
        ['not tried', 'not tried'],
      )
      assert.equal(struck(), run)
    })
  }
})
