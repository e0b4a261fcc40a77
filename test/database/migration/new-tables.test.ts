import assert from 'node:assert/strict'
import { withClient } from '../../../server/src/database/connect'
import { describeError } from '../../../server/src/errors'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { runChecks } from '../../../server/src/verification/run-checks'
import { usePostgres } from '../../support/postgres'
import { dump } from './support/dump'
import { planTables, SOURCE } from './support/plan-tables'

describe('tables that a run creates', () => {
  const server = usePostgres()

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
        const plan = await planTables(text, database.url, fields)
        assert.deepEqual(plan.refusals, [])
        assert.equal((await runPlan({ url: database.url, plan })).status, 'completed')
        const report = await withClient(database.url, {}, (client) => runChecks(client, plan.checks, 'x'))
        // Skipped: what changes a row, of which the tables have none.
        assert.deepEqual([report.failed, report.notProven ?? 0, report.skipped], [0, 0, 3])
        // The catalog says the same of the tables as was planned for them.
        const next = await planTables(text, database.url, fields)
        assert.deepEqual(
          next.steps.map(({ id }) => id),
          [],
        )
        await rollBack({ url: database.url })
        assert.equal(await dump(database, server), before)
      }
    })
  }

  it('may be that of the users: rows of other tables then need a user first, which is said before any change', async () => {
    const text = `${SOURCE}model User {\n  id Int @id\n}\nmodel Lead {\n  id Int @id\n  updatedBy Int?\n}\n`
    const tables = 'CREATE TABLE "Lead" (id integer PRIMARY KEY, "updatedBy" integer)'
    const empty = await server.createDatabase(tables)
    const before = await dump(empty, server)
    const plan = await planTables(text, empty.url)
    assert.deepEqual(plan.refusals, [])
    assert.equal((await runPlan({ url: empty.url, plan })).status, 'completed')
    assert.deepEqual((await planTables(text, empty.url)).steps, [])
    await rollBack({ url: empty.url })
    assert.equal(await dump(empty, server), before)

    for (const [row, reason] of [
      ['(1, NULL)', /Lead has rows that need a user, but User is empty/],
      ['(1, 7)', /Lead has orphaned rows: their updatedBy does not exist in User/],
    ] as const) {
      const filled = await server.createDatabase(`${tables}; INSERT INTO "Lead" VALUES ${row}`)
      const standing = await dump(filled, server)
      const refused = await runPlan({ url: filled.url, plan: await planTables(text, filled.url) }).catch(describeError)
      assert.match(typeof refused === 'string' ? refused : 'completed', reason)
      assert.equal(await dump(filled, server), standing)
    }
  })
})
