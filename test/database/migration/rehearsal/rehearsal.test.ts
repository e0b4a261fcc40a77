import { said } from '../../../support/said'
import assert from 'node:assert/strict'
import type { Plan } from '../../../../server/src/migration/model'
import { renderPreview } from '../../../../server/src/migration/render/preview'
import { renderRehearsalText } from '../../../../server/src/migration/render/rehearsal'
import { startPostgres, usePostgres } from '../../../support/postgres'
import { CASES } from '../support/cases'
import { dump } from '../support/dump'
import { planMissing } from '../support/drift'
import { createProject, type TestProject } from '../support/project'
import { createSampleProject } from '../support/sample-project'
import { rehearse, statementsOf, tamper } from './support'

describe('rehearseMigration', () => {
  const server = usePostgres()
  const sampleProject = (on = server) => createSampleProject(on)

  it("passes the guide's case, with the locks that the plan claims", async () => {
    const project = await sampleProject()
    const plan = await project.plan()
    const report = await rehearse(project, plan)
    assert.equal(report.outcome, 'passed', renderRehearsalText(report))
    assert.deepEqual(report.failures, [])
    assert.deepEqual(report.structure.notLoaded, [])
    assert.deepEqual(report.rows.map(({ table, rows }) => `${table} ${rows}`).sort(), [
      '"public"."Lead" 3',
      '"public"."User" 3',
    ])
    assert.deepEqual(
      report.passes.map(({ name, outcome }) => `${name} ${outcome}`),
      ['up passed', 'down passed', 'up again passed', 'down again passed'],
    )
    assert.deepEqual(report.wayBack, { difference: null })
    assert.equal(report.checks.length, plan.checks.length)
    assert.ok(report.checks.every(({ outcome }) => outcome === 'pass'))
    assert.deepEqual(statementsOf(report, /^add-foreign-key:public.Lead/), [
      { locks: ['SHARE ROW EXCLUSIVE on "public"."Lead"', 'SHARE ROW EXCLUSIVE on "public"."User"'], rewrites: [] },
    ])
    assert.deepEqual(statementsOf(report, /^populate:/), [
      { locks: ['ROW EXCLUSIVE on "public"."Lead"', 'ROW SHARE on "public"."User"'], rewrites: [] },
    ])
    // PGlite has one session for all connections, so nobody else can look.
    assert.deepEqual(statementsOf(report, /^create-index:/)[0], { locks: null, rewrites: [] })
    assert.ok(report.notProven.some((limit) => said(limit).includes('6 statements outside a transaction')))
    const { startUp, rehearsal, total } = report.milliseconds
    assert.ok(startUp > 0 && rehearsal > 0 && total >= rehearsal)
  })

  it('only reads the real database, and that by a role that may not write', async () => {
    // On a server of its own without autovacuum, whose transactions would count too.
    const own = await startPostgres({ settings: { autovacuum: 'off' } })
    try {
      const project = await sampleProject(own)
      const role = await own.createRole()
      await project.database.query(
        `GRANT pg_read_all_data TO ${role.name}; ALTER ROLE ${role.name} SET default_transaction_read_only = on`,
      )
      const plan = await project.plan()
      const state = async () => [
        await dump(project.database, own),
        // The number that the next transaction that writes anything would get.
        await project.database.query('SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS next'),
      ]
      const before = await state()
      const report = await rehearse({ ...project, url: role.urlFor(project.database) }, plan)
      assert.equal(report.outcome, 'passed', renderRehearsalText(report))
      assert.deepEqual(await state(), before)
    } finally {
      await own.stop()
    }
  })

  for (const [name, options] of Object.entries(CASES)) {
    it(`${name}: passes`, async () => {
      const project = await createProject(server, options)
      const report = await rehearse(project, await project.plan())
      assert.equal(report.outcome, 'passed', renderRehearsalText(report))
      assert.deepEqual(report.structure.notLoaded, [])
    })
  }

  it('a database with views, generated columns, enums, domains, partitions, policies and triggers of its own: passes', async () => {
    const role = await server.createRole()
    const project = await createProject(server, {
      schema: `datasource db {\n  provider = "postgresql"\n  schemas = ["public", "crm"]\n}
model User {\n  id String @id @db.Uuid\n  @@schema("crm")\n}
model Lead {\n  id Int @id\n  @@schema("public")\n}
`,
      policy: {
        rules: [
          { models: ['*'], require: ['updatedAt', 'updatedBy'] },
          { models: ['Lead'], require: ['ownerId'] },
        ],
        fields: { ownerId: { required: true, onDelete: 'Restrict', populate: 'first-user' } },
      },
      schemas: ['public', 'crm'],
      ddl: `
        CREATE SCHEMA crm;
        CREATE TYPE crm.stage AS ENUM ('new', 'won');
        CREATE DOMAIN crm.short AS text CHECK (length(VALUE) < 30);
        CREATE TABLE crm."Country" (code char(2) PRIMARY KEY);
        CREATE TABLE crm."User" (
          id uuid PRIMARY KEY, email varchar(8) NOT NULL UNIQUE, stage crm.stage NOT NULL, nick crm.short NOT NULL,
          country char(2) NOT NULL REFERENCES crm."Country", tags text[] NOT NULL, born date NOT NULL,
          seen timestamptz NOT NULL, data jsonb NOT NULL, "doc" json NOT NULL, size int4range NOT NULL,
          loud text GENERATED ALWAYS AS (upper(email)) STORED);
        CREATE TABLE public."Lead" (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, worth numeric(10, 2) NOT NULL CHECK (worth > 0));
        CREATE VIEW public.rich AS SELECT id FROM public."Lead" WHERE worth > 1000;
        CREATE TABLE public.parts (id int NOT NULL) PARTITION BY RANGE (id);
        CREATE TABLE public.part PARTITION OF public.parts FOR VALUES FROM (1) TO (9);
        CREATE FUNCTION public.noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
        CREATE TRIGGER noted BEFORE UPDATE ON public."Lead" FOR EACH ROW EXECUTE FUNCTION public.noted();
        ALTER TABLE public."Lead" ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own ON public."Lead" TO ${role.name} USING (worth < 5);
        COMMENT ON TABLE public."Lead" IS 'semicolons; and ''quotes''';`,
    })
    const report = await rehearse(project, await project.plan())
    assert.equal(report.outcome, 'passed', renderRehearsalText(report))
    assert.deepEqual(report.structure.notLoaded, [])
    assert.deepEqual(report.rows.map(({ table, rows }) => `${table} ${rows}`).sort(), [
      '"crm"."Country" 3',
      '"crm"."User" 3',
      '"public"."Lead" 3',
    ])
  })

  it('goes on with no rows where rows are not simply possible, and says so', async () => {
    const project = await createProject(server, {
      schema: `datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id\n}\nmodel Lead {\n  id Int @id\n}\nmodel Task {\n  id Int @id\n}\n`,
      policy: {
        rules: [{ models: ['Lead', 'Task'], require: ['ownerId'] }],
        fields: {
          ownerId: {
            required: true,
            onDelete: 'Restrict',
            populate: { sql: '(SELECT max(id) FROM "User" WHERE id > 100)' },
          },
        },
      },
      ddl: `CREATE TABLE "User" (id integer PRIMARY KEY);
        CREATE TABLE "Lead" (id integer PRIMARY KEY, code text NOT NULL CHECK (code ~ '^[A-Z]{3}$'));
        CREATE TABLE "Task" (id integer PRIMARY KEY)`,
    })
    const report = await rehearse(project, await project.plan())
    assert.equal(report.outcome, 'passed', renderRehearsalText(report))
    const reasons = new Map(report.rows.map(({ table, reason }) => [table, said(reason)]))
    assert.match(reasons.get('"public"."Lead"') ?? '', /violates check constraint "Lead_code_check"/)
    assert.match(reasons.get('"public"."Task"') ?? '', /has no value for generated rows/)
    assert.ok(report.notProven.some((limit) => said(limit).startsWith('"public"."Task" was rehearsed without rows')))
  })

  it('missing objects: tables, columns, keys and enum values, of which the values stay', async () => {
    const head = 'datasource db {\n  provider = "postgresql"\n}\n'
    const schema = `${head}enum Stage {\n  new\n  won\n}
model User {\n  id Int @id\n  name String @default("nobody")\n  stage Stage @default(new)\n  tasks Task[]\n  @@index([name])\n}
model Task {\n  id Int @id @default(autoincrement())\n  userId Int\n  user User @relation(fields: [userId], references: [id])\n}\n`
    const project = await createProject(server, {
      ...{ schema, policy: { rules: [] } },
      ddl: `CREATE TYPE "Stage" AS ENUM ('new'); CREATE TABLE "User" (id integer NOT NULL CONSTRAINT "User_pkey" PRIMARY KEY)`,
    })
    const plan = await planMissing(schema, project.url)
    const report = await rehearse(project, plan)
    assert.equal(report.outcome, 'passed', renderRehearsalText(report))
    assert.ok(report.notProven.some((limit) => said(limit).startsWith("Cannot be rolled back: Add value 'won'")))
    assert.ok(report.steps.every(({ outcome }) => outcome === 'passed'))
  })

  it('required fields with nothing to fill them from: passes on tables without rows', async () => {
    const project = await createProject(server, {
      schema: `datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id\n}\nmodel Lead {\n  id Int @id\n}\n`,
      policy: {
        rules: [{ models: ['Lead'], require: ['ownerId'] }],
        fields: { ownerId: { required: true, onDelete: 'Restrict', populate: 'none' } },
      },
    })
    const report = await rehearse(project, await project.plan())
    assert.equal(report.outcome, 'passed', renderRehearsalText(report))
    assert.match(said(report.rows.find(({ table }) => table === '"public"."Lead"')?.reason), /requires it to be empty/)
  })

  describe('a plan that does not keep its word', () => {
    // In a database of this server, which needs no start: what is wrong is in the plan, not in the place.
    const rehearseInScratch = async (project: TestProject, plan: Plan) =>
      await rehearse(project, plan, (await server.createDatabase()).url)

    it('leaves something behind: the first difference is shown', async () => {
      const project = await sampleProject()
      const plan = tamper(await project.plan(), /^create-trigger:/, () => ({ down: [] }))
      const report = await rehearseInScratch(project, plan)
      assert.equal(report.outcome, 'failed')
      // The trigger stays, and so does the function that it calls.
      assert.equal(report.wayBack?.difference?.object, 'FUNCTION public.update_updated_at_column()')
      assert.ok(report.failures.some(({ kind, pass }) => kind === 'structure' && pass === 'down'))
      const text = renderPreview(plan, { databaseLabel: 'app', models: new Map(), rehearsal: report })
      assert.match(text, /## Rehearsal: failed/)
      assert.match(text, /The structure after the rollback differs/)
    })

    it('rewrites the table', async () => {
      const project = await sampleProject()
      const plan = tamper(await project.plan(), /^add-column:public.User.updatedAt/, ({ up }) => ({
        up: up.map((statement) =>
          statement.replace("pg_catalog.now() AT TIME ZONE 'UTC'", `pg_catalog.clock_timestamp() AT TIME ZONE 'UTC'`),
        ),
      }))
      const report = await rehearseInScratch(project, plan)
      assert.deepEqual(
        report.failures.map(({ kind, pass, stepId }) => [kind, pass, stepId]),
        [['rewrite', 'up', 'add-column:public.User.updatedAt']],
      )
      assert.match(said(report.failures[0]?.message), /Rewrote "public"\."User"/)
      assert.equal(report.steps.find(({ id }) => id === 'add-column:public.User.updatedAt')?.outcome, 'failed')
    })

    it('takes a stronger lock, or one on a table that it does not name', async () => {
      const project = await sampleProject()
      const plan = tamper(await project.plan(), /^validate-constraint:public.Lead/, ({ up }) => ({
        up: [...up, 'LOCK TABLE "public"."Lead" IN EXCLUSIVE MODE', 'LOCK TABLE "public"."User" IN SHARE MODE'],
      }))
      const report = await rehearseInScratch(project, plan)
      assert.deepEqual(
        report.failures.map(({ kind, message }) => [kind, said(message)]),
        [
          ['lock', 'Took EXCLUSIVE on "public"."Lead", but the plan says SHARE UPDATE EXCLUSIVE.'],
          ['lock', 'Took SHARE on "public"."User", but the plan does not list that table.'],
        ],
      )
    })

    it('fails on the way up: the statement and the reason', async () => {
      const project = await sampleProject()
      const plan = tamper(await project.plan(), /^drop-default:/, () => ({
        up: ['ALTER TABLE "public"."User" DROP COLUMN nobody'],
      }))
      const report = await rehearseInScratch(project, plan)
      assert.deepEqual(
        report.failures.map(({ kind, pass, sql, message }) => [kind, pass, sql, said(message)]),
        [
          [
            'statement',
            'up',
            'ALTER TABLE "public"."User" DROP COLUMN nobody',
            'column "nobody" of relation "User" does not exist',
          ],
        ],
      )
      assert.deepEqual(report.passes.length, 1)
      assert.equal(report.wayBack, null)
    })

    it('does not prove what it should, or passes rows over', async () => {
      const project = await sampleProject()
      const plan = await project.plan()
      const unproven = await rehearseInScratch(
        project,
        tamper(plan, /^add-foreign-key:public.Lead/, () => ({ up: ['SELECT 1'] })),
      )
      assert.deepEqual(
        unproven.failures.map(({ kind, message }) => [kind, said(message)]),
        [['verification', 'Lead.ownerId references User: expected exists, found missing.']],
      )
      const lazy = await rehearseInScratch(
        project,
        tamper(plan, /^populate:/, ({ batch }) => ({
          batch: batch && { ...batch, next: batch.next.replace('LIMIT $2::bigint', 'LIMIT least($2::bigint, 1)') },
        })),
      )
      assert.deepEqual(
        lazy.failures.map(({ kind, message }) => [kind, said(message)]),
        [['verification', 'Every row of Lead has a value in ownerId: expected 0 without one, found 2 without one.']],
      )
    })

    it('cannot be done twice', async () => {
      const project = await sampleProject()
      const plan = tamper(await project.plan(), /^create-trigger:/, ({ up, down }) => ({
        up: [...up, 'CREATE SEQUENCE public.once'],
        down: [...down, 'SELECT 1'],
      }))
      const report = await rehearseInScratch(project, plan)
      assert.deepEqual(
        report.failures.map(({ kind, pass, message }) => [kind, pass, said(message)]),
        [
          ['statement', 'up again', 'relation "once" already exists'],
          ['structure', 'down', 'The structure after the rollback differs from the one before the migration.'],
        ],
      )
      assert.equal(report.wayBack?.difference?.object, 'SEQUENCE public.once')
    })
  })
})
