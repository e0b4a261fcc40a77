import assert from 'node:assert/strict'
import { parsePolicy } from '../../../server/src/audit-fields/parse-policy'
import { withClient } from '../../../server/src/database/connect'
import { planMigration } from '../../../server/src/migration/plan/plan-migration'
import { readJournal } from '../../../server/src/migration/run/journal/journal'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { usePostgres } from '../../support/postgres'
import { useClients } from './support/clients'
import { dump } from './support/dump'
import { createProject } from './support/project'
import { createSampleProject, readSample } from './support/sample-project'
import { checkVerified } from './support/verified'
import { runUntil } from './support/stopped-run'

describe('a migration that others are in the way of', () => {
  const server = usePostgres()
  const sampleProject = (options: { sql?: string; policy?: unknown } = {}) => createSampleProject(server, options)

  const { connect } = useClients()

  it('two runners at once: one does it, the other waits and finds it done', async () => {
    const project = await sampleProject()
    const plan = await project.plan()
    const results = await Promise.all([runPlan({ url: project.url, plan }), runPlan({ url: project.url, plan })])
    assert.deepEqual(
      results.map((result) => result.status),
      ['completed', 'completed'],
    )
    assert.deepEqual(results.filter((result) => result.runId === null).length, 1)
    assert.equal((await withClient(project.url, {}, readJournal)).length, 1)
    await checkVerified(project)
  })

  it('a runner whose plan another has completed makes no second run, though rows were written since', async () => {
    const project = await sampleProject()
    const plan = await project.plan()
    const first = await runPlan({ url: project.url, plan })
    await withClient(project.url, {}, (client) => client.query('UPDATE public."Lead" SET "ownerId" = NULL'))
    const second = await runPlan({ url: project.url, plan })
    assert.deepEqual([second.status, second.runId], ['completed', null])
    const runs = await withClient(project.url, {}, readJournal)
    assert.deepEqual(
      runs.map(({ id }) => id),
      [first.runId],
    )
  })

  it('the same where the policy requires owners, whose CHECK for NOT NULL is dropped in the end', async () => {
    const project = await createProject(server, {
      schema:
        'datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id\n}\nmodel Lead {\n  id Int @id\n  name String?\n}\n',
      policy: {
        rules: [{ models: ['Lead'], require: ['updatedAt', 'ownerId'] }],
        fields: { ownerId: { required: true, onDelete: 'Restrict' } },
      },
      sql: `INSERT INTO "User" VALUES (1); INSERT INTO "Lead" VALUES (1), (2);
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := 'touched'; RETURN NEW; END $$;
        CREATE TRIGGER touch BEFORE UPDATE ON "Lead" FOR EACH ROW EXECUTE FUNCTION touch()`,
    })
    const plan = await project.plan()
    const made = (id: string) => plan.steps.some((step) => step.id.startsWith(id))
    assert.ok(made('add-not-null-check:') && made('hold-columns:'))
    const results = await Promise.all([runPlan({ url: project.url, plan }), runPlan({ url: project.url, plan })])
    const first = results.find(({ runId }) => runId !== null)
    const again = await runPlan({ url: project.url, plan })
    assert.deepEqual([...results, again].map(({ status, runId }) => [status, runId !== null]).sort(), [
      ['completed', false],
      ['completed', false],
      ['completed', true],
    ])
    const runs = await withClient(project.url, {}, readJournal)
    assert.deepEqual(
      runs.map(({ id }) => id),
      [first?.runId],
    )
    // What somebody has removed since is to be made again.
    await project.database.query('ALTER TABLE "Lead" ALTER COLUMN "ownerId" DROP NOT NULL')
    assert.notEqual((await runPlan({ url: project.url, plan })).runId, null)
  })

  it('a runner that cannot wait says who is running', async () => {
    const project = await sampleProject()
    const plan = await project.plan()
    // The first cannot end before the second has tried.
    const holder = await connect(project.url, 'the holder')
    await holder.query('BEGIN; LOCK TABLE "User" IN ACCESS SHARE MODE')
    const others: Promise<unknown>[] = []
    await runPlan({
      url: project.url,
      plan,
      onProgress: ({ waiting }) => {
        if (waiting === null || others.length > 0) return
        const other = runPlan({ url: project.url, plan, waitForOther: 0 })
        const refused = assert.rejects(other, {
          code: 'migration-running',
          why: /The migration lock is held by: process \d+ of postgres, since /,
        })
        others.push(refused.finally(() => holder.query('COMMIT')))
      },
    })
    assert.equal(others.length, 1)
    await Promise.all(others)
  })

  it('a locked table: names the holder, keeps the completed steps, resumes later', async () => {
    const project = await sampleProject()
    const holder = await connect(project.url, 'the report')
    await holder.query('BEGIN')
    await holder.query('SELECT count(*) FROM "Lead"')
    const plan = await project.plan()
    const run = runPlan({ url: project.url, plan, lockTimeout: 50, lockAttempts: 3 })
    await assert.rejects(run, (error: Error & { code?: string; why?: string; nextStep?: string }) => {
      assert.equal(error.code, 'table-locked')
      assert.match(error.message, /^Step 4 of 15 failed: Add column Lead\.ownerId\./)
      assert.match(
        error.why ?? '',
        /process \d+ of postgres \(the report\), in its transaction for \d+ s: SELECT count/,
      )
      assert.match(
        error.nextStep ?? '',
        /^The steps before it are applied\. Run the migration again to continue, or roll it back\.$/m,
      )
      return true
    })
    // A reader who came later was never in danger of queueing behind us for long, and we hold nothing now.
    await project.database.query('SELECT count(*) FROM "Lead"')
    await holder.query('COMMIT')
    const result = await runPlan({ url: project.url, plan: await project.plan() })
    assert.deepEqual([result.status, result.resumed], ['completed', true])
    await checkVerified(project)
  })

  it('waits for a lock that is released in time', async () => {
    const project = await sampleProject()
    const holder = await connect(project.url, 'the holder')
    await holder.query('BEGIN')
    await holder.query('LOCK TABLE "User" IN ACCESS SHARE MODE')
    const released: Promise<unknown>[] = []
    const result = await runPlan({
      url: project.url,
      plan: await project.plan(),
      lockTimeout: 50,
      onProgress: ({ index }) => {
        // It holds on for a while after the step that needs the lock has begun to try.
        if (index === 1) released.push(holder.query('SELECT pg_sleep(0.4); COMMIT'))
      },
    })
    await Promise.all(released)
    assert.equal(result.status, 'completed')
  })

  it('a role without the privileges: lists all that are missing, and changes nothing', async () => {
    const project = await sampleProject()
    const role = await server.createRole()
    await project.database.query(`GRANT SELECT, UPDATE ON ALL TABLES IN SCHEMA public TO "${role.name}"`)
    const before = await dump(project.database, server)
    await assert.rejects(runPlan({ url: role.urlFor(project.database), plan: await project.plan() }), {
      code: 'privileges-missing',
      why:
        'Missing: ownership of "public"."User"; ownership of "public"."Lead"; REFERENCES on "public"."User"; ' +
        (server.majorVersion >= 15 ? 'CREATE on the schema "public"; ' : '') +
        'CREATE on the database, for the journal (schema prisma_audit).',
    })
    assert.equal(await dump(project.database, server), before)
  })

  it('an owner who is no superuser can migrate and roll back', async () => {
    const role = await server.createRole()
    const project = await sampleProject({
      sql: `${readSample('database/seed.sql')};
        ALTER TABLE "User" OWNER TO "${role.name}"; ALTER TABLE "Lead" OWNER TO "${role.name}";
        GRANT CREATE ON SCHEMA public TO "${role.name}"`,
    })
    await project.database.query(`GRANT CREATE ON DATABASE "${project.database.name}" TO "${role.name}"`)
    const before = await dump(project.database, server)
    const url = role.urlFor(project.database)
    assert.equal((await runPlan({ url, plan: await project.plan() })).status, 'completed')
    // As the owner: a superuser tries no UPDATE that runs code of this role.
    await checkVerified({ ...project, url })
    // Whoever may not take all of it back takes nothing back.
    await project.database.query('ALTER TABLE "User" OWNER TO postgres')
    const after = await dump(project.database, server)
    await assert.rejects(rollBack({ url }), { code: 'privileges-missing' })
    assert.equal(await dump(project.database, server), after)
    await project.database.query(`ALTER TABLE "User" OWNER TO "${role.name}"`)
    await rollBack({ url })
    assert.equal(await dump(project.database, server), before)
  })

  it('no user to own the rows: refused before the first step, unless owners are optional', async () => {
    const sql = `INSERT INTO "Lead" (name, email) VALUES ('a', 'a@example.com')`
    const project = await sampleProject({ sql })
    const before = await dump(project.database, server)
    await assert.rejects(runPlan({ url: project.url, plan: await project.plan() }), {
      code: 'precondition-failed',
      message: 'Lead has rows that need a user, but User is empty.',
      nextStep: 'Add a user first, or set "populate": "none" for ownerId in the policy.',
    })
    assert.equal(await dump(project.database, server), before)
    const policy = {
      ...(JSON.parse(readSample('prisma-audit.json')) as object),
      fields: { ownerId: { populate: 'none' } },
    }
    const other = await sampleProject({ sql, policy })
    assert.equal((await runPlan({ url: other.url, plan: await other.plan() })).status, 'completed')
    await checkVerified(other, ['An UPDATE of User sets updatedAt to the current time in UTC'])
  })

  it('rows that are inserted without an owner during the run get one, if owners are required', async () => {
    const policy = {
      rules: [{ models: ['Lead'], require: ['ownerId'] }],
      fields: { ownerId: { required: true, onDelete: 'Restrict' } },
    }
    const project = await sampleProject({ policy })
    const insert = () =>
      project.database.query(`INSERT INTO "Lead" (name, email) SELECT i, i FROM generate_series(1, 9) AS i`)
    // It is stopped for a moment after it filled what was there.
    const stopped = await runUntil({ url: project.url, plan: await project.plan() }, ({ step }) =>
      step.id.startsWith('validate-constraint'),
    )
    assert.equal(stopped.status, 'stopped')
    await insert()
    const result = await runPlan({ url: project.url, plan: await project.plan() })
    assert.equal(result.status, 'completed')
    await assert.rejects(insert(), /null value in column "ownerId"/)
    await checkVerified(project)
  })

  it('filling a new column leaves the times that our own trigger keeps', async () => {
    const project = await sampleProject({ policy: { rules: [{ models: ['Lead'], require: ['updatedAt'] }] } })
    await runPlan({ url: project.url, plan: await project.plan() })
    const times = () => project.database.query('SELECT id, "updatedAt" FROM "Lead" ORDER BY id')
    const before = await times()
    const { policy } = parsePolicy(JSON.stringify({ rules: [{ models: ['Lead'], require: ['updatedAt', 'ownerId'] }] }))
    assert.ok(policy !== null)
    const plan = planMigration({ schema: project.schema, policy, database: await project.catalog() })
    await runPlan({ url: project.url, plan })
    assert.deepEqual(await project.database.query('SELECT DISTINCT "ownerId" FROM "Lead"'), [{ ownerId: 4 }])
    assert.deepEqual(await times(), before)
    for (const others of [1, 0]) {
      const undone = await rollBack({ url: project.url })
      assert.deepEqual([undone.remaining.length, undone.others.length], [0, others])
    }
    assert.deepEqual(
      (await project.catalog()).tables.flatMap((table) => table.triggers),
      [],
    )
  })

  it('what only reads, and a pooler in transaction mode, are refused', async () => {
    const project = await sampleProject()
    const plan = await project.plan()
    await project.database.query(`ALTER DATABASE "${project.database.name}" SET default_transaction_read_only = on`)
    await assert.rejects(runPlan({ url: project.url, plan }), { code: 'database-read-only' })
    // What the URL says of a pooler is not what refuses it: the server itself answers.
    await assert.rejects(runPlan({ url: `${project.url}?pgbouncer=true`, plan }), { code: 'database-read-only' })
  })

  it('an orphan that is written in a race: the key that refuses it is taken back, and made again by the next run', async () => {
    const project = await sampleProject({
      policy: { rules: [{ models: ['Lead'], require: ['ownerId'] }], fields: { ownerId: { index: false } } },
      sql: `${readSample('database/seed.sql')}; ALTER TABLE "Lead" ADD COLUMN "ownerId" integer`,
    })
    const application = await connect(project.url, 'the application')
    // Nobody sees it before the COMMIT, and the foreign key cannot be had before that either.
    await application.query('BEGIN')
    await application.query('UPDATE "Lead" SET "ownerId" = 999 WHERE id = (SELECT min(id) FROM "Lead")')
    const written: Promise<unknown>[] = []
    const run = runPlan({
      url: project.url,
      plan: await project.plan(),
      lockTimeout: 50,
      onProgress: ({ step }) => {
        if (step.kind === 'add-foreign-key' && written.length === 0) written.push(application.query('COMMIT'))
      },
    })
    await assert.rejects(run, { nextStep: /The constraint "Lead_ownerId_fkey" was dropped again/ })
    await Promise.all(written)
    await project.database.query('UPDATE "Lead" SET "ownerId" = 998 WHERE "ownerId" = 999')
    const [broken] = await withClient(project.url, {}, readJournal)
    assert.deepEqual(
      broken?.steps.flatMap(({ state, step }) => (step.kind === 'add-foreign-key' ? [state] : [])),
      ['pending'],
    )
    await project.database.query('UPDATE "Lead" SET "ownerId" = NULL WHERE "ownerId" = 998')
    assert.equal((await runPlan({ url: project.url, plan: await project.plan() })).status, 'completed')
    await checkVerified(project)
  })

  it('a row for which the policy finds no owner: the NOT NULL check that it refutes is taken back, and made again by the next run', async () => {
    const withOwner = (sql: string) => ({
      rules: [{ models: ['Lead'], require: ['ownerId'] }],
      fields: { ownerId: { index: false, required: true, onDelete: 'Restrict', populate: { sql } } },
    })
    const owner = '(SELECT min(u.id) FROM "User" u)'
    const project = await sampleProject({ policy: withOwner(`CASE WHEN "Lead".id <> 2 THEN ${owner} END`) })
    await assert.rejects(runPlan({ url: project.url, plan: await project.plan() }), {
      message: /Fill Lead\.ownerId in rows added since/,
      nextStep: /The constraint "[^"]+" was dropped again/,
    })
    assert.deepEqual(
      await project.database.query(
        `SELECT conname FROM pg_constraint WHERE conrelid = '"Lead"'::regclass AND contype = 'c'`,
      ),
      [],
    )
    // The application goes on writing that row.
    await project.database.query('UPDATE "Lead" SET id = id WHERE id = 2')
    const { policy } = parsePolicy(JSON.stringify(withOwner(owner)))
    const { schema } = project
    const plan = planMigration({ schema, policy: policy ?? assert.fail(), database: await project.catalog() })
    const result = await runPlan({ url: project.url, plan })
    assert.deepEqual([result.status, result.resumed], ['completed', true])
    await checkVerified(project)
  })

  it('an interrupted rollback is completed before anything new starts', async () => {
    const project = await sampleProject()
    const before = await dump(project.database, server)
    await runPlan({ url: project.url, plan: await project.plan() })
    const controller = new AbortController()
    const stopped = await rollBack({
      url: project.url,
      signal: controller.signal,
      onProgress: ({ index }) => {
        if (index === 3) controller.abort()
      },
    })
    assert.equal(stopped.status, 'stopped')
    assert.ok(stopped.undone.length >= 3 && stopped.remaining.length > 0)
    await assert.rejects(runPlan({ url: project.url, plan: await project.plan() }), { code: 'rollback-unfinished' })
    const result = await rollBack({ url: project.url })
    assert.deepEqual(result.undone, stopped.remaining)
    assert.equal(await dump(project.database, server), before)
  })
})
