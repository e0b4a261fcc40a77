import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { renderDownScript } from '../../../server/src/migration/render/down-script'
import { renderUpScript } from '../../../server/src/migration/render/up-script'
import { renderVerifyScript } from '../../../server/src/migration/render/verify-script'
import { applyEdits } from '../../../server/src/schema/edits/apply-edits'
import { auditFieldEdits } from '../../../server/src/audit-fields/edits/audit-field-edits'
import { prismaDiff } from '../../support/oracle'
import { usePostgres } from '../../support/postgres'
import { dump } from './support/dump'
import { CASES } from './support/cases'
import { createProject } from './support/project'
import { hasPsql, runScript } from './support/psql'

const readSample = (name: string) => fs.readFileSync(path.join(__REPOSITORY__, 'sample', name), 'utf8')

const schema = readSample('backend/prisma/schema.prisma')
const policy = JSON.parse(readSample('prisma-audit.json')) as Record<string, unknown>
const seed = readSample('database/seed.sql')
const migration = (suffix: string) =>
  fs.readFileSync(path.join(__REPOSITORY__, 'migrations', `add_user_fields${suffix}.sql`), 'utf8')

describe('the scripts, by psql -f', () => {
  before(function () {
    if (!hasPsql()) this.skip()
  })
  const server = usePostgres()

  it("add_user_fields: up twice, verify, no drift, down twice, the database on as it was; in New York's time zone", async () => {
    const project = await createProject(server, { schema, policy, sql: seed })
    const plan = await project.plan()
    const before = await dump(project.database, server)
    const run = (script: string) => {
      const result = runScript(project.url, script, { PGTZ: 'America/New_York' })
      assert.equal(result.exitCode, 0, result.errors)
      assert.equal(result.errors, '')
      return result.output
    }
    run(migration(''))
    const [row] = await project.database.query(
      `SELECT (abs(extract(epoch FROM "updatedAt" - (now() AT TIME ZONE 'UTC'))) < 60) AS utc, "updatedBy" FROM "User" LIMIT 1`,
    )
    assert.deepEqual(row, { utc: true, updatedBy: null })
    const once = await dump(project.database, server)
    run(migration(''))
    assert.equal(await dump(project.database, server), once)

    const table = run(migration('.verify'))
    assert.equal(/FAIL|skipped/.exec(table), null, table)
    assert.equal(table.match(/\| pass/g)?.length, plan.checks.length + 1, table)
    assert.equal(await dump(project.database, server), once)
    const text = applyEdits(schema, auditFieldEdits(project.schema, project.policy, plan.additions))
    assert.deepEqual(await prismaDiff(text, project.url), { isEmpty: true, text: 'No difference detected.' })

    run(migration('.down'))
    assert.equal(await dump(project.database, server), before)
    run(migration('.down'))
    assert.equal(await dump(project.database, server), before)
    const failed = runScript(project.url, migration('.verify'))
    assert.match(
      failed.output,
      /Every row of Lead has a value in ownerId\s*\| 0 without one\s*\| the query failed\s*\| FAIL/,
    )
    assert.equal(failed.output.match(/\| FAIL/g)?.length, plan.checks.length)
  })

  it('refuses a database without users, with a reason, and changes nothing', async () => {
    const sql = `INSERT INTO "Lead" (name, email) VALUES ('a', 'a@example.com')`
    const project = await createProject(server, { schema, policy, sql })
    const before = await dump(project.database, server)
    const result = runScript(project.url, renderUpScript(await project.plan()))
    assert.equal(result.exitCode, 3)
    assert.match(result.errors, /Lead has rows that need a user, but User is empty\./)
    assert.match(result.errors, /HINT: {2}Add a user first, or set "populate": "none"/)
    assert.equal(await dump(project.database, server), before)
  })

  it('builds anew what a broken CREATE INDEX CONCURRENTLY left behind', async () => {
    const project = await createProject(server, { schema, policy, sql: seed })
    const script = renderUpScript(await project.plan())
    await project.database.query(`ALTER TABLE "Lead" ADD COLUMN "ownerId" integer DEFAULT 4`)
    await project.database.query(`CREATE INDEX "Lead_ownerId_idx" ON "Lead" ("ownerId")`)
    await project.database.query(
      `UPDATE pg_index SET indisvalid = false WHERE indexrelid = '"Lead_ownerId_idx"'::regclass`,
    )
    const result = runScript(project.url, script)
    assert.deepEqual(result, { exitCode: 0, output: '', errors: '' })
    const found = await project.database.query(
      `SELECT indisvalid FROM pg_index WHERE indexrelid = '"Lead_ownerId_idx"'::regclass`,
    )
    assert.deepEqual(found, [{ indisvalid: true }])
  })

  for (const [name, options] of Object.entries(CASES)) {
    it(`${name}: up twice, verified, no drift; down to an equal dump`, async () => {
      const project = await createProject(server, options)
      const plan = await project.plan()
      assert.deepEqual(plan.refusals, [])
      const before = await dump(project.database, server)
      for (const turn of ['first', 'second']) {
        const up = runScript(project.url, renderUpScript(plan))
        assert.deepEqual(up, { exitCode: 0, output: '', errors: '' }, turn)
      }
      const verified = runScript(project.url, renderVerifyScript(plan))
      assert.equal(verified.errors, '')
      assert.doesNotMatch(verified.output, /FAIL/)
      const again = await project.plan()
      assert.deepEqual(
        again.steps.map((step) => step.id),
        [],
      )
      const text = applyEdits(project.schemaText, auditFieldEdits(project.schema, project.policy, plan.additions))
      const difference = await prismaDiff(text, project.url)
      assert.ok(difference.isEmpty, `${difference.text}\n${text}`)
      for (const turn of ['first', 'second']) {
        const down = runScript(project.url, renderDownScript(plan))
        assert.deepEqual(down, { exitCode: 0, output: '', errors: '' }, turn)
        assert.equal(await dump(project.database, server), before, turn)
      }
    })
  }
})
