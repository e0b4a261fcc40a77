import { said } from '../../../support/said'
import assert from 'node:assert/strict'
import { rehearseMigration } from '../../../../server/src/migration/rehearsal/rehearse-migration'
import { renderPreview } from '../../../../server/src/migration/render/preview'
import { renderRehearsalText } from '../../../../server/src/migration/render/rehearsal'
import { inPlainEnglish } from '../../../../server/src/text/phrase'
import { usePostgres } from '../../../support/postgres'
import { until } from '../../../support/until'
import { createProject } from '../support/project'
import { rehearse } from './support'

const SCHEMA = `datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id @default(autoincrement())\n}
model Lead {\n  id Int @id @default(autoincrement())\n}\n`
const POLICY = {
  rules: [
    { models: ['*'], require: ['updatedAt'] },
    { models: ['Lead'], require: ['ownerId'] },
  ],
}

describe('what a rehearsal cannot load', () => {
  const server = usePostgres()

  it('is named, with the steps that were therefore not rehearsed; the others were', async () => {
    const project = await createProject(server, {
      schema: SCHEMA,
      policy: POLICY,
      // PGlite brings no seg along.
      ddl: `CREATE EXTENSION seg; CREATE TABLE "User" (id serial PRIMARY KEY);
        CREATE TABLE "Lead" (id serial PRIMARY KEY, span seg);
        CREATE VIEW spans AS SELECT span FROM "Lead"`,
    })
    const plan = await project.plan()
    const report = await rehearse(project, plan)
    assert.equal(report.outcome, 'passed', renderRehearsalText(report))
    const notLoaded = new Map(report.structure.notLoaded.map(({ name, reason }) => [name, reason]))
    assert.match(notLoaded.get('EXTENSION seg') ?? '', /extension "seg" is not available/)
    assert.match(notLoaded.get('TABLE public.Lead') ?? '', /type "public.seg" does not exist/)
    assert.ok(notLoaded.has('VIEW public.spans'))
    const skipped = report.steps.filter(({ outcome }) => outcome === 'skipped')
    assert.deepEqual(
      skipped.map(({ id }) => id),
      plan.steps.filter(({ table, kind }) => table === 'Lead' && kind !== 'create-function').map(({ id }) => id),
    )
    for (const { title } of skipped) {
      assert.ok(
        report.notProven.map(said).includes(`Not rehearsed ("public"."Lead" could not be loaded): ${title}.`),
        title,
      )
    }
    assert.ok(report.steps.some(({ outcome }) => outcome === 'passed'))
    assert.ok(
      report.notProven.some((limit) =>
        said(limit).startsWith('Every row of Lead has a value in ownerId: steps of that table'),
      ),
    )
    const preview = renderPreview(plan, { databaseLabel: 'app', models: new Map(), rehearsal: report })
    assert.match(preview, /### Not loaded\n\n- EXTENSION seg: extension "seg" is not available/)
  })

  it('is no failure of the checks that hang on it: they are not proven', async () => {
    const project = await createProject(server, {
      schema: SCHEMA,
      policy: POLICY,
      // PGlite brings no moddatetime along.
      ddl: `CREATE EXTENSION moddatetime; CREATE TABLE "User" (id serial PRIMARY KEY);
        CREATE TABLE "Lead" (id serial PRIMARY KEY, "updatedAt" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP);
        CREATE TRIGGER touch BEFORE UPDATE ON "Lead" FOR EACH ROW EXECUTE FUNCTION moddatetime("updatedAt")`,
    })
    const report = await rehearse(project, await project.plan())
    assert.equal(report.outcome, 'passed', renderRehearsalText(report))
    assert.ok(report.structure.notLoaded.some(({ name }) => name === 'TRIGGER public.Lead touch'))
    assert.ok(report.notProven.some((limit) => said(limit).endsWith('TRIGGER public.Lead touch could not be loaded.')))
  })

  it('is what the role may not read: then only the schemas of the plan are copied', async () => {
    const project = await createProject(server, {
      schema: SCHEMA,
      policy: POLICY,
      sql: 'CREATE SCHEMA secret; CREATE TABLE secret.plans (id int); CREATE EXTENSION citext; ALTER TABLE "Lead" ADD name citext',
    })
    const role = await server.createRole()
    await project.database.query(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role.name};
      GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO ${role.name}`)
    const report = await rehearse({ ...project, url: role.urlFor(project.database) }, await project.plan())
    assert.equal(report.outcome, 'passed', renderRehearsalText(report))
    assert.deepEqual(report.structure.notLoaded, [])
    assert.ok(
      report.notProven
        .map(said)
        .includes('Only "public" could be copied: the role lacks privileges on the other schemas.'),
    )
  })

  it('cancelled at any moment, it ends and leaves no process behind', async () => {
    const project = await createProject(server, { schema: SCHEMA, policy: POLICY })
    const plan = await project.plan()
    const before = childProcesses()
    for (const moment of [
      'Copying the structure',
      'Loading the structure',
      'Rehearsing: up',
      'Rehearsing: down again',
    ]) {
      const cancel = new AbortController()
      const running = rehearseMigration({
        ...{ url: project.url, plan, schemas: [], environment: process.env },
        signal: cancel.signal,
        onProgress: (message) => {
          if (inPlainEnglish(message) === moment) cancel.abort()
        },
      })
      await assert.rejects(running, { name: 'AbortError' }, moment)
    }
    // A child that has been told to end may take a moment more; mocha's timeout is the limit.
    await until(() => childProcesses() <= before)
  })
})

function childProcesses(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap').length
}
