import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { withClient } from '../../../../server/src/database/connect'
import { AuditError } from '../../../../server/src/errors'
import { readJournal } from '../../../../server/src/migration/run/journal/journal'
import { readPreservedValues } from '../../../../server/src/migration/run/preserved/preserved-columns'
import { rollBack } from '../../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../../server/src/migration/run/run-plan'
import { usePostgres, type TestDatabase, type TestRole } from '../../../support/postgres'
import { createProject } from '../support/project'

const SCHEMA = `datasource db {
  provider = "postgresql"
}
model User {
  id Int @id
}
`
const POLICY = { rules: [{ models: ['User'], require: ['updatedAt'] }] }

const sqlOf = (name: string) =>
  fs.readFileSync(path.join(__REPOSITORY__, 'server/src/migration/run', name), 'utf8').replaceAll('IF NOT EXISTS ', '')

const JOURNAL = `CREATE SCHEMA prisma_audit; ${sqlOf('journal/journal.sql')}`
const KEPT = `CREATE SCHEMA prisma_audit_kept; ${sqlOf('preserved/preserved-tables.sql')}`

describe('a journal that somebody else could have written', () => {
  const server = usePostgres()
  let mallory: TestRole

  before(async () => {
    mallory = await server.createRole()
  })

  const project = () => createProject(server, { schema: SCHEMA, policy: POLICY, sql: 'INSERT INTO "User" VALUES (1)' })

  async function as(role: TestRole, database: TestDatabase, sql: string): Promise<void> {
    await withClient(role.urlFor(database), {}, async (client) => {
      await client.query(sql)
    })
  }

  const refused = (part: RegExp) => (error: unknown) => {
    assert.ok(error instanceof AuditError)
    assert.equal(error.code, 'journal-not-trusted')
    assert.match(`${error.message} ${error.why} ${error.nextStep}`, part)
    return true
  }

  async function isRefusedEverywhere(url: string, plan: Parameters<typeof runPlan>[0]['plan'], part: RegExp) {
    await assert.rejects(withClient(url, {}, readJournal), refused(part))
    await assert.rejects(runPlan({ url, plan }), refused(part))
    await assert.rejects(rollBack({ url }), refused(part))
  }

  it('planted by a role that may only create schemas: its SQL never runs, and it is named', async () => {
    const given = await project()
    const { database, url } = given
    await database.query(`GRANT CREATE ON DATABASE "${database.name}" TO "${mallory.name}"`)
    await as(
      mallory,
      database,
      `${JOURNAL}; CREATE TABLE prisma_audit.hit (who text); GRANT ALL ON prisma_audit.hit TO PUBLIC`,
    )
    const definition = JSON.stringify({
      ...(await given.plan()).steps[0],
      id: 'add-column:public.User.x',
      up: [`ALTER ROLE "${mallory.name}" SUPERUSER`],
      down: [`ALTER ROLE "${mallory.name}" SUPERUSER`],
      leftovers: `SELECT 'INSERT INTO prisma_audit.hit VALUES (current_user)'`,
    })
    for (const [state, step] of [
      ['running', 'pending'],
      ['completed', 'done'],
    ]) {
      await as(
        mallory,
        database,
        `INSERT INTO prisma_audit.run (format, state, additions) VALUES (1, '${state ?? ''}', '[]');
         INSERT INTO prisma_audit.step (run_id, position, id, title, state, definition, checksum)
         SELECT (SELECT max(r.id) FROM prisma_audit.run AS r), 1, 'x', 'x', '${step ?? ''}', d::json, encode(sha256(convert_to(d, 'UTF8')), 'hex')
         FROM (SELECT $d$${definition}$d$::text) AS t (d)`,
      )
    }
    await isRefusedEverywhere(
      url,
      await given.plan(),
      new RegExp(`schema prisma_audit belongs to the role ${mallory.name}`),
    )
    assert.deepEqual(await database.query('SELECT * FROM prisma_audit.hit'), [])
    const [role] = await database.query(`SELECT rolsuper FROM pg_roles WHERE rolname = '${mallory.name}'`)
    assert.deepEqual(role, { rolsuper: false })
  })

  it('an empty schema of his, into which the tables would be made; kept values too', async () => {
    const given = await project()
    const { database, url } = given
    await database.query(`CREATE SCHEMA prisma_audit AUTHORIZATION "${mallory.name}"`)
    await isRefusedEverywhere(url, await given.plan(), /ALTER SCHEMA prisma_audit OWNER TO "postgres"/)
    await database.query(`DROP SCHEMA prisma_audit; SET ROLE "${mallory.name}"; RESET ROLE; ${KEPT};
      ALTER TABLE prisma_audit_kept.kept_value OWNER TO "${mallory.name}"`)
    await assert.rejects(
      withClient(url, {}, readPreservedValues),
      refused(/prisma_audit_kept\.kept_value belongs to the role/),
    )
    await assert.rejects(rollBack({ url }), refused(/prisma_audit_kept/))
    assert.equal((await database.query(`SELECT FROM pg_namespace WHERE nspname = 'prisma_audit'`)).length, 0)
  })

  it('rightly owned, but with a way in: each is named', async () => {
    const { database, url } = await project()
    await database.query(`CREATE FUNCTION public.spy() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE FUNCTION public.spied(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
      CREATE DOMAIN public.words AS text; CREATE TABLE public.base (id bigint)`)
    const ways: Readonly<Record<string, RegExp>> = {
      'GRANT INSERT ON prisma_audit.step TO PUBLIC': /PUBLIC has INSERT on prisma_audit\.step/,
      [`GRANT UPDATE (definition) ON prisma_audit.step TO "${mallory.name}"`]: /has UPDATE on prisma_audit\.step/,
      [`GRANT CREATE ON SCHEMA prisma_audit TO "${mallory.name}"`]: /may create objects in the schema prisma_audit/,
      'ALTER TABLE prisma_audit.run ENABLE ROW LEVEL SECURITY': /prisma_audit\.run has row security/,
      'CREATE RULE r AS ON INSERT TO prisma_audit.run DO ALSO SELECT 1': /prisma_audit\.run has a rule/,
      'CREATE TRIGGER t BEFORE INSERT ON prisma_audit.run FOR EACH ROW EXECUTE FUNCTION public.spy()':
        /has the trigger t/,
      'ALTER TABLE prisma_audit.step ADD CHECK (public.spied(title))': /calls the function (public\.)?spied\(text\)/,
      'CREATE INDEX ON prisma_audit.step (public.spied(title))': /calls the function (public\.)?spied\(text\)/,
      'ALTER TABLE prisma_audit.step ALTER COLUMN title SET DEFAULT public.spied(current_user)::text':
        /calls the function (public\.)?spied\(text\)/,
      'ALTER TABLE prisma_audit.step ALTER COLUMN title TYPE public.words': /the type of prisma_audit\.step\.title/,
      'ALTER TABLE prisma_audit.step ADD COLUMN more text': /has more/,
      'ALTER TABLE prisma_audit.step DROP COLUMN filled': /lacks filled/,
      'CREATE TABLE public.child () INHERITS (prisma_audit.run)': /inherits, or is inherited from/,
      'DROP TABLE prisma_audit.step; CREATE VIEW prisma_audit.step AS SELECT 1 AS x': /no ordinary table/,
    }
    await withClient(url, {}, async (client) => {
      for (const [way, part] of Object.entries(ways)) {
        await client.query(`BEGIN; ${JOURNAL}`)
        assert.deepEqual(await readJournal(client), [])
        await client.query(way)
        await assert.rejects(readJournal(client), refused(part), way)
        await client.query('ROLLBACK')
      }
    })
  })

  it('belongs to a member of the role that runs, or to a superuser: those could do it all anyway', async () => {
    const given = await project()
    const { database } = given
    const owner = await server.createRole()
    const member = await server.createRole()
    await database.query(`GRANT CREATE ON DATABASE "${database.name}" TO "${owner.name}"; GRANT "${owner.name}" TO "${member.name}";
      ALTER TABLE "User" OWNER TO "${owner.name}"; GRANT ALL ON SCHEMA public TO "${owner.name}"`)
    await as(member, database, JOURNAL)
    await as(
      member,
      database,
      `GRANT USAGE ON SCHEMA prisma_audit TO "${owner.name}"; GRANT SELECT ON ALL TABLES IN SCHEMA prisma_audit TO "${owner.name}"`,
    )
    const url = owner.urlFor(database)
    assert.deepEqual(await withClient(url, {}, readJournal), [])
    // The other way round: the owner may not do all that its member may.
    await database.query(`ALTER SCHEMA prisma_audit OWNER TO "${owner.name}"`)
    await assert.rejects(withClient(member.urlFor(database), {}, readJournal), refused(/belongs to the role/))
    await database.query(
      `DROP SCHEMA prisma_audit CASCADE; CREATE SCHEMA prisma_audit; GRANT CREATE, USAGE ON SCHEMA prisma_audit TO "${owner.name}"`,
    )
    assert.equal((await runPlan({ url, plan: await given.plan() })).status, 'completed')
    assert.equal((await rollBack({ url })).status, 'completed')
  })

  it('default privileges for others do not make our own journal one of these', async () => {
    const given = await project()
    const { database, url } = given
    await database.query(`ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO "${mallory.name}";
      ALTER DEFAULT PRIVILEGES GRANT ALL ON SCHEMAS TO PUBLIC; ALTER DEFAULT PRIVILEGES GRANT ALL ON SEQUENCES TO PUBLIC`)
    assert.equal((await runPlan({ url, plan: await given.plan() })).status, 'completed')
    assert.equal((await rollBack({ url })).status, 'completed')
  })
})
