import assert from 'node:assert/strict'
import { withClient } from '../../../server/src/database/connect'
import { columnsBeingPreserved, settlePreserved } from '../../../server/src/migration/run/preserved/preserve-column'
import { createPreservedTables } from '../../../server/src/migration/run/preserved/preserved-tables'
import { restoreValuesStep } from '../../../server/src/migration/run/preserved/restore-values-step'
import { readPreservedValues } from '../../../server/src/migration/run/preserved/preserved-columns'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { usePostgres } from '../../support/postgres'
import type { TestProject } from './support/project'
import { createSampleProject, sampleValues } from './support/sample-project'
import { useRunner } from './support/runner'
import { checkVerified } from './support/verified'

describe('values that are being preserved', () => {
  const server = usePostgres()
  const runner = useRunner()
  const sampleProject = (options: { sql?: string; policy?: unknown } = {}) => createSampleProject(server, options)
  const up = async (project: TestProject, preservedValues: 'put back' | 'leave' = 'put back') =>
    runPlan({ url: project.url, plan: await project.plan(), preservedValues })

  it('while the values are copied are captured too, whoever writes, and nobody waits', async () => {
    const project = await sampleProject({
      sql: `INSERT INTO "User" (id, email, name) VALUES (4, 'd', 'D'), (7, 'g', 'G');
        INSERT INTO "Lead" (name, email) SELECT i, i FROM generate_series(1, 20000) AS i`,
    })
    await up(project)
    const role = await server.createRole()
    await project.database.query(`GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO "${role.name}"`)
    const write = (sql: string) =>
      withClient(role.urlFor(project.database), { settings: { lock_timeout: '1s', search_path: 'public' } }, (client) =>
        client.query(sql),
      )
    const controller = new AbortController()
    const stopped = await rollBack({
      url: project.url,
      signal: controller.signal,
      onProgress: ({ title, rowsDone }) => {
        if (title.includes('ownerId') && rowsDone !== null && rowsDone > 0) controller.abort()
      },
    })
    assert.deepEqual([stopped.status, stopped.undone], ['stopped', []])
    // Rows that were copied already, and one that is yet to be.
    await write(`UPDATE "Lead" SET "ownerId" = 7 WHERE id IN (1, 19999)`)
    await write(`UPDATE "Lead" SET "ownerId" = 7 WHERE id = 2; UPDATE "Lead" SET "ownerId" = 4 WHERE id = 2`)
    // A key that changes is followed, a row that goes is forgotten, and replication writes too.
    await project.database.query(`UPDATE "Lead" SET id = 30001 WHERE id = 19999`)
    await project.database.query(`UPDATE "Lead" SET "ownerId" = 7 WHERE id = 4; DELETE FROM "Lead" WHERE id = 4`)
    await project.database.query(`SET session_replication_role = replica; UPDATE "Lead" SET "ownerId" = 7 WHERE id = 5`)
    // Long enough for a busy machine to log in and set its own, and shorter than one of its statements.
    await project.database.query(`
      CREATE FUNCTION dawdle() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1.2); END $$;
      CREATE EVENT TRIGGER dawdle ON ddl_command_start WHEN TAG IN ('DROP FUNCTION') EXECUTE FUNCTION dawdle();
      ALTER DATABASE "${project.database.name}" SET statement_timeout = '1s'`)
    await rollBack({ url: project.url })
    await project.database.query(`
      DROP EVENT TRIGGER dawdle; ALTER DATABASE "${project.database.name}" RESET statement_timeout`)
    const [kept] = await withClient(project.url, {}, readPreservedValues)
    // What the application wrote is its own, though the migration had filled in the same.
    assert.equal(kept?.count, 4)
    await up(project)
    assert.deepEqual(await project.database.query(`SELECT id FROM "Lead" WHERE "ownerId" = 7 ORDER BY id`), [
      { id: 1 },
      { id: 5 },
      { id: 30001 },
    ])
  })

  it('are settled to one a row: what was captured last, whenever a copy came, and no value where that says none', async () => {
    const { url, query } = await server.createDatabase()
    await withClient(url, {}, async (client) => {
      await client.query('BEGIN')
      await createPreservedTables(client)
      await client.query('COMMIT')
      await client.query(`INSERT INTO prisma_audit_kept.kept_column
          (state, schema_name, table_name, column_name, column_type, key_columns, filled)
        VALUES ('dropped', 'public', 't', 'c', 'text', '{id}', '{given}')`)
      // The copy read an older snapshot than that in which the row was written, and was written down after it.
      await client.query(`INSERT INTO prisma_audit_kept.kept_value (column_id, was_captured, key, value) VALUES
        (1, true, '{1}', 'first'), (1, true, '{1}', 'last'), (1, false, '{1}', 'copied'),
        (1, false, '{2}', 'copied'), (1, true, '{2}', NULL), (1, true, '{3}', 'given'), (1, false, '{4}', 'alone'),
        (2, true, '{1}', 'of another column')`)
      const [preserved] = await columnsBeingPreserved(client)
      assert.ok(preserved !== undefined)
      await settlePreserved(client, preserved)
    })
    assert.deepEqual(await query('SELECT key, value FROM prisma_audit_kept.kept_value ORDER BY column_id, key'), [
      { key: ['1'], value: 'last' },
      { key: ['4'], value: 'alone' },
      { key: ['1'], value: 'of another column' },
    ])
    assert.deepEqual(await query('SELECT state FROM prisma_audit_kept.kept_column'), [{ state: 'kept' }])
  })

  it('are restored by the key of each row, so that a batch of a large table takes no longer than of a small one', async () => {
    const { url } = await server.createDatabase(`
      CREATE TABLE t (id int PRIMARY KEY, c text DEFAULT 'given') WITH (fillfactor = 10);
      INSERT INTO t SELECT generate_series(1, 100000)`)
    const plan = await withClient(url, {}, async (client) => {
      await client.query('BEGIN')
      await createPreservedTables(client)
      await client.query(`INSERT INTO prisma_audit_kept.kept_value (column_id, was_captured, key, value)
        SELECT 1, false, ARRAY[i::text], 'written' FROM generate_series(1, 20000) AS i`)
      await client.query('COMMIT')
      await client.query('ANALYZE')
      const { batch } = restoreValuesStep({
        kept: { id: '1', schema: 'public', table: 't', column: 'c', type: 'text' },
        ...{ values: 20000, key: [{ name: 'id', type: 'integer' }], user: null },
      })
      const { rows } = await client.query<Record<string, string>>(`EXPLAIN ${batch?.next ?? ''}`, [['100'], 200])
      return rows.map((row) => row['QUERY PLAN']).join('\n')
    })
    assert.match(plan, /Update on t/)
    assert.doesNotMatch(plan, /Seq Scan on t\b/)
  })

  it('outlive a rollback and a new run that are killed again and again', async function () {
    this.timeout(600_000)
    const project = await sampleProject({
      sql: `INSERT INTO "User" (id, email, name) VALUES (4, 'd', 'D'), (7, 'g', 'G');
        INSERT INTO "Lead" (name, email) SELECT i, i FROM generate_series(1, 12000) AS i`,
    })
    await up(project)
    await project.database.query(`UPDATE "Lead" SET "ownerId" = 7 WHERE id % 2 = 0; UPDATE "User" SET "updatedBy" = 7`)
    const written = await sampleValues(project)
    for (const kill of ['keep:0', 'keep:4000', 'keep:8000']) {
      assert.equal(await runner.run(project.url, await project.plan(), kill), 'SIGKILL', kill)
    }
    // Each process takes one step back and dies at the beginning of the next.
    let deaths = 0
    while ((await runner.run(project.url, await project.plan(), 'undo:1')) === 'SIGKILL') deaths++
    assert.ok(deaths > 8, `${deaths} deaths`)
    const kept = await withClient(project.url, {}, readPreservedValues)
    assert.equal(
      kept.reduce((sum, { count }) => sum + count, 0),
      6004,
    )

    // While they are put back, and while the rest is filled.
    for (const kill of ['rows:1', 'rows:2', 'rows:6000']) {
      assert.equal(await runner.run(project.url, await project.plan(), kill), 'SIGKILL', kill)
    }
    assert.equal((await up(project)).status, 'completed')
    assert.deepEqual(await sampleValues(project), written)
    await checkVerified(project)
    assert.deepEqual(await withClient(project.url, {}, readPreservedValues), [])
  })
})
