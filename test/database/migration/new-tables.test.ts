import assert from 'node:assert/strict'
import { parsePolicy } from '../../../server/src/audit-fields/parse-policy'
import { withClient } from '../../../server/src/database/connect'
import { describeError } from '../../../server/src/errors'
import { planEverything } from '../../../server/src/migration/plan/plan-everything'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { runChecks } from '../../../server/src/verification/run-checks'
import { usePostgres } from '../../support/postgres'
import { readStructure } from './support/drift'
import { dump } from './support/dump'

const SOURCE = 'datasource db {\n  provider = "postgresql"\n  url = "postgresql://localhost/x"\n}\n'

/** Every step is tried where this is 1; a few show the kinds. */
const EACH = Number(process.env.PRISMA_AUDIT_TEST_EACH ?? 7)

describe('tables that a run creates', () => {
  const server = usePostgres()

  const planOf = async (text: string, url: string, fields: object = {}) => {
    const schema = parseSchema([{ path: 'schema.prisma', text }])
    const parsed = parsePolicy(
      JSON.stringify({
        userModel: 'User',
        rules: [{ models: ['*'], require: ['updatedAt', 'updatedBy', 'ownerId', 'createdAt'] }],
        fields,
      }),
    )
    assert.ok(parsed.policy !== null)
    return planEverything({ schema, policy: parsed.policy, database: await readStructure(text, url) })
  }

  const KEYS = [
    'Int @id @default(autoincrement())',
    'BigInt @id',
    'String @id',
    'String @id @db.VarChar(30)',
    'String @id @default(dbgenerated("gen_random_uuid()")) @db.Uuid',
    'Int @id @db.SmallInt',
  ]
  for (const key of KEYS) {
    it(`get their audit fields at once: users with the key ${key}`, async () => {
      const type = key.split(' ')[0] ?? ''
      const native = /@db\.\S+/.exec(key)?.[0] ?? ''
      const text = `${SOURCE}enum Stage {\n  open\n  won\n}\nmodel User {\n  id ${key}\n  owned Note[]\n}
model Deal {\n  id Int @id @default(autoincrement())\n  stage Stage @default(open)\n}
model Note {\n  id Int @id\n  ownerId ${type} ${native}\n  owner User @relation(fields: [ownerId], references: [id])\n  updatedAt DateTime @updatedAt\n  createdAt DateTime @default(now())\n}\n`
      for (const fields of [{}, { ownerId: { required: true } }]) {
        const database = await server.createDatabase()
        const before = await dump(database, server)
        const plan = await planOf(text, database.url, fields)
        assert.deepEqual(plan.refusals, [])
        assert.equal((await runPlan({ url: database.url, plan })).status, 'completed')
        const report = await withClient(database.url, {}, (client) => runChecks(client, plan.checks, 'x'))
        // Skipped: what changes a row, of which the tables have none.
        assert.deepEqual([report.failed, report.notProven ?? 0, report.skipped], [0, 0, 3])
        // The catalog says the same of the tables as was planned for them.
        const next = await planOf(text, database.url, fields)
        assert.deepEqual(
          next.steps.map(({ id }) => id),
          [],
        )
        await rollBack({ url: database.url })
        assert.equal(await dump(database, server), before)
      }
    })
  }

  it('are finished by the next run, and taken back whole, wherever the first one was stopped', async function () {
    this.timeout(600_000)
    const text = `${SOURCE}model User {\n  id Int @id\n}\nmodel Deal {\n  id Int @id\n  ownerId Int\n  owner User @relation(fields: [ownerId], references: [id])\n}\n`
    const stopped = async (at: number) => {
      const database = await server.createDatabase(
        'CREATE TABLE "User" (id integer CONSTRAINT "User_pkey" PRIMARY KEY)',
      )
      const before = await dump(database, server)
      const controller = new AbortController()
      const plan = await planOf(text, database.url)
      const onProgress = ({ index }: { readonly index: number }) => {
        if (index === at) controller.abort()
      }
      const first = await runPlan({ url: database.url, plan, onProgress, signal: controller.signal })
      assert.equal(first.status, at < plan.steps.length - 1 ? 'stopped' : first.status)
      const rest = await planOf(text, database.url)
      assert.equal((await runPlan({ url: database.url, plan: rest })).status, 'completed')
      assert.deepEqual((await planOf(text, database.url)).steps, [])
      await rollBack({ url: database.url })
      assert.equal(await dump(database, server), before, String(at))
      return plan.steps.length
    }
    for (let at = 0, count = 1; at < count; at += EACH) count = await stopped(at)
  })

  it('may be that of the users: rows of other tables then need a user first, which is said before any change', async () => {
    const text = `${SOURCE}model User {\n  id Int @id\n}\nmodel Lead {\n  id Int @id\n  updatedBy Int?\n}\n`
    const tables = 'CREATE TABLE "Lead" (id integer PRIMARY KEY, "updatedBy" integer)'
    const empty = await server.createDatabase(tables)
    const before = await dump(empty, server)
    const plan = await planOf(text, empty.url)
    assert.deepEqual(plan.refusals, [])
    assert.equal((await runPlan({ url: empty.url, plan })).status, 'completed')
    assert.deepEqual((await planOf(text, empty.url)).steps, [])
    await rollBack({ url: empty.url })
    assert.equal(await dump(empty, server), before)

    for (const [row, reason] of [
      ['(1, NULL)', /Lead has rows that need a user, but User is empty/],
      ['(1, 7)', /Lead has orphaned rows: their updatedBy does not exist in User/],
    ] as const) {
      const filled = await server.createDatabase(`${tables}; INSERT INTO "Lead" VALUES ${row}`)
      const standing = await dump(filled, server)
      const refused = await runPlan({ url: filled.url, plan: await planOf(text, filled.url) }).catch(describeError)
      assert.match(typeof refused === 'string' ? refused : 'completed', reason)
      assert.equal(await dump(filled, server), standing)
    }
  })
})
