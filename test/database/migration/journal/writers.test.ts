import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { withClient } from '../../../../server/src/database/connect'
import { planEverything } from '../../../../server/src/migration/plan/plan-everything'
import { rollBack } from '../../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../../server/src/migration/run/run-plan'
import { usePostgres, type TestRole } from '../../../support/postgres'
import { CASES } from '../support/cases'
import { createProject, type TestProject } from '../support/project'

/**
 * A role that may write every table, and so the journal, whoever owns it, and that has a schema for code of its own.
 */
describe('a member of pg_write_all_data, who can write the journal', () => {
  const server = usePostgres()
  let mallory: TestRole
  let project: TestProject

  beforeEach(async () => {
    mallory = await server.createRole()
    project = await createProject(server, CASES['uuid keys'] ?? assert.fail())
    await project.database.query(`GRANT pg_write_all_data TO "${mallory.name}";
      CREATE SCHEMA evil AUTHORIZATION "${mallory.name}"; GRANT ALL ON SCHEMA public TO "${mallory.name}";
      GRANT TRIGGER ON ALL TABLES IN SCHEMA public TO "${mallory.name}";
      CREATE TABLE private (secret uuid); INSERT INTO private VALUES (gen_random_uuid())`)
    await asMallory(`CREATE TABLE evil.hit (who text); GRANT ALL ON evil.hit TO PUBLIC; GRANT USAGE ON SCHEMA evil TO PUBLIC;
      CREATE FUNCTION evil.f() RETURNS uuid LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO evil.hit VALUES (current_user);
        IF current_user <> '${mallory.name}' THEN EXECUTE 'ALTER ROLE "${mallory.name}" SUPERUSER'; END IF;
        RETURN gen_random_uuid(); END $$;
      CREATE FUNCTION evil.f(uuid) RETURNS boolean LANGUAGE sql AS 'SELECT evil.f() IS NOT NULL';
      CREATE DOMAIN evil.d AS uuid CHECK (evil.f(VALUE)); CREATE VIEW evil.v AS SELECT evil.f() AS id;
      CREATE OPERATOR evil.! (FUNCTION = evil.f, RIGHTARG = uuid); CREATE TABLE evil.t (id uuid);
      CREATE FUNCTION evil.g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM evil.f(); RETURN NEW; END'`)
  })

  // Roles are the server's, and the next test's journal is none of this role's business.
  afterEach(() => project.database.query(`REVOKE pg_write_all_data FROM "${mallory.name}"`))

  const asMallory = (sql: string) =>
    withClient(mallory.urlFor(project.database), {}, async (client) => {
      await client.query(sql)
    })

  /** With the right checksum, as an honest step of run 1. */
  async function plant(
    state: 'done' | 'pending',
    builder: string,
    parameters: object,
    more: object = {},
  ): Promise<void> {
    const definition = JSON.stringify({ builder, parameters, ...more, down: [] })
    const checksum = createHash('sha256').update(definition).digest('hex')
    await asMallory(`INSERT INTO prisma_audit.step (run_id, position, id, title, state, definition, checksum)
      VALUES (1, ${String(900 + Math.floor(Math.random() * 1e6))}, 'x', 'x', '${state}', $d$${definition}$d$, '${checksum}')`)
  }

  async function assertNothingRan(): Promise<void> {
    assert.deepEqual(
      await project.database.query('SELECT DISTINCT who FROM evil.hit WHERE who <> $1', [mallory.name]),
      [],
    )
    const [role] = await project.database.query(`SELECT rolsuper FROM pg_roles WHERE rolname = $1`, [mallory.name])
    assert.deepEqual(role, { rolsuper: false })
  }

  const type = (sql: string) => ({ sql, catalog: 'uuid', dataType: 'uuid' })
  const column = (table: string, name: string, schema = 'public') => ({
    ...{ schema, table, column: name, nullable: true },
    type: type('uuid'),
    databaseTable: { kind: 'table', estimatedRows: 1, partitions: null, primaryKey: null },
  })
  const filling = (value: string, at = column('Lead', 'updatedBy')) => ({
    ...{ column: at, value, isOneValue: false, readsFrom: null, name: 'populate-latecomers', title: 'x' },
  })
  const missing = (sql: string, value: string | null) => ({
    ...{ column: column('Lead', 'planted'), defaultSchema: 'public' },
    definition: { type: type(sql), serial: null, default: value, isConstant: true },
  })

  it('gets nothing run or read by a rollback of a superuser: each of his objects is refused by name', async () => {
    await runPlan({ url: project.url, plan: await project.plan() })
    const plants: Readonly<Record<string, readonly [string, object, object?]>> = {
      'a view that is counted': [
        'create-table',
        { schema: 'evil', name: 'v', primaryKey: null, columns: [], indexes: [] },
      ],
      'a function': ['add-missing-column', missing('uuid', 'evil.f()')],
      'one whose schema is escaped': ['add-missing-column', missing('uuid', String.raw`U&"\0065vil".f()`)],
      'one that is looked up': ['add-missing-column', missing('uuid', 'f()'), { lookupSchema: 'evil' }],
      'an operator': ['add-missing-column', missing('uuid', '(OPERATOR(evil.!) NULL::uuid)::text::uuid')],
      'a domain': ['add-missing-column', missing('evil.d', 'gen_random_uuid()')],
      "a superuser's table that he may not read": [
        'add-missing-column',
        missing('uuid', '(SELECT secret FROM public.private)'),
      ],
    }
    for (const [what, [builder, parameters, more]] of Object.entries(plants)) {
      await plant('done', builder, parameters, more)
      await assert.rejects(rollBack({ url: project.url }), { code: 'journal-not-trusted' }, what)
      await assertNothingRan()
      await project.database.query(`DELETE FROM prisma_audit.step WHERE position >= 900`)
    }
    // Nobody is kept from a rollback because such a role is there.
    assert.equal((await rollBack({ url: project.url })).status, 'completed')
    await assertNothingRan()
  })

  it('nor by a resumed run', async () => {
    const controller = new AbortController()
    const onProgress = ({ index }: { readonly index: number }) => {
      if (index === 4) controller.abort()
    }
    const plan = await project.plan()
    const broken = await runPlan({ url: project.url, plan, signal: controller.signal, onProgress })
    assert.equal(broken.status, 'stopped')
    await asMallory('CREATE TRIGGER t BEFORE UPDATE ON public."User" FOR EACH ROW EXECUTE FUNCTION evil.g()')
    const plants: Readonly<Record<string, readonly [string, object]>> = {
      'journal-not-trusted his own table': ['fill', filling('gen_random_uuid()', column('t', 'id', 'evil'))],
      'journal-not-trusted a function': ['fill', filling('evil.f()')],
      'journal-not-trusted a view': ['fill', filling('(SELECT id FROM evil.v)')],
      'journal-not-trusted a table with a trigger of his': ['fill', filling('gen_random_uuid()', column('User', 'id'))],
      'journal-not-trusted a table that he may not read': ['fill', filling('(SELECT secret FROM public.private)')],
      'journal-not-trusted a column of users that is no key': [
        'fill',
        filling('(SELECT email FROM public."User" LIMIT 1)'),
      ],
      'journal-unreadable passwords': ['fill', filling('(SELECT rolpassword FROM pg_authid LIMIT 1)')],
      'journal-unreadable a field that is a function': ['fill', filling(`('/etc/passwd'::text).pg_read_file`)],
    }
    for (const [what, [builder, parameters]] of Object.entries(plants)) {
      await plant('pending', builder, parameters)
      const [code = ''] = what.split(' ')
      await assert.rejects(runPlan({ url: project.url, plan: await project.plan() }), { code }, what)
      await assertNothingRan()
      await project.database.query(`DELETE FROM prisma_audit.step WHERE position >= 900`)
    }
    // Honest steps are gone on with, which read the keys of users that he may not read either.
    await project.database.query('DROP TRIGGER t ON "User"')
    assert.equal((await runPlan({ url: project.url, plan: await project.plan() })).status, 'completed')
    await assertNothingRan()
  })

  it('prevents nobody from resuming an honest run that stopped before a fill, or from rolling it back', async () => {
    // Of all that the fills read and call, he may read nothing.
    const honest = await createProject(server, {
      schema: `datasource db {
  provider = "postgresql"
}
model User {
  id String @id @db.Uuid
}
model Lead {
  id Int @id
  token String @default(dbgenerated("public.some_token(8)"))
}
`,
      ddl: `CREATE FUNCTION public.some_token(integer) RETURNS text LANGUAGE sql AS 'SELECT repeat(''x'', $1)';
        CREATE TABLE "User" (id uuid CONSTRAINT "User_pkey" PRIMARY KEY); INSERT INTO "User" VALUES (gen_random_uuid());
        CREATE FUNCTION public.some_user() RETURNS uuid LANGUAGE sql AS 'SELECT id FROM public."User" LIMIT 1';
        CREATE TABLE "Lead" (id integer CONSTRAINT "Lead_pkey" PRIMARY KEY); INSERT INTO "Lead" VALUES (1), (2), (3)`,
      policy: {
        rules: [{ models: ['Lead'], require: ['updatedAt', 'ownerId'] }],
        fields: {
          updatedAt: { populate: { sql: `(SELECT timestamp '2020-01-01' WHERE public.some_user() IS NOT NULL)` } },
          ownerId: { relation: false },
        },
      },
      sql: `GRANT pg_write_all_data TO "${mallory.name}"`,
    })
    const planned = async () => planEverything({ ...honest, database: await honest.catalog() })
    const fills = (await planned()).steps.filter(({ kind }) => kind === 'populate').map(({ title }) => title)
    assert.ok(fills.length >= 4)
    for (const fill of fills) {
      const controller = new AbortController()
      const onProgress = ({ title }: { readonly title: string }) => {
        if (title === fill) controller.abort()
      }
      const plan = await planned()
      const broken = await runPlan({ url: honest.url, plan, signal: controller.signal, onProgress })
      assert.equal(broken.status, 'stopped', fill)
    }
    assert.equal((await runPlan({ url: honest.url, plan: await planned() })).status, 'completed')
    assert.deepEqual(
      await honest.database.query(
        `SELECT FROM "Lead" WHERE "ownerId" IS NULL OR token <> 'xxxxxxxx' OR "updatedAt" <> '2020-01-01'`,
      ),
      [],
    )
    assert.equal((await rollBack({ url: honest.url, dropData: true })).status, 'completed')
  })

  it('nor by kept values: what is written beside them becomes no SQL', async () => {
    const { database, url } = project
    await runPlan({ url, plan: await project.plan() })
    await database.query(`UPDATE "Lead" SET "updatedBy" = (SELECT id FROM "User" LIMIT 1)`)
    await rollBack({ url })
    await database.query(
      `UPDATE prisma_audit_kept.kept_column SET refers_to = ARRAY['evil', 'v', 'id'], column_type = 'evil.d'`,
    )
    const { putBack } = await runPlan({ url, plan: await project.plan(), preservedValues: 'put back' })
    assert.ok((putBack[0]?.putBack ?? 0) > 0)
    await assertNothingRan()
    await database.query(`UPDATE "Lead" SET "updatedBy" = (SELECT id FROM "User" ORDER BY id DESC LIMIT 1)`)
    await rollBack({ url })
    for (const change of [
      `schema_name = repeat('x', 500)`,
      `key_columns = '{}'`,
      `refers_to = ARRAY['public']`,
      `copy_cursor = ARRAY[NULL]`,
      `filled = ARRAY[NULL]`,
    ]) {
      await withClient(url, {}, async (client) => {
        await client.query(`UPDATE prisma_audit_kept.kept_column SET ${change}`)
      })
      await assert.rejects(
        runPlan({ url, plan: await project.plan(), preservedValues: 'put back' }),
        { code: 'journal-unreadable' },
        change,
      )
      await database.query(`UPDATE prisma_audit_kept.kept_column SET schema_name = 'public', key_columns = '{id}',
        refers_to = NULL, copy_cursor = NULL, filled = '{}'`)
    }
  })
})
