import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { formatSchema } from '@prisma/internals'
import pg from 'pg'
import * as prettier from 'prettier'
import { findApplicationEdits } from '../../../server/src/application/find-application-edits'
import { listApplicationFiles } from '../../../server/src/application/list-application-files'
import { missingAuditFields } from '../../../server/src/audit-fields/requirements'
import { parsePolicy } from '../../../server/src/audit-fields/parse-policy'
import type { Policy } from '../../../server/src/audit-fields/policy'
import { readCatalog } from '../../../server/src/database/read-catalog'
import { generateClient } from '../../../server/src/generate/generate-client'
import type { Plan } from '../../../server/src/migration/model'
import { planMigration } from '../../../server/src/migration/plan/plan-migration'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { applyEdits } from '../../../server/src/schema/edits/apply-edits'
import { auditFieldEdits } from '../../../server/src/audit-fields/edits/audit-field-edits'
import type { TextEdit } from '../../../server/src/schema/edits/text-edit'
import type { SchemaModel } from '../../../server/src/schema/model'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { prismaDiff } from '../../support/oracle'
import { usePostgres, type TestDatabase } from '../../support/postgres'
import { listenOn } from '../../../server/src/terminal/demo/demo-folder'
import { putActorOnClient } from '../../../server/src/terminal/demo/put-actor-on-client'
import { whoChangedWhat } from '../../../server/src/terminal/demo/who-changed-what'
import { commandLine } from '../../support/command-line'
import { freePort } from '../../support/network'
import { checkTypes, copySample, getJson, logIn, sampleSql, withBackend, type SampleCopy } from './support'

/** The guide's seven steps on a copy of the sample, by the functions that every command calls. */
describe('the sample, guided from before to after', () => {
  const server = usePostgres()
  let database: TestDatabase
  let copy: SampleCopy
  let policy: Policy
  let plan: Plan

  before(async () => {
    database = await server.createDatabase(await sampleSql())
    copy = copySample(database.url)
    const parsed = parsePolicy(fs.readFileSync(path.join(copy.folder, 'prisma-audit.json'), 'utf8'))
    assert.deepEqual(parsed.problems, [])
    assert.ok(parsed.policy !== null)
    policy = parsed.policy
  })
  after(async () => {
    copy.remove()
    await database.drop()
  })

  it('migrates the database', async () => {
    plan = planMigration({ schema: readSchema(copy), policy, database: await readDatabase(database.url) })
    assert.deepEqual(plan.refusals, [])
    const result = await runPlan({ url: database.url, plan, signal: new AbortController().signal })
    assert.equal(result.status, 'completed')
    const [owned] = await database.query(
      `SELECT count(*)::int AS leads, min("ownerId") AS owner FROM "Lead" WHERE "ownerId" = 4`,
    )
    assert.deepEqual(owned, { leads: 400, owner: 4 })
  })

  it('writes the schema, as formatted as before, and Prisma finds no difference to the database', async () => {
    const schema = readSchema(copy)
    applyToFiles(auditFieldEdits(schema, policy, missingAuditFields(schema, policy)))
    const text = fs.readFileSync(copy.schemaPath, 'utf8')
    assert.deepEqual(await formatSchema({ schemas: [['schema.prisma', text]] }), [['schema.prisma', text]])
    const difference = await prismaDiff(text, database.url)
    assert.ok(difference.isEmpty, difference.text)
  })

  it('generates the client', async () => {
    const { output } = await generateClient({
      schemaPath: copy.schemaPath,
      root: copy.folder,
      environment: copy.environment,
    })
    assert.match(output, /Generated Prisma Client/)
  })

  it("writes the application's code, as formatted and as well typed as before", async () => {
    const { edits, notes } = await applicationEdits()
    assert.deepEqual(notes, [])
    assert.deepEqual(
      edits.map(({ file, title }) => `${path.relative(copy.folder, file).split(path.sep).join('/')}: ${title}`),
      [
        'backend/src/routes/admin.ts: Add updatedAt and updatedBy to the select of prisma.user.findMany',
        'backend/src/routes/admin.ts: Add ownerId to the select of prisma.lead.findMany',
        'frontend/src/types/models.ts: Add updatedAt and updatedBy to interface User',
        'frontend/src/types/models.ts: Add ownerId to interface Lead',
      ],
    )
    assert.ok(
      edits.every(({ isTicked }) => isTicked),
      'all come selected',
    )
    applyToFiles(edits)
    for (const file of new Set(edits.map((edit) => edit.file))) {
      const options = await prettier.resolveConfig(file)
      assert.ok(await prettier.check(fs.readFileSync(file, 'utf8'), { ...options, filepath: file }), file)
    }
    await checkTypes(copy)
    assert.deepEqual(await applicationEdits(), { edits: [], notes: [] }, 'nothing is proposed twice')
  })

  it('starts the backend, whose routes show the new fields', async () => {
    await withBackend(copy, async (address) => {
      assert.equal((await fetch(`${address}/admin/users`)).status, 401)
      const cookie = await logIn(address)
      const before = await userNumber5(address, cookie)
      assert.match(String(before?.updatedAt), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
      assert.equal(before?.updatedBy, null)

      const start = Date.now()
      await database.query(`UPDATE "User" SET "role" = 'admin', "updatedBy" = 4 WHERE id = 5`)
      const after = await userNumber5(address, cookie)
      assert.deepEqual(after?.updatedBy, { id: 4, name: 'Ada Reyes', email: 'ada@example.com' })
      // The trigger writes UTC in milliseconds; the server's clock is this machine's.
      assert.ok(Math.abs(Date.parse(String(after.updatedAt)) - start) < 60_000, String(after.updatedAt))
      assert.notEqual(after.updatedAt, before.updatedAt)

      const leads = await getJson(`${address}/admin/leads`, cookie)
      assert.deepEqual(new Set(leads.map((lead) => lead.ownerId)), new Set([4]))
    })
  })

  it('shows who did it, with the actor on the client: an administrator logs in and changes a user', async () => {
    const yes = ['--yes', '--schema', copy.schemaPath]
    const actor = await commandLine(['actor', ...yes], { folder: copy.folder, environment: copy.environment })
    assert.equal(actor.exitCode, 0, actor.stdout + actor.stderr)
    putActorOnClient(copy.backend)
    await checkTypes(copy)
    listenOn(copy.folder, await freePort())
    const smoke = await commandLine(['smoke', '--schema', copy.schemaPath], {
      folder: copy.folder,
      environment: { ...copy.environment, SAMPLE_PASSWORD: 'sample-password' },
    })
    assert.equal(smoke.exitCode, 0, smoke.stdout + smoke.stderr)
    assert.match(smoke.stdout, /PASS {2}Bram shows who changed him/)
    const [bram] = await database.query(`SELECT "role", "updatedBy" FROM "User" WHERE id = 5`)
    assert.deepEqual(bram, { role: 'user', updatedBy: 4 })
    const shown = await whoChangedWhat(database.url, new AbortController().signal)
    assert.match(shown.join('\n'), /^Bram Okafor was changed by Ada Reyes at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.$/)
  })

  async function applicationEdits() {
    const files = await listApplicationFiles(copy.folder)
    return findApplicationEdits({ files, schema: readSchema(copy), policy, additions: plan.additions })
  }
})

function readSchema(copy: SampleCopy): SchemaModel {
  return parseSchema([{ path: copy.schemaPath, text: fs.readFileSync(copy.schemaPath, 'utf8') }])
}

async function readDatabase(url: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await readCatalog(client, { schemas: ['public'] })
  } finally {
    await client.end()
  }
}

function applyToFiles(edits: readonly TextEdit[]): void {
  for (const file of new Set(edits.map((edit) => edit.file))) {
    const own = edits.filter((edit) => edit.file === file)
    fs.writeFileSync(file, applyEdits(fs.readFileSync(file, 'utf8'), own))
  }
}

async function userNumber5(address: string, cookie: string) {
  return (await getJson(`${address}/admin/users`, cookie)).find((user) => user.id === 5)
}
