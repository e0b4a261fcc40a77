import assert from 'node:assert/strict'
import { withClient } from '../../../server/src/database/connect'
import { renderPutBack } from '../../../server/src/commands/preserved-values'
import { readPreservedValues } from '../../../server/src/migration/run/preserved/preserved-columns'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { usePostgres } from '../../support/postgres'
import { dump } from './support/dump'
import { createProject, type TestProject } from './support/project'
import { createSampleProject, sampleValues } from './support/sample-project'
import { checkVerified } from './support/verified'

describe('values that the application has written', () => {
  const server = usePostgres()
  const sampleProject = (options: { sql?: string; policy?: unknown } = {}) => createSampleProject(server, options)
  const up = async (project: TestProject, preservedValues: 'put back' | 'leave' = 'put back') =>
    runPlan({ url: project.url, plan: await project.plan(), preservedValues })

  it('are restored after up, writes, down and up', async () => {
    const project = await sampleProject()
    await up(project)
    await project.database.query(`
      UPDATE "User" SET "updatedBy" = 4 WHERE id IN (7, 11);
      UPDATE "Lead" SET "ownerId" = 7 WHERE id % 10 = 0;
      UPDATE "Lead" SET "ownerId" = NULL WHERE id = 5;
      INSERT INTO "Lead" (name, email, "ownerId") VALUES ('new', 'new@example.com', 11)`)
    const written = await sampleValues(project)
    const down = await rollBack({ url: project.url })
    assert.equal(down.withoutValue, undefined)
    assert.deepEqual(
      down.preservedValues.map(({ table, column, count, nulls }) => [table, column, count, nulls]),
      [
        ['User', 'updatedAt', 2, 0],
        ['User', 'updatedBy', 2, 0],
        ['Lead', 'ownerId', 42, 1],
      ],
    )
    const left = await project.database.query(
      `SELECT relname FROM pg_class WHERE relnamespace = 'prisma_audit_kept'::regnamespace AND relkind = 'r' ORDER BY 1`,
    )
    assert.deepEqual(left, [{ relname: 'kept_column' }, { relname: 'kept_null' }, { relname: 'kept_value' }])
    assert.deepEqual(await project.database.query(`SELECT proname FROM pg_proc WHERE proname LIKE 'keep%'`), [])

    const kept = await withClient(project.url, {}, readPreservedValues)
    assert.deepEqual(
      kept.map(({ table, column, count }) => [table, column, count]),
      [
        ['User', 'updatedAt', 2],
        ['User', 'updatedBy', 2],
        ['Lead', 'ownerId', 42],
      ],
    )
    const again = await up(project)
    assert.deepEqual(
      again.putBack.map(({ column, putBack, rowGone, userGone, overtaken }) => [
        ...[column, putBack, rowGone, userGone, overtaken],
      ]),
      [
        ['updatedAt', 2, 0, 0, 0],
        ['updatedBy', 2, 0, 0, 0],
        ['ownerId', 42, 0, 0, 0],
      ],
    )
    await checkVerified(project)
    const [users, leads] = await sampleValues(project)
    const [usersThen, leadsThen] = written
    const touched = (row: Record<string, unknown>) => row.id === 7 || row.id === 11
    assert.deepEqual(users?.filter(touched), usersThen?.filter(touched))
    assert.deepEqual(
      users?.map((row) => row.updatedBy),
      usersThen?.map((row) => row.updatedBy),
    )
    assert.deepEqual(leads, leadsThen)
    assert.deepEqual(await withClient(project.url, {}, readPreservedValues), [])
    assert.deepEqual(await project.database.query(`SELECT to_regnamespace('prisma_audit_kept') AS there`), [
      { there: null },
    ])
  })

  it('are not given to another row that has the key by then, where a column says since when a row is there', async () => {
    const project = await sampleProject()
    await up(project)
    await project.database.query(`UPDATE "Lead" SET "ownerId" = 7 WHERE id IN (10, 20)`)
    await rollBack({ url: project.url })
    await project.database.query(`
      DELETE FROM "Lead" WHERE id = 10;
      INSERT INTO "Lead" (id, name, email, "createdAt") VALUES (10, 'another', 'another@example.com', now() + interval '1 day')`)
    const [owners] = (await up(project)).putBack
    assert.deepEqual([owners?.putBack, owners?.rowGone], [1, 1])
    assert.deepEqual(
      await project.database.query('SELECT id, "ownerId" FROM "Lead" WHERE id IN (10, 20) ORDER BY id'),
      [
        { id: 10, ownerId: 4 },
        { id: 20, ownerId: 7 },
      ],
    )
  })

  it('are not there where nothing was written: then nothing stays behind', async () => {
    const project = await sampleProject()
    const before = await dump(project.database, server)
    await up(project)
    const result = await rollBack({ url: project.url })
    assert.deepEqual(result.preservedValues, [])
    assert.equal(await dump(project.database, server), before)
  })

  it('that lie behind an expression count as written where they differ from it', async () => {
    const policy = {
      rules: [{ models: ['Lead'], require: ['ownerId'] }],
      fields: { ownerId: { populate: { sql: `(SELECT max(id) FROM "User" u WHERE u.id > "Lead"."id" % 3)` } } },
    }
    const project = await sampleProject({ policy })
    const before = await dump(project.database, server)
    await up(project)
    await rollBack({ url: project.url })
    assert.equal(await dump(project.database, server), before)
    await up(project)
    await project.database.query(`UPDATE "Lead" SET "ownerId" = 4 WHERE id = 8`)
    const result = await rollBack({ url: project.url })
    assert.deepEqual(
      result.preservedValues.map(({ count }) => count),
      [1],
    )
  })

  it('stay preserved unless they are requested, and are still there later', async () => {
    const project = await sampleProject()
    await up(project)
    await project.database.query(`UPDATE "Lead" SET "ownerId" = 7 WHERE id = 3`)
    await rollBack({ url: project.url })
    await up(project, 'leave')
    assert.deepEqual(await project.database.query(`SELECT "ownerId" FROM "Lead" WHERE id = 3`), [{ ownerId: 4 }])
    await project.database.query(`UPDATE "Lead" SET "ownerId" = 11 WHERE id = 6`)
    await rollBack({ url: project.url })
    await up(project)
    assert.deepEqual(
      await project.database.query(`SELECT id, "ownerId" FROM "Lead" WHERE "ownerId" <> 4 ORDER BY id`),
      [
        { id: 3, ownerId: 7 },
        { id: 6, ownerId: 11 },
      ],
    )
  })

  it('whose row or user was deleted meanwhile are passed over and counted', async () => {
    const project = await sampleProject()
    await up(project)
    await project.database.query(`UPDATE "Lead" SET "ownerId" = CASE WHEN id < 20 THEN 7 ELSE 11 END WHERE id <= 30`)
    await rollBack({ url: project.url })
    await project.database.query(`DELETE FROM "Lead" WHERE id = 1; DELETE FROM "User" WHERE id = 11`)
    const { putBack } = await up(project)
    assert.deepEqual(
      putBack.map((result) => ({ ...result })),
      [
        {
          ...{ schema: 'public', table: 'Lead', column: 'ownerId', hadNulls: false },
          ...{ putBack: 18, rowGone: 1, userGone: 11, overtaken: 0 },
        },
      ],
    )
    await checkVerified(project)
  })

  it('stay preserved and are named if their row or user is not found, and are restored with it', async () => {
    const project = await sampleProject()
    await up(project)
    await project.database.query(`UPDATE "Lead" SET "ownerId" = 7 WHERE id IN (3, 6, 9)`)
    await rollBack({ url: project.url })
    await project.database.query(`UPDATE "Lead" SET id = 900003 WHERE id = 3`)
    const first = await up(project)
    assert.deepEqual(
      first.putBack.map(({ putBack, rowGone, overtaken }) => [putBack, rowGone, overtaken]),
      [[2, 1, 0]],
    )
    assert.match(
      renderPutBack(first.putBack).join(),
      /1 value without a row \(deleted, or its key has changed\), still preserved/,
    )
    assert.deepEqual(
      (await withClient(project.url, {}, readPreservedValues)).map(({ count }) => count),
      [1],
    )
    await rollBack({ url: project.url })
    await project.database.query(`UPDATE "Lead" SET id = 3 WHERE id = 900003`)
    const again = await up(project)
    assert.deepEqual(await project.database.query(`SELECT id FROM "Lead" WHERE "ownerId" = 7 ORDER BY id`), [
      { id: 3 },
      { id: 6 },
      { id: 9 },
    ])
    assert.deepEqual(
      again.putBack.map(({ rowGone }) => rowGone).filter((count) => count > 0),
      [],
    )
  })

  it('that are newer than what was kept are not written over', async () => {
    const project = await sampleProject()
    await up(project)
    await project.database.query(`UPDATE "Lead" SET "ownerId" = 7 WHERE id IN (3, 6)`)
    await rollBack({ url: project.url })
    const controller = new AbortController()
    const stopped = await runPlan({
      url: project.url,
      plan: await project.plan(),
      preservedValues: 'put back',
      signal: controller.signal,
      onProgress: ({ title }) => {
        if (title.includes('ownerId') && !title.startsWith('Add column')) controller.abort()
      },
    })
    assert.equal(stopped.status, 'stopped')
    await project.database.query(`UPDATE "Lead" SET "ownerId" = 11 WHERE id = 3`)
    const { putBack } = await up(project)
    assert.deepEqual(
      putBack.map(({ putBack, overtaken }) => [putBack, overtaken]),
      [[1, 1]],
    )
    assert.deepEqual(await project.database.query(`SELECT "ownerId" FROM "Lead" WHERE id IN (3, 6) ORDER BY id`), [
      { ownerId: 11 },
      { ownerId: 7 },
    ])
  })

  it('that equal what the migration filled in are kept too, and nothing of a database that was copied counts as ours', async () => {
    const project = await sampleProject()
    await up(project)
    await project.database.query(`UPDATE "Lead" SET "ownerId" = "ownerId" WHERE id = 3`)
    // As a dump and restore would: the rows are rewritten, and the journal's transactions are not theirs.
    await project.database.query(`UPDATE prisma_audit.batch SET position = position`)
    const { preservedValues } = await rollBack({ url: project.url })
    const [{ count } = { count: 0 }] = await project.database.query(`SELECT count(*)::int FROM "Lead"`)
    assert.deepEqual(
      preservedValues.map((kept) => [kept.column, kept.count]),
      [['ownerId', count]],
    )
    await project.database.query(`INSERT INTO "User" (id, email, name) VALUES (1, 'first@now', 'First')`)
    await up(project)
    assert.deepEqual(await project.database.query(`SELECT DISTINCT "ownerId" FROM "Lead"`), [{ ownerId: 4 }])
  })

  it('in a table whose rows cannot be told apart: refused before anything changes, unless they may be lost', async () => {
    const project = await createProject(server, {
      schema: `datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id\n}\nmodel Lead {\n  code Int?\n  @@ignore\n}\n`,
      ddl: `CREATE TABLE "User" (id integer PRIMARY KEY); CREATE TABLE "Lead" (code integer)`,
      policy: { rules: [{ models: ['Lead'], require: ['ownerId'] }] },
      sql: `INSERT INTO "User" VALUES (1), (2); INSERT INTO "Lead" SELECT generate_series(1, 9)`,
    })
    const before = await dump(project.database, server)
    await up(project)
    await rollBack({ url: project.url })
    assert.equal(await dump(project.database, server), before, 'nothing was written, so nothing can be lost')
    await up(project)
    await project.database.query(`UPDATE "Lead" SET "ownerId" = 2 WHERE code = 3`)
    const written = await dump(project.database, server)
    await assert.rejects(rollBack({ url: project.url }), {
      code: 'values-cannot-be-kept',
      message: 'The values of "ownerId" in "public"."Lead" would be lost. Nothing was changed.',
    })
    assert.equal(await dump(project.database, server), written)
    assert.deepEqual((await rollBack({ url: project.url, dropData: true })).preservedValues, [])
    assert.equal(await dump(project.database, server), before)
  })
})
