import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { applyEdits } from '../../../server/src/schema/edits/apply-edits'
import { auditFieldEdits } from '../../../server/src/audit-fields/edits/audit-field-edits'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan, type RunProgress } from '../../../server/src/migration/run/run-plan'
import { prismaDiff } from '../../support/oracle'
import { usePostgres } from '../../support/postgres'
import { dump } from './support/dump'
import { CASES } from './support/cases'
import { createProject } from './support/project'
import { createSampleProject } from './support/sample-project'
import { checkVerified } from './support/verified'

describe('runPlan and rollBack', () => {
  const server = usePostgres()
  const sampleProject = () => createSampleProject(server)

  it("carries the guide's case out, proves it, leaves Prisma no drift and nothing to plan", async () => {
    const project = await sampleProject()
    const plan = await project.plan()
    const progress: RunProgress[] = []
    const result = await runPlan({ url: project.url, plan, onProgress: (step) => progress.push(step) })
    assert.equal(result.status, 'completed')
    assert.deepEqual(
      result.applied,
      plan.steps.map((step) => step.title),
    )
    assert.deepEqual([result.alreadyThere, result.remaining, result.resumed], [[], [], false])
    assert.ok(progress.some(({ rowsDone, rowsTotal }) => rowsDone === 400 && rowsTotal === 400))

    await checkVerified(project)
    const again = await project.plan()
    assert.deepEqual([again.refusals, again.warnings], [[], []])
    const owners = await project.database.query('SELECT DISTINCT "ownerId" FROM "Lead"')
    assert.deepEqual(owners, [{ ownerId: 4 }])
    const text = applyEdits(project.schemaText, auditFieldEdits(project.schema, project.policy, plan.additions))
    const difference = await prismaDiff(text, project.url)
    assert.ok(difference.isEmpty, difference.text)
  })

  it('goes back to an equal dump, and back again is nothing to do', async () => {
    const project = await sampleProject()
    const before = await dump(project.database, server)
    const plan = await project.plan()
    await runPlan({ url: project.url, plan })
    assert.notEqual(await dump(project.database, server), before)
    const result = await rollBack({ url: project.url })
    assert.equal(result.status, 'completed')
    assert.deepEqual(
      result.undone,
      plan.steps
        .filter((step) => step.down.length > 0)
        .map((step) => step.title)
        .reverse(),
    )
    assert.deepEqual(
      result.schemaFields.map(({ model, field }) => `${model}.${field}`),
      ['User.updatedAt', 'User.updatedBy', 'Lead.ownerId'],
    )
    assert.equal(await dump(project.database, server), before)
    const nothing = await rollBack({ url: project.url })
    assert.deepEqual(nothing, {
      status: 'completed',
      undone: [],
      left: [],
      preservedValues: [],
      remaining: [],
      schemaFields: [],
      others: [],
    })
    assert.equal(await dump(project.database, server), before)
  })

  it('is not run twice: the second finds everything there', async () => {
    const project = await sampleProject()
    const plan = await project.plan()
    await runPlan({ url: project.url, plan })
    const second = await runPlan({ url: project.url, plan })
    assert.equal(second.status, 'completed')
    assert.equal(second.runId, null)
    assert.deepEqual(second.applied, [])
    assert.deepEqual(
      second.alreadyThere,
      plan.steps.map(({ title }) => title),
    )
    const runs = await project.database.query('SELECT count(*)::int AS runs FROM prisma_audit.run')
    assert.deepEqual(runs, [{ runs: 1 }])
  })

  it('keeps a journal that can be read by hand, as FORMAT.md shows', async () => {
    const project = await sampleProject()
    const plan = await project.plan()
    await runPlan({ url: project.url, plan })
    const page = fs.readFileSync(path.join(__REPOSITORY__, 'migrations', 'FORMAT.md'), 'utf8')
    const [steps, downs] = [...page.matchAll(/```sql\n([^`]*)```/g)].map(([, sql = '']) => sql)
    const states = (await project.database.query(steps ?? '')).map((row) => [row.position, row.state, row.title])
    assert.deepEqual(
      states,
      // In the letters that every encoding has.
      plan.steps.map((step, index) => [index + 1, 'done', step.title.replace('→', '->')]),
    )
    const statements = (await project.database.query(downs ?? '')).map((row) => row.statement)
    assert.deepEqual(
      statements,
      [...plan.steps].reverse().flatMap((step) => step.down),
    )
  })

  it("users' keys of types of one's own, in the default schema and in another: up without a rewrite, verified, down to an equal dump", async () => {
    for (const key of ['uid', 'required', 'ext."u ""d"', '"Kind"']) {
      const isEnum = key === '"Kind"'
      const project = await createProject(server, {
        schema: `datasource db {\n  provider = "postgresql"\n}
${isEnum ? 'enum Kind {\n  a\n}\n' : ''}model User {\n  id ${isEnum ? 'Kind' : 'Int'} @id\n}\nmodel Lead {\n  id Int @id\n}\n`,
        policy: {
          rules: [{ models: ['Lead'], require: ['updatedBy', 'ownerId'] }],
          fields: { updatedBy: { index: false } },
        },
        ddl: `CREATE SCHEMA ext; CREATE DOMAIN uid AS integer CHECK (VALUE > 0); CREATE DOMAIN required AS integer NOT NULL; CREATE DOMAIN ext."u ""d" AS uid; CREATE TYPE "Kind" AS ENUM ('a');
          CREATE TABLE "User" (id ${key} CONSTRAINT "User_pkey" PRIMARY KEY); CREATE TABLE "Lead" (id integer CONSTRAINT "Lead_pkey" PRIMARY KEY)`,
        sql: `INSERT INTO "User" VALUES (${isEnum ? `'a'` : '1'}); INSERT INTO "Lead" VALUES (1)`,
      })
      const before = await dump(project.database, server)
      const file = () => project.database.query(`SELECT pg_relation_filenode('"Lead"')`)
      const unwritten = await file()
      assert.equal((await runPlan({ url: project.url, plan: await project.plan() })).status, 'completed', key)
      await checkVerified(project)
      assert.deepEqual(await file(), unwritten, key)
      await rollBack({ url: project.url })
      assert.equal(await dump(project.database, server), before)
    }
  })

  for (const [name, options] of Object.entries(CASES)) {
    it(`${name}: up, verified, down to an equal dump`, async () => {
      const project = await createProject(server, options)
      const plan = await project.plan()
      const before = await dump(project.database, server)
      const result = await runPlan({ url: project.url, plan })
      assert.equal(result.status, 'completed')
      await checkVerified(project, ['An UPDATE of Lead sets updatedAt to the current time in UTC'])
      await rollBack({ url: project.url })
      assert.equal(await dump(project.database, server), before)
    })
  }
})
