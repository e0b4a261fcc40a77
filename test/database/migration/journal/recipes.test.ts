import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { withClient } from '../../../../server/src/database/connect'
import { readCatalog } from '../../../../server/src/database/read-catalog'
import { planDrift } from '../../../../server/src/migration/plan/drift/plan-drift'
import { readJournal } from '../../../../server/src/migration/run/journal/journal'
import { rebuildFormerSteps } from '../../../../server/src/migration/run/recipes/former-step'
import { definitionOf, rebuildSteps } from '../../../../server/src/migration/run/recipes/rebuild-step'
import { rollBack } from '../../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../../server/src/migration/run/run-plan'
import type { Plan, Step } from '../../../../server/src/migration/model'
import { STEP_KINDS } from '../../../../server/src/migration/step-kinds'
import { usePostgres, type TestDatabase } from '../../../support/postgres'
import { CASES } from '../support/cases'
import { dump } from '../support/dump'
import { createProject, type TestProject } from '../support/project'

/** A schema with something of every kind that `--drift` makes, and a database that has hardly anything of it. */
const DRIFT = {
  schema: `datasource db {
  provider   = "postgresql"
  schemas    = ["public", "extra"]
  extensions = [citext]
}
generator client {
  provider        = "prisma-client-js"
  previewFeatures = ["postgresqlExtensions"]
}
enum Mood {
  calm
  angry
  @@schema("public")
}
model Thing {
  id    Int     @id
  mood  Mood    @default(calm)
  count Int     @default(autoincrement())
  code  String  @default(dbgenerated("gen_random_uuid()")) @unique @db.Uuid
  words String[] @default(["a", "it's"])
  other Other?  @relation(fields: [otherId], references: [id])
  otherId Int?
  @@index([words], type: Gin)
  @@schema("public")
}
model Other {
  id     Int @id @default(autoincrement())
  name   String @default("x")
  things Thing[]
  @@index([name(ops: raw("text_pattern_ops"))])
  @@schema("extra")
}
`,
  policy: { rules: [] },
  schemas: ['public', 'extra'],
  ddl: 'CREATE TABLE "Thing" (id integer NOT NULL CONSTRAINT "Thing_pkey" PRIMARY KEY)',
  sql: 'INSERT INTO "Thing" SELECT generate_series(1, 20)',
}

describe('a step in the journal', () => {
  const server = usePostgres()

  async function driftPlan(project: TestProject): Promise<Plan> {
    const database = await withClient(project.url, {}, (client) => readCatalog(client, { schemas: DRIFT.schemas }))
    return planDrift({ schema: project.schema, database, covered: [] })
  }

  async function checkMadeAgain(steps: readonly Step[]): Promise<void> {
    assert.ok(steps.length > 0)
    const asked = steps.filter(({ kind }) => kind !== 'precondition')
    const again = await rebuildSteps(asked.map((step) => ({ label: step.id, definition: definitionOf(step) })))
    const without = ({ estimate, ...step }: Step) => ({ ...step, estimate: estimate === undefined })
    for (const [index, step] of asked.entries()) {
      assert.ok(STEP_KINDS[step.kind].builders.includes(step.recipe.builder), step.id)
      const made = again[index]
      assert.ok(made)
      assert.deepEqual({ ...without(made), estimate: false }, { ...without(step), estimate: false }, step.id)
    }
  }

  it('makes exactly the same step again, of every kind', async () => {
    for (const [title, options] of Object.entries(CASES)) {
      const project = await createProject(server, options)
      const { steps, refusals } = await project.plan()
      if (steps.length > 0) await checkMadeAgain(steps)
      else assert.ok(refusals.length > 0, title)
    }
    await checkMadeAgain((await driftPlan(await createProject(server, DRIFT))).steps)
  })

  /** As a version of format 1 would have written the run: the steps with their SQL. */
  async function makeFormer(database: TestDatabase, steps: readonly Step[]): Promise<void> {
    await database.query('UPDATE prisma_audit.run SET format = 1')
    for (const { recipe, ...step } of steps) {
      assert.ok(recipe)
      const definition = JSON.stringify(step)
      await database.query('UPDATE prisma_audit.step SET definition = $2, checksum = $3 WHERE id = $1', [
        ...[step.id, definition, createHash('sha256').update(definition).digest('hex')],
      ])
    }
  }

  it('a run of format 1 is rolled back to an equal dump, and never resumed', async () => {
    const names = ['uuid keys', 'bigint keys, and owners that are required and found by an SQL expression']
    for (const options of [...names.map((name) => CASES[name] ?? assert.fail(name)), DRIFT]) {
      const project = await createProject(server, options)
      const plan = options === DRIFT ? await driftPlan(project) : await project.plan()
      const before = await dump(project.database, server)
      await runPlan({ url: project.url, plan })
      await makeFormer(project.database, plan.steps)
      assert.equal((await rollBack({ url: project.url, dropData: true })).status, 'completed')
      assert.equal(await dump(project.database, server), before)
    }
    const project = await createProject(server, CASES['uuid keys'] ?? assert.fail())
    const plan = await project.plan()
    const controller = new AbortController()
    const onProgress = ({ index }: { readonly index: number }) => {
      if (index === 4) controller.abort()
    }
    assert.equal((await runPlan({ url: project.url, plan, signal: controller.signal, onProgress })).status, 'stopped')
    await makeFormer(project.database, plan.steps)
    await assert.rejects(runPlan({ url: project.url, plan: await project.plan() }), { code: 'journal-format-former' })
    assert.equal((await rollBack({ url: project.url })).status, 'completed')
  })

  it('a changed step is refused by name, in either format, and nothing of it runs', async () => {
    const project = await createProject(server, CASES['uuid keys'] ?? assert.fail())
    const { database, url } = project
    const plan = await project.plan()
    await runPlan({ url, plan })
    const rows = await database.query(
      'SELECT position, definition::text AS text FROM prisma_audit.step ORDER BY position',
    )
    const write = async (position: unknown, definition: string) => {
      await database.query('UPDATE prisma_audit.step SET definition = $2, checksum = $3 WHERE position = $1', [
        ...[position, definition, createHash('sha256').update(definition).digest('hex')],
      ])
    }
    const change =
      (from: string | RegExp, to: string, builder = '') =>
      async () => {
        const isMeant = (text: string) => text.search(from) !== -1 && text.includes(builder)
        const row = rows.find(({ text }) => isMeant(String(text)))
        assert.ok(row, String(from))
        await write(row.position, String(row.text).replace(from, to))
        return row
      }
    const hostile = [
      change('"builder":"add-column"', '"builder":"run-anything"'),
      change('"builder":"add-column"', '"builder":"__proto__"'),
      change('"parameters":{', '"parameters":{"more":1,'),
      change('"onDelete":"SET NULL"', '"onDelete":"CASCADE; DROP TABLE x"'),
      change('"type":"uuid"', '"type":"uuid, DROP COLUMN id"', '"builder":"fill"'),
      change('"type":"uuid"', '"type":"uuid -- "', '"builder":"fill"'),
      change(/"value":"\(SELECT/, "\"value\":\"(SELECT pg_catalog.set_config('a.b', 'c', false)), (SELECT"),
      change(/"value":"\(SELECT [^)]*\)"/, '"value":"pg_catalog.pg_read_file(\'/etc/passwd\')"'),
      change(/"definition":"\([^)]*\)"/, '"definition":"(id); DROP TABLE x"'),
    ]
    for (const make of hostile) {
      const row = await make()
      await assert.rejects(
        withClient(url, {}, readJournal),
        (error: Error) => {
          assert.equal((error as { code?: string }).code, 'journal-unreadable')
          assert.match((error as { why?: string }).why ?? '', new RegExp(`^Step ${String(row.position)} of run 1 `))
          return true
        },
        String(row.text),
      )
      await assert.rejects(rollBack({ url }), { code: 'journal-unreadable' })
      await write(row.position, String(row.text))
    }
    // What is written there for people is not what runs.
    await change(/"down":\["ALTER TABLE IF EXISTS/, '"down":["SELECT 1/0; ALTER TABLE IF EXISTS')()
    assert.equal((await rollBack({ url })).status, 'completed')
  })

  it('what a step of format 1 filled a column with is one expression of one type, and calls nothing that writes', async () => {
    const read = (value: string, type = 'text') =>
      rebuildFormerSteps([
        {
          label: 'The step',
          definition: JSON.stringify({
            ...{
              id: 'add-column:public.t.c',
              kind: 'add-column',
              title: '',
              schema: 'public',
              table: 't',
              object: 'c',
            },
            ...{ transaction: 'own', down: [], batch: null },
            holdsData: { count: `SELECT count(*) FROM t WHERE c::text IS DISTINCT FROM ((${value})::${type})::text` },
          }),
        },
      ])
    assert.match((await read(`'x'`))[0]?.holdsData?.count ?? '', /'x'/)
    for (const value of [`'x'), (SELECT 1`, `'x'; DROP TABLE t`, `pg_catalog.pg_read_file('/etc/passwd')`]) {
      await assert.rejects(read(value), { code: 'journal-unreadable' }, value)
    }
    await assert.rejects(read(`'x'`, 'text; DROP TABLE t'), { code: 'journal-unreadable' })
    const filled = { column: 'c', value: `(SELECT pg_catalog.set_config('a.b', 'c', false))`, isOneValue: true }
    const step = { id: 'populate:public.t.c', kind: 'populate', title: '', schema: 'public', table: 't', object: null }
    const definition = JSON.stringify({ ...step, transaction: 'batches', down: [], batch: filled })
    await assert.rejects(rebuildFormerSteps([{ label: 'The step', definition }]), { code: 'journal-unreadable' })
  })

  it('a folder that a step names lies nowhere else', async () => {
    const recipe = (name: string, files: object = { 'migration.sql': '' }) =>
      JSON.stringify({
        builder: 'record-history',
        parameters: { folder: { name, files }, schema: 'public', id: 'record-history' },
      })
    const good = '20261122134711_prisma_audit_add_columns'
    assert.equal((await rebuildSteps([{ label: 'x', definition: recipe(good) }]))[0]?.folder?.name, good)
    const names = [
      ...['..', '.', '', `../${good}`, `/tmp/${good}`, `a/${good}`, `a\\${good}`, `C:${good}`, `.hidden_${good}`],
      ...['.bash_profile', `${good}\0`, `${good}\n`, 'x'.repeat(300) + good, `${good}/..`, '20261122134711_other'],
    ]
    for (const definition of [
      ...names.map((name) => recipe(name)),
      recipe(good, { 'migration.sql': '', '../x': '' }),
      recipe(good, { 'down.sql': '' }),
      recipe(good, { 'migration.sql': 1 }),
    ]) {
      await assert.rejects(
        rebuildSteps([{ label: 'The step', definition }]),
        { code: 'journal-unreadable' },
        definition,
      )
    }
  })

  it('a journal larger than any of ours is not read', async () => {
    const project = await createProject(server, CASES['uuid keys'] ?? assert.fail())
    await runPlan({ url: project.url, plan: await project.plan() })
    await project.database
      .query(`INSERT INTO prisma_audit.step (run_id, position, id, title, state, definition, checksum)
      SELECT 1, 1000 + i, '', '', 'done', '{}', '' FROM generate_series(1, 100000) AS i`)
    await assert.rejects(rollBack({ url: project.url }), { code: 'journal-unreadable', why: /larger than any journal/ })
  })
})
