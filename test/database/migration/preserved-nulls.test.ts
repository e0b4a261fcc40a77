import assert from 'node:assert/strict'
import { decidePreservedValues, preservedValuesFor } from '../../../server/src/commands/preserved-values'
import type { Interaction } from '../../../server/src/commands/interaction'
import { inEnglish } from '../../../server/src/text/translate'
import { parsePolicy } from '../../../server/src/audit-fields/parse-policy'
import { withClient } from '../../../server/src/database/connect'
import { planMigration } from '../../../server/src/migration/plan/plan-migration'
import { readPreservedValues } from '../../../server/src/migration/run/preserved/preserved-columns'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { usePostgres, type TestServer } from '../../support/postgres'
import { createProject, type TestProject } from './support/project'

/** By what tells the rows apart: the columns of the table, and the fields of the model. */
const KEYS: Readonly<Record<string, { columns: string; fields: string; id: (n: string) => string; tail?: string }>> = {
  'an integer and a time of creation with a zone': {
    columns: 'id integer PRIMARY KEY, "createdAt" timestamptz(6) NOT NULL DEFAULT now()',
    fields: 'id Int @id\n  createdAt DateTime @default(now()) @db.Timestamptz(6)',
    id: (n) => n,
  },
  'bytes, which a setting spells otherwise, and a date': {
    columns: `id bytea NOT NULL, day date NOT NULL DEFAULT '2026-03-04', PRIMARY KEY (id, day)`,
    fields: 'id Bytes\n  day DateTime @db.Date\n  @@id([id, day])',
    id: (n) => `decode('0' || ${n}, 'hex')`,
  },
  'a unique column, without a primary key': {
    columns: 'id text NOT NULL UNIQUE, "createdAt" timestamp(3) NOT NULL DEFAULT now()',
    fields: 'id String @unique\n  createdAt DateTime @default(now()) @db.Timestamp(3)',
    id: (n) => `'k, "' || ${n}`,
  },
  'a partitioned table': {
    columns: 'id integer PRIMARY KEY',
    fields: 'id Int @id',
    id: (n) => n,
    tail: `PARTITION BY RANGE (id); CREATE TABLE low PARTITION OF "Lead" FOR VALUES FROM (0) TO (4);
      CREATE TABLE high PARTITION OF "Lead" FOR VALUES FROM (4) TO (100)`,
  },
}

async function projectOf(server: TestServer, key = 'a partitioned table'): Promise<TestProject> {
  const { columns, fields, id, tail = '' } = KEYS[key] ?? assert.fail(key)
  return await createProject(server, {
    schema: `datasource db {\n  provider = "postgresql"\n}
model User {\n  id Int @id\n}
model Lead {\n  ${fields}\n  n Int\n}\n`,
    ddl: `CREATE TABLE "User" (id integer PRIMARY KEY);
      CREATE TABLE "Lead" (${columns}, n integer NOT NULL DEFAULT 0) ${tail}`,
    policy: { rules: [{ models: ['Lead'], require: ['ownerId'] }] },
    sql: `INSERT INTO "User" VALUES (1), (2); INSERT INTO "Lead" (id, n) SELECT ${id('i')}, i FROM generate_series(1, 7) AS i;
      ALTER DATABASE ":name" SET timezone = 'America/New_York'`.replace(/;\s*ALTER DATABASE.*$/s, ''),
  })
}

const up = async (project: TestProject, preservedValues: 'put back' | 'leave' = 'put back') =>
  runPlan({ url: project.url, plan: await project.plan(), preservedValues })

const owners = async ({ database }: TestProject): Promise<unknown[]> =>
  (await database.query('SELECT "ownerId" FROM "Lead" ORDER BY n')).map(({ ownerId }) => ownerId)

const kept = (project: TestProject) => withClient(project.url, {}, readPreservedValues)

describe('NULL that the application has written over what a run had filled in', () => {
  const server = usePostgres()

  for (const [key, { id }] of Object.entries(KEYS)) {
    it(`is there again over up, writes, down, up: ${key}`, async () => {
      const project = await projectOf(server, key)
      const { query, name } = project.database
      await query(
        `ALTER DATABASE "${name}" SET timezone = 'America/New_York'; ALTER DATABASE "${name}" SET datestyle = 'SQL, DMY';
        ALTER DATABASE "${name}" SET bytea_output = 'escape'`,
      )
      await up(project)
      await query(`UPDATE "Lead" SET "ownerId" = NULL WHERE n IN (2, 5); UPDATE "Lead" SET "ownerId" = 2 WHERE n = 3;
        INSERT INTO "Lead" (id, n) VALUES (${id('8')}, 8); INSERT INTO "Lead" (id, n, "ownerId") VALUES (${id('9')}, 9, NULL)`)
      const written = [1, null, 2, 1, null, 1, 1, null, null]
      assert.deepEqual(await owners(project), written)
      const { preservedValues, withoutValue } = await rollBack({ url: project.url })
      assert.deepEqual([preservedValues.map(({ count, nulls }) => [count, nulls]), withoutValue], [[[5, 4]], undefined])
      const { putBack } = await up(project)
      assert.deepEqual(
        putBack.map(({ putBack, rowGone, overtaken }) => [putBack, rowGone, overtaken]),
        [[5, 0, 0]],
      )
      assert.deepEqual(await owners(project), written)
      assert.deepEqual(await query(`SELECT to_regnamespace('prisma_audit_kept') AS there`), [{ there: null }])
    })
  }

  it('is captured while the column is copied, and follows its row', async () => {
    const project = await projectOf(server)
    const { query } = project.database
    await up(project)
    await query('UPDATE "Lead" SET "ownerId" = NULL WHERE n IN (1, 2, 3)')
    const controller = new AbortController()
    const onProgress = ({ rowsDone }: { rowsDone: number | null }) => {
      if (rowsDone !== null && rowsDone > 0) controller.abort()
    }
    await rollBack({ url: project.url, signal: controller.signal, onProgress })
    await query(`UPDATE "Lead" SET "ownerId" = 2 WHERE n = 1; UPDATE "Lead" SET id = 50 WHERE n = 2; DELETE FROM "Lead" WHERE n = 3;
      UPDATE "Lead" SET "ownerId" = NULL WHERE n IN (4, 5); UPDATE "Lead" SET "ownerId" = 1 WHERE n = 5`)
    assert.deepEqual(
      (await rollBack({ url: project.url })).preservedValues.map(({ count, nulls }) => [count, nulls]),
      [[4, 2]],
    )
    await query('INSERT INTO "Lead" (id, n) VALUES (3, 3)')
    await up(project)
    assert.deepEqual(await owners(project), [2, null, 1, null, 1, 1, 1])
  })

  it('is what counts where an older value was preserved as well, and a newer value is what counts over it', async () => {
    const project = await projectOf(server)
    const { query } = project.database
    await up(project)
    await query('UPDATE "Lead" SET "ownerId" = 2 WHERE n = 1; UPDATE "Lead" SET "ownerId" = NULL WHERE n = 2')
    await rollBack({ url: project.url })
    await up(project, 'leave')
    assert.deepEqual(await owners(project), [1, 1, 1, 1, 1, 1, 1])
    await query('UPDATE "Lead" SET "ownerId" = NULL WHERE n = 1; UPDATE "Lead" SET "ownerId" = 2 WHERE n = 2')
    await rollBack({ url: project.url })
    await up(project)
    assert.deepEqual(await owners(project), [null, 2, 1, 1, 1, 1, 1])
    assert.deepEqual(await kept(project), [])
  })

  it('is still left alone by a run that goes on with one that broke off', async () => {
    const project = await projectOf(server)
    await up(project)
    await project.database.query('UPDATE "Lead" SET "ownerId" = NULL WHERE n IN (2, 5)')
    await rollBack({ url: project.url })
    const controller = new AbortController()
    const onProgress = ({ title }: { title: string }) => {
      if (title.startsWith('Fill')) controller.abort()
    }
    const plan = await project.plan()
    const stopped = await runPlan({
      url: project.url,
      plan,
      preservedValues: 'put back',
      signal: controller.signal,
      onProgress,
    })
    assert.equal(stopped.status, 'stopped')
    // The column is there by then, so nobody is asked any more.
    assert.equal((await up(project, 'leave')).status, 'completed')
    assert.deepEqual(await owners(project), [1, null, 1, 1, null, 1, 1])
    assert.deepEqual(await kept(project), [])
  })

  it('is filled where the policy has come to require a value, and where the fill itself never got so far', async () => {
    const project = await projectOf(server)
    const { query } = project.database
    await up(project)
    await query('UPDATE "Lead" SET "ownerId" = NULL WHERE n = 2')
    await rollBack({ url: project.url })
    const { policy } = parsePolicy(
      JSON.stringify({ rules: [{ models: ['Lead'], require: ['ownerId'] }], fields: { ownerId: { required: true } } }),
    )
    const plan = planMigration({ ...project, policy: policy ?? assert.fail(), database: await project.catalog() })
    const restorable = preservedValuesFor(plan, await kept(project))
    const said: string[] = []
    const interaction = { t: inEnglish, output: (line: string) => said.push(line) } as unknown as Interaction
    // There is no value to ask about.
    assert.equal(await decidePreservedValues(interaction, restorable, 'ask'), 'leave')
    assert.deepEqual(said, ['Lead.ownerId is required now: 1 row with a preserved NULL is filled like the others.'])
    const { putBack } = await runPlan({ url: project.url, plan, preservedValues: 'put back' })
    assert.deepEqual(
      putBack.map(({ putBack, overtaken }) => [putBack, overtaken]),
      [[0, 1]],
    )
    assert.deepEqual(await owners(project), [1, 1, 1, 1, 1, 1, 1])
    await rollBack({ url: project.url })

    const controller = new AbortController()
    const onProgress = ({ title }: { title: string }) => {
      if (title.startsWith('Fill')) controller.abort()
    }
    await runPlan({ url: project.url, plan: await project.plan(), signal: controller.signal, onProgress })
    const { preservedValues, withoutValue } = await rollBack({ url: project.url })
    assert.deepEqual(preservedValues, [])
    assert.deepEqual(
      withoutValue?.map(({ column }) => column),
      ['ownerId'],
    )
  })

  it('is not what a fill wrote itself, whatever column is filled after it', async () => {
    const project = await projectOf(server)
    const populate = { sql: 'CASE WHEN n < 4 THEN 2 END' }
    const { policy } = parsePolicy(
      JSON.stringify({
        rules: [{ models: ['Lead'], require: ['ownerId', 'createdAt'] }],
        fields: { ownerId: { populate }, createdAt: { populate: { sql: 'LOCALTIMESTAMP' } } },
      }),
    )
    const planned = async () =>
      planMigration({ ...project, policy: policy ?? assert.fail(), database: await project.catalog() })
    await runPlan({ url: project.url, plan: await planned() })
    await project.database.query('UPDATE "Lead" SET "ownerId" = NULL WHERE n IN (1, 5)')
    const { preservedValues } = await rollBack({ url: project.url })
    const nullsOf = (name: string) => preservedValues.find(({ column }) => column === name)?.nulls
    assert.deepEqual([nullsOf('ownerId'), nullsOf('createdAt') ?? 0], [2, 0])
  })

  it('is not known to tables of the first versions, of which the values are put back all the same', async () => {
    const project = await projectOf(server)
    await up(project)
    await project.database.query('UPDATE "Lead" SET "ownerId" = 2 WHERE n = 2')
    await rollBack({ url: project.url })
    await project.database.query('DROP TABLE prisma_audit_kept.kept_null')
    assert.deepEqual(
      (await kept(project)).map(({ count, nulls }) => [count, nulls]),
      [[1, 0]],
    )
    await up(project, 'leave')
    await project.database.query('UPDATE "Lead" SET "ownerId" = NULL WHERE n = 3')
    await rollBack({ url: project.url })
    await up(project)
    assert.deepEqual(await owners(project), [1, 2, null, 1, 1, 1, 1])
    assert.deepEqual(await kept(project), [])
  })
})
