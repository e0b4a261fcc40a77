import { said } from '../../support/said'
import assert from 'node:assert/strict'
import { withClient } from '../../../server/src/database/connect'
import { planMigration } from '../../../server/src/migration/plan/plan-migration'
import { readJournal } from '../../../server/src/migration/run/journal/journal'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { usePostgres } from '../../support/postgres'
import { dump } from './support/dump'
import { createSampleProject, readSample } from './support/sample-project'
import { checkVerified } from './support/verified'

describe('a migration among objects of others', () => {
  const server = usePostgres()
  const sampleProject = (options: { sql?: string; policy?: unknown } = {}) => createSampleProject(server, options)

  it('a function of our name with another body is left as it is', async () => {
    const guide = `CREATE FUNCTION update_updated_at_column() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN NEW."updatedAt" = CURRENT_TIMESTAMP; RETURN NEW; END $$;`
    const project = await sampleProject({ sql: `${readSample('database/seed.sql')}; ${guide}` })
    const before = await dump(project.database, server)
    const plan = await project.plan()
    assert.deepEqual(
      plan.warnings.map(({ text }) => said(text)),
      [
        'A function update_updated_at_column() with another body already exists. It is left unchanged; ours is called ' +
          'update_updated_at_column_2().',
      ],
    )
    await runPlan({ url: project.url, plan })
    await checkVerified(project)
    await rollBack({ url: project.url })
    assert.equal(await dump(project.database, server), before)
  })

  it('a trigger that keeps the column in local time: refused until the policy chooses, then replaced or left', async () => {
    const project = await sampleProject({
      sql: `${readSample('database/seed.sql')}; ALTER TABLE "User" ADD COLUMN "updatedAt" timestamp(3) NOT NULL DEFAULT now();
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW."updatedAt" := now(); RETURN NEW; END $$;
        CREATE TRIGGER touch BEFORE UPDATE ON "User" FOR EACH ROW EXECUTE FUNCTION touch()`,
    })
    const [refusal] = (await project.plan()).refusals
    assert.match(said(refusal?.reason), /set by the trigger touch, which does not write UTC/)
    const before = await dump(project.database, server)
    const choose = async (trigger: 'replace' | 'keep') => {
      const { fields } = project.policy
      const policy = { ...project.policy, fields: { ...fields, updatedAt: { ...fields.updatedAt, trigger } } }
      const plan = planMigration({ schema: project.schema, policy, database: await project.catalog() })
      assert.deepEqual(plan.refusals, [])
      await runPlan({ url: project.url, plan })
      await checkVerified({ ...project, policy })
      await rollBack({ url: project.url })
      assert.equal(await dump(project.database, server), before)
      return plan.steps.filter(({ kind }) => kind === 'create-trigger').map(({ id }) => id)
    }
    assert.deepEqual(await choose('keep'), [])
    assert.deepEqual(await choose('replace'), [
      'create-trigger:public.User.update_user_updated_at',
      'disable-trigger:public.User.touch',
    ])
  })

  it('a view, an index and a policy on a column of ours: rolling back names them and changes nothing', async () => {
    const project = await sampleProject()
    await runPlan({ url: project.url, plan: await project.plan() })
    await project.database.query(`
      CREATE VIEW owned AS SELECT id, "ownerId" FROM "Lead";
      CREATE INDEX by_hand ON "Lead" ("ownerId", id);
      ALTER TABLE "User" ADD CONSTRAINT sane CHECK ("updatedAt" > '2000-01-01')`)
    const before = await dump(project.database, server)
    await assert.rejects(rollBack({ url: project.url }), {
      code: 'columns-in-use',
      why:
        'Other objects depend on its columns: ' +
        'index public.by_hand on "public"."Lead"."ownerId"; view public.owned on "public"."Lead"."ownerId"; ' +
        'constraint sane on table public."User" on "public"."User"."updatedAt".',
    })
    assert.equal(await dump(project.database, server), before)
  })

  it('a function that another trigger calls stays, with a warning', async () => {
    const project = await sampleProject()
    await runPlan({ url: project.url, plan: await project.plan() })
    await project.database.query(`
      CREATE TABLE other (id integer, "updatedAt" timestamp(3));
      CREATE TRIGGER other BEFORE UPDATE ON other FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()`)
    const result = await rollBack({ url: project.url })
    assert.deepEqual(result.left, [
      'Create function update_updated_at_column(): not dropped, because another trigger calls it.',
    ])
    assert.deepEqual(result.remaining, [])
  })

  it('a table, a column or what stands on them with another name since: the rollback is refused, and the journal stays', async () => {
    const project = await sampleProject()
    const before = await dump(project.database, server)
    await runPlan({ url: project.url, plan: await project.plan() })
    const refused = async (there: string, back: string, why: RegExp) => {
      await project.database.query(there)
      await assert.rejects(rollBack({ url: project.url }), { code: 'objects-renamed', why })
      assert.equal((await withClient(project.url, {}, readJournal))[0]?.state, 'completed')
      await project.database.query(back)
    }
    await refused(
      'ALTER TABLE "Lead" RENAME TO prospect',
      'ALTER TABLE prospect RENAME TO "Lead"',
      /the table "public"\."Lead" is "public"\."prospect" now/,
    )
    await refused(
      'CREATE SCHEMA crm; ALTER TABLE "Lead" SET SCHEMA crm',
      'ALTER TABLE crm."Lead" SET SCHEMA public; DROP SCHEMA crm',
      /is "crm"\."Lead" now/,
    )
    await refused(
      'ALTER TABLE "Lead" RENAME COLUMN "ownerId" TO owner',
      'ALTER TABLE "Lead" RENAME COLUMN owner TO "ownerId"',
      /the column "ownerId" of "public"\."Lead" is "owner" now/,
    )
    await refused(
      'ALTER TRIGGER update_user_updated_at ON "User" RENAME TO touch; ALTER FUNCTION update_updated_at_column() RENAME TO touch',
      'ALTER TRIGGER touch ON "User" RENAME TO update_user_updated_at; ALTER FUNCTION touch() RENAME TO update_updated_at_column',
      /the function public\.update_updated_at_column\(\) is public\.touch\(\) now; the trigger update_user_updated_at on public\."User" is touch on public\."User" now/,
    )
    await refused(
      'ALTER INDEX "Lead_ownerId_idx" RENAME TO owners',
      'ALTER INDEX owners RENAME TO "Lead_ownerId_idx"',
      /the index public\."Lead_ownerId_idx" is public\.owners now/,
    )
    await refused(
      'ALTER TABLE "Lead" RENAME CONSTRAINT "Lead_ownerId_fkey" TO owner',
      'ALTER TABLE "Lead" RENAME CONSTRAINT owner TO "Lead_ownerId_fkey"',
      /the table constraint "Lead_ownerId_fkey" on public\."Lead" is owner on public\."Lead" now/,
    )
    // What was dropped is not missed.
    await project.database.query('DROP INDEX "Lead_ownerId_idx"')
    await rollBack({ url: project.url })
    assert.equal(await dump(project.database, server), before)
  })
})
