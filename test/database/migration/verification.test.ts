import assert from 'node:assert/strict'
import diagnosticsChannel from 'node:diagnostics_channel'
import { withClient } from '../../../server/src/database/connect'
import type { TimedQuery } from '../../../server/src/database/timed-queries'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { verificationChecks } from '../../../server/src/migration/plan/verification-checks'
import type { Check } from '../../../server/src/verification/model'
import { runChecks } from '../../../server/src/verification/run-checks'
import { usePostgres } from '../../support/postgres'
import { dump } from './support/dump'
import type { TestProject } from './support/project'
import { createSampleProject } from './support/sample-project'

describe('the verification', () => {
  const server = usePostgres()
  const sampleProject = (sql?: string) => createSampleProject(server, sql === undefined ? {} : { sql })

  async function verify(project: TestProject, url = project.url) {
    const checks = verificationChecks({ ...project, database: await project.catalog() })
    return await withClient(url, {}, (client) => runChecks(client, checks, 'the sample'))
  }
  const lines = (report: Awaited<ReturnType<typeof verify>>, outcome: string) =>
    report.results.filter((result) => result.outcome === outcome).map(({ check, found }) => `${check.title}: ${found}`)

  it('fails every check before the migration, none after, and changes nothing', async () => {
    const project = await sampleProject()
    const before = await verify(project)
    assert.deepEqual([before.database, before.passed, before.failed, before.skipped], ['the sample', 0, 17, 0])
    assert.ok(lines(before, 'fail').includes('Lead has ownerId: none'))
    assert.ok(lines(before, 'fail').includes('The trigger update_user_updated_at is enabled: missing'))
    await runPlan({ url: project.url, plan: await project.plan() })
    const content = await dump(project.database, server)
    const after = await verify(project)
    assert.deepEqual([after.passed, after.failed, after.skipped], [17, 0, 0])
    assert.equal(await dump(project.database, server), content)
  })

  it('holds a run to the rows that stood before it, not to those that the application inserts without an owner', async () => {
    const project = await sampleProject()
    const plan = await project.plan()
    await runPlan({ url: project.url, plan })
    const failed = async () =>
      lines(await withClient(project.url, {}, (client) => runChecks(client, plan.checks, 'the sample')), 'fail')
    await project.database.query(`INSERT INTO "Lead" (name, email) VALUES ('a', 'a')`)
    assert.deepEqual(await failed(), [])
    // A later ALTER hides from the catalog when the column was made; the journal knows it.
    await project.database.query(`ALTER TABLE "Lead" ALTER COLUMN "ownerId" SET STATISTICS 10`)
    const recorded = plan.checks.flatMap(({ sqlWithJournal, ...check }) =>
      sqlWithJournal === undefined ? [] : [{ ...check, sql: sqlWithJournal }],
    )
    const ofJournal = await withClient(project.url, {}, (client) => runChecks(client, recorded, 'the sample'))
    assert.deepEqual([ofJournal.passed, ofJournal.failed], [recorded.length, 0])
    assert.ok(recorded.length > 0)
    // As if the fill had passed over one: a row cannot be emptied without a transaction that is younger than the
    // column.
    await project.database
      .query(`ALTER TABLE "Lead" DROP COLUMN "ownerId"; ALTER TABLE "Lead" ADD COLUMN "ownerId" integer;
      UPDATE "Lead" SET "ownerId" = 1 WHERE id <> (SELECT min(id) FROM "Lead")`)
    assert.ok((await failed()).includes('Every row of Lead has a value in ownerId: 1 without one'))
  })

  it('finds what someone broke afterwards', async () => {
    const project = await sampleProject()
    await runPlan({ url: project.url, plan: await project.plan() })
    await project.database.query(`
      ALTER TABLE "User" DISABLE TRIGGER update_user_updated_at;
      ALTER TABLE "Lead" DROP CONSTRAINT "Lead_ownerId_fkey";
      INSERT INTO "Lead" (name, email, "ownerId") VALUES ('a', 'a', 1), ('b', 'b', NULL);
      ALTER TABLE "Lead" ADD FOREIGN KEY ("ownerId") REFERENCES "User" (id) NOT VALID;
      ALTER TABLE "User" ALTER "updatedAt" TYPE timestamp(6), ALTER "updatedAt" DROP NOT NULL;
      UPDATE pg_index SET indisvalid = false WHERE indexrelid = '"User_updatedBy_idx"'::regclass`)
    // A row without an owner may come at any time where owners are not required: that all had one was the run's
    // outcome.
    assert.deepEqual(
      lines(await verify(project), 'fail').map((line) => line.replace(/: 2001-01-01.*/, ': 2001-01-01')),
      [
        'Lead.ownerId references User, validated for every row: not validated',
        'Every Lead.ownerId references an existing user: 1 without a user',
        'The index User_updatedBy_idx is valid: invalid',
        'The trigger update_user_updated_at is enabled: disabled',
        'An UPDATE of User sets updatedAt to the current time in UTC: 2001-01-01',
      ],
    )
  })

  it('skips what cannot be proven, with the reason', async () => {
    const empty = await sampleProject('')
    await runPlan({ url: empty.url, plan: await empty.plan() })
    assert.deepEqual(lines(await verify(empty), 'skipped'), [
      'An UPDATE of User sets updatedAt to the current time in UTC: the table has no rows to update',
    ])
    const reader = await server.createRole()
    await empty.database.query(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO "${reader.name}"`)
    const report = await verify(empty, reader.urlFor(empty.database))
    assert.deepEqual(lines(report, 'skipped'), [
      'An UPDATE of User sets updatedAt to the current time in UTC: permission denied for table User',
    ])
    await empty.database.query(`
      INSERT INTO "User" (email, name) VALUES ('a', 'a');
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'rows are final'; END $$;
      CREATE TRIGGER final BEFORE UPDATE ON "User" FOR EACH ROW EXECUTE FUNCTION refuse()`)
    const [final] = lines(await verify(empty), 'skipped')
    assert.match(final ?? '', /this check writes a row and rolls it back, but the table rejects it: rows are final$/)
  })

  it('fails without an answer, and with one of another form, and asks the server once a check', async () => {
    const { url } = await server.createDatabase()
    const check = (sql: string, mode: Check['mode'] = 'read'): Check => ({ title: sql, sql, expected: '1', mode })
    const checks = [
      check(`SELECT '1' AS found`),
      check(`SELECT '0' AS found; SELECT '1' AS found`, 'transaction'),
      check(`SELECT '1' AS found WHERE false`),
      check('SELECT NULL::text AS found'),
      check('SELECT 1 AS found'),
      check(`SELECT '1' AS "Found"`),
      check(`SELECT '1' AS found; SELECT '0' AS found`, 'transaction'),
      check('SELECT'),
      check('SELECT 1 / 0'),
      check(`CREATE TABLE t (); SELECT '1' AS found`),
      check(`SELECT 'skipped: no rows' AS found`),
    ]
    const asked: string[] = []
    const listen = (message: unknown) => asked.push((message as TimedQuery).sql)
    diagnosticsChannel.subscribe('prisma-audit:query', listen)
    const report = await withClient(url, {}, (client) => {
      asked.length = 0
      return runChecks(client, checks, 'none')
    })
    diagnosticsChannel.unsubscribe('prisma-audit:query', listen)
    // A failed one is rolled back by a second message.
    assert.equal(asked.filter((sql) => sql !== 'ROLLBACK').length, checks.length, asked.join('\n'))
    assert.deepEqual(
      report.results.map(({ outcome, found }) => [outcome, found]),
      [
        ...[
          ['pass', '1'],
          ['pass', '1'],
          ['fail', 'nothing'],
          ['fail', 'nothing'],
          ['fail', 'nothing'],
          ['fail', 'nothing'],
          ['fail', '0'],
          ['fail', 'nothing'],
          ['fail', 'division by zero'],
        ],
        ['skipped', report.results[9]?.found],
        ['skipped', 'no rows'],
      ],
    )
    assert.match(report.results[9]?.found ?? '', /the server is read-only/)
    assert.deepEqual([report.passed, report.failed, report.skipped, report.notProven], [2, 7, 2, undefined])
  })

  it('looks in the right schema only', async () => {
    const project = await sampleProject()
    await runPlan({ url: project.url, plan: await project.plan() })
    // Everything is there, in another schema of the search path, and not where the project's tables are.
    await project.database.query('ALTER SCHEMA public RENAME TO other; CREATE SCHEMA public')
    await project.database.query(`CREATE TABLE "User" AS SELECT id, email, name FROM other."User";
      CREATE TABLE "Lead" AS SELECT id, name, email FROM other."Lead";
      ALTER DATABASE "${project.database.name}" SET search_path = public, other`)
    assert.deepEqual((await verify(project)).passed, 0)
  })
})
