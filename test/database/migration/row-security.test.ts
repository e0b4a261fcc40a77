import { said } from '../../support/said'
import assert from 'node:assert/strict'
import { withClient } from '../../../server/src/database/connect'
import { readCatalog } from '../../../server/src/database/read-catalog'
import { planEverything } from '../../../server/src/migration/plan/plan-everything'
import { planMigration } from '../../../server/src/migration/plan/plan-migration'
import { renderDownScript } from '../../../server/src/migration/render/down-script'
import { renderUpScript } from '../../../server/src/migration/render/up-script'
import { renderVerifyScript } from '../../../server/src/migration/render/verify-script'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { verificationOutcome } from '../../../server/src/commands/verify'
import { verificationChecks } from '../../../server/src/migration/plan/verification-checks'
import { runChecks } from '../../../server/src/verification/run-checks'
import { usePostgres } from '../../support/postgres'
import { createProject } from './support/project'
import { hasPsql, runScript } from './support/psql'

const SCHEMA = `datasource db {
  provider = "postgresql"
}
model User {
  id Int @id
}
model Lead {
  id Int @id
  tenant Int
}
model Log {
  id Int @id
  tenant Int
}
`

const DDL = `CREATE TABLE "User" (id integer NOT NULL CONSTRAINT "User_pkey" PRIMARY KEY);
  CREATE TABLE "Lead" (id integer NOT NULL CONSTRAINT "Lead_pkey" PRIMARY KEY, tenant integer NOT NULL);
  CREATE TABLE "Log" (id integer NOT NULL, tenant integer NOT NULL, CONSTRAINT "Log_pkey" PRIMARY KEY (id)) PARTITION BY RANGE (id);
  CREATE TABLE "Log_1" PARTITION OF "Log" FOR VALUES FROM (0) TO (1000);
  INSERT INTO "User" VALUES (1), (2);
  INSERT INTO "Lead" SELECT i, i % 3 FROM generate_series(1, 30) AS i;
  INSERT INTO "Log" SELECT i, i % 3 FROM generate_series(1, 30) AS i`

const HIDE = (
  table: string,
) => `ALTER TABLE "${table}" ENABLE ROW LEVEL SECURITY; ALTER TABLE "${table}" FORCE ROW LEVEL SECURITY;
  CREATE POLICY tenant ON "${table}" USING (current_setting('app.tenant', true) = '1')`

/** The owner of the tables, as on a managed server: neither superuser nor BYPASSRLS. */
describe('rows that row-level security hides from the migrating role', () => {
  const server = usePostgres()

  async function ownedProject(models: readonly string[]) {
    const policy = { rules: [{ models, require: ['ownerId'] }] }
    const project = await createProject(server, { schema: SCHEMA, policy, ddl: DDL })
    const role = await server.createRole()
    await project.database.query(`
      GRANT CREATE ON DATABASE "${project.database.name}" TO "${role.name}"; ALTER SCHEMA public OWNER TO "${role.name}";
      ALTER TABLE "User" OWNER TO "${role.name}"; ALTER TABLE "Lead" OWNER TO "${role.name}"; ALTER TABLE "Log" OWNER TO "${role.name}";
      ALTER TABLE "Log_1" OWNER TO "${role.name}"`)
    const url = role.urlFor(project.database)
    const catalog = () => withClient(url, {}, (client) => readCatalog(client, { schemas: ['public'] }))
    const plan = async () => planMigration({ ...project, database: await catalog() })
    const verify = async () => {
      const checks = verificationChecks({ ...project, database: await catalog() })
      return await withClient(url, {}, (client) => runChecks(client, checks, 'it'))
    }
    return { ...project, role, url, catalog, plan, verify }
  }

  for (const table of ['Lead', 'User', 'Log_1']) {
    it(`in ${table}: planned with a refusal, and refused before the first step`, async () => {
      const project = await ownedProject(['Lead', 'Log'])
      const before = await project.plan()
      assert.deepEqual(before.refusals, [])
      await project.database.query(HIDE(table))
      const plan = await project.plan()
      assert.deepEqual(
        plan.refusals.map(({ blocking, reason }) => [
          blocking,
          said(reason).includes(`security on ${table} hides`),
          said(reason).includes('BYPASSRLS'),
        ]),
        [[true, true, true]],
      )
      // Who planned before the policy came, or with another role, is refused all the same.
      await assert.rejects(runPlan({ url: project.url, plan: before }), (error: { code?: string; message: string }) => {
        assert.equal(error.code, 'rows-hidden')
        return error.message.includes(table)
      })
      assert.deepEqual(await project.database.query(`SELECT to_regnamespace('prisma_audit') AS journal`), [
        { journal: null },
      ])
      await project.database.query(`ALTER ROLE "${project.role.name}" BYPASSRLS`)
      assert.deepEqual((await project.plan()).refusals, [])
      assert.equal((await runPlan({ url: project.url, plan: before })).status, 'completed')
      assert.deepEqual(await project.database.query(`SELECT count(*)::int AS n FROM "Lead" WHERE "ownerId" IS NULL`), [
        { n: 0 },
      ])
    })
  }

  it('are neither proven nor lost once the columns stand: verify proves nothing, rollback and its scripts refuse', async () => {
    const project = await ownedProject(['Lead'])
    const plan = await project.plan()
    await runPlan({ url: project.url, plan })
    await project.database.query(`UPDATE "Lead" SET "ownerId" = 2 WHERE id <= 20; ${HIDE('Lead')}`)
    const report = await project.verify()
    const owners = report.results.filter(({ check }) => check.sql.includes(`FROM "public"."Lead"`))
    assert.ok(owners.length > 0)
    for (const { outcome, found } of owners)
      assert.deepEqual([outcome, found.startsWith('not proven: ')], ['skipped', true])
    assert.equal(verificationOutcome(report).status, 'findings')
    await assert.rejects(rollBack({ url: project.url }), { code: 'rows-hidden' })
    assert.deepEqual(await project.database.query(`SELECT count(*)::int AS n FROM "Lead" WHERE "ownerId" = 2`), [
      { n: 20 },
    ])
    await project.database.query(`ALTER TABLE "Lead" NO FORCE ROW LEVEL SECURITY`)
    assert.equal((await project.verify()).notProven, undefined)
    const { preservedValues } = await rollBack({ url: project.url })
    assert.deepEqual(
      preservedValues.map(({ column, count }) => [column, count]),
      [['ownerId', 20]],
    )
  })

  it('of a column of --drift are not dropped, unless that is what was chosen', async () => {
    const project = await ownedProject(['Lead'])
    await project.database.query(`ALTER TABLE "Lead" DROP COLUMN tenant`)
    const schema = project.schema
    const everything = async () => planEverything({ schema, policy: null, database: await project.catalog() })
    const text = project.schemaText
    assert.ok(text.includes('tenant Int'))
    await project.database.query(`DELETE FROM "Lead"`)
    await runPlan({ url: project.url, plan: await everything() })
    await project.database.query(`INSERT INTO "Lead" SELECT i, 1 FROM generate_series(1, 9) AS i;
      ALTER TABLE "Lead" ENABLE ROW LEVEL SECURITY; ALTER TABLE "Lead" FORCE ROW LEVEL SECURITY`)
    await assert.rejects(rollBack({ url: project.url }), { code: 'rows-hidden' })
    assert.deepEqual(await project.database.query(`SELECT count(tenant)::int AS n FROM "Lead"`), [{ n: 9 }])
    await rollBack({ url: project.url, dropData: true })
    await assert.rejects(project.database.query(`SELECT tenant FROM "Lead"`), /does not exist/)
  })

  it('make the scripts for psql fail, never pass over them', async function () {
    if (!hasPsql()) this.skip()
    const project = await ownedProject(['Lead'])
    const plan = await project.plan()
    await project.database.query(HIDE('Lead'))
    const refused = /query would be affected by row-level security policy/
    assert.match(runScript(project.url, renderUpScript(plan)).errors, refused)
    await project.database.query(`ALTER TABLE "Lead" DISABLE ROW LEVEL SECURITY`)
    await runPlan({ url: project.url, plan })
    await project.database.query(`ALTER TABLE "Lead" ENABLE ROW LEVEL SECURITY`)
    assert.match(runScript(project.url, renderVerifyScript(plan)).errors, refused)
    assert.ok(renderDownScript(plan).includes('SET row_security = off;'))
  })
})
