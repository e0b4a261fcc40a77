import assert from 'node:assert/strict'
import { requireNoCodeAtPlanning } from '../../../server/src/database/code-at-planning'
import { withClient } from '../../../server/src/database/connect'
import { AuditError } from '../../../server/src/errors'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { usePostgres } from '../../support/postgres'
import { createProject, type TestProject } from './support/project'

/**
 * A superuser's database in which a lesser role owns tables. What it plants writes to the server's log when another
 * role runs it, which no rollback takes back; a plain count of the rows is enough.
 */
const PLANTED = `
  CREATE SCHEMA theirs AUTHORIZATION planner; GRANT CREATE ON SCHEMA public TO planner;
  SET SESSION AUTHORIZATION planner;
  CREATE FUNCTION theirs.strike(what text) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $$
    BEGIN IF current_user <> 'planner' THEN RAISE LOG 'STRUCK %', what; END IF; RETURN true; END $$;
  CREATE FUNCTION theirs.wrapped(what text) RETURNS bool LANGUAGE sql IMMUTABLE AS $$ SELECT what IS NULL OR theirs.strike('wrapped') $$;
  CREATE FUNCTION theirs.plain(what text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower(what) $$;
  CREATE FUNCTION theirs.same(text, text) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN theirs.strike('operator'); END $$;
  CREATE OPERATOR theirs.=== (LEFTARG = text, RIGHTARG = text, FUNCTION = theirs.same);
  RESET SESSION AUTHORIZATION;`

/** What is planted, and what the refusal names; null: it runs nothing while a query is planned. */
const KINDS: readonly (readonly [string, string | null])[] = [
  [
    `CREATE INDEX found_%t ON %t (name) WHERE theirs.strike('condition')`,
    'the index found_%t of theirs.%t calls theirs.strike()',
  ],
  [
    `CREATE INDEX found_%t ON %t ((theirs.strike('expression')))`,
    'the index found_%t of theirs.%t calls theirs.strike()',
  ],
  [
    `CREATE INDEX found_%t ON %t (name) WHERE theirs.wrapped(name)`,
    'the index found_%t of theirs.%t calls theirs.wrapped()',
  ],
  [
    `CREATE INDEX found_%t ON %t (name) WHERE 'a' OPERATOR(theirs.===) 'b'`,
    'the index found_%t of theirs.%t calls theirs.same()',
  ],
  [
    `CREATE STATISTICS seen ON name, (theirs.strike('statistics')) FROM %t`,
    'the statistics object seen of theirs.%t calls',
  ],
  [
    `CREATE TABLE %t_child (CHECK (theirs.strike('child'))) INHERITS (%t)`,
    'the constraint %t_child_check of theirs.%t_child calls theirs.strike()',
  ],
  [`CREATE INDEX mine_%t ON %t (theirs.plain(name)) WHERE theirs.plain(name) <> 'x'`, null],
  [`CREATE INDEX mine_%t ON %t (name) WHERE theirs.strike(name)`, null],
]

const SCHEMA = `datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id\n}\nmodel Lead {\n  id Int @id\n  name String?\n}\n`

describe("a lesser role's tables whose mere reading would run its code", () => {
  const server = usePostgres()
  let project: TestProject
  before(async () => {
    await server.createRole({ name: 'planner' })
    project = await createProject(server, {
      schema: SCHEMA,
      policy: { rules: [{ models: ['Lead'], require: ['updatedAt', 'ownerId'] }] },
      sql: `${PLANTED} ALTER TABLE "Lead" OWNER TO planner; INSERT INTO "User" VALUES (1); INSERT INTO "Lead" VALUES (1, 'a')`,
    })
  })
  const struck = () =>
    server
      .log()
      .split('\n')
      .filter((line) => /LOG: +STRUCK/.test(line)).length
  const refused = (error: unknown) => error instanceof AuditError && error.code === 'query-runs-code'

  for (const [index, [planted, named]] of KINDS.entries()) {
    const table = `kind${String(index)}`
    const sql = planted.replaceAll('%t', table)
    it(`${sql} is ${named === null ? 'let be' : 'refused by name'}`, async () => {
      await project.database.query(`SET SESSION AUTHORIZATION planner; SET search_path = theirs, pg_catalog;
        CREATE TABLE ${table} (id int, name text); ${sql}; RESET SESSION AUTHORIZATION`)
      const before = struck()
      const ask = () => withClient(project.url, {}, (client) => requireNoCodeAtPlanning(client, [`theirs.${table}`]))
      if (named === null) await ask()
      else
        await assert.rejects(ask(), (error) => {
          assert.ok(refused(error))
          assert.ok(
            (error as AuditError).message.includes(named.replaceAll('%t', table)),
            (error as AuditError).message,
          )
          return true
        })
      assert.equal(struck(), before)
      await project.database.query(`SELECT count(*) FROM theirs.${table} WHERE id > 0`)
      assert.equal(struck() > before, named !== null, 'whether a query would have run it')
    })
  }

  it('are neither migrated nor rolled back', async () => {
    const { url } = project
    const plan = await project.plan()
    const plant = async () =>
      await project.database.query(`SET SESSION AUTHORIZATION planner;
        CREATE INDEX found ON public."Lead" (name) WHERE theirs.strike('lead'); RESET SESSION AUTHORIZATION`)
    await plant()
    const before = struck()
    await assert.rejects(runPlan({ url, plan }), refused)
    assert.equal(struck(), before)
    await project.database.query('DROP INDEX found')
    assert.equal((await runPlan({ url, plan })).status, 'completed')
    await plant()
    const migrated = struck()
    await assert.rejects(rollBack({ url }), refused)
    await assert.rejects(rollBack({ url, dropData: true }), refused)
    assert.equal(struck(), migrated)
    await project.database.query('DROP INDEX found')
    assert.equal((await rollBack({ url })).status, 'completed')
  })
})
