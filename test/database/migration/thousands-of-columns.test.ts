import assert from 'node:assert/strict'
import diagnosticsChannel from 'node:diagnostics_channel'
import { withClient } from '../../../server/src/database/connect'
import type { TimedQuery } from '../../../server/src/database/timed-queries'
import { createPreservedTables } from '../../../server/src/migration/run/preserved/preserved-tables'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { usePostgres } from '../../support/postgres'
import { createProject } from './support/project'

const MODELS = ['Lead', 'Deal', 'Note', 'Task', 'Call']
const SCHEMA = ['User', ...MODELS]
  .map((name) => `model ${name} {\n  id Int @id @default(autoincrement())\n}`)
  .join('\n')

describe('a rollback of thousands of columns', () => {
  const server = usePostgres()

  it('looks at the database with as many queries as one of a few, analyzes once, and others may be preserved already', async () => {
    const project = await createProject(server, {
      schema: `datasource db {\n  provider = "postgresql"\n}\n${SCHEMA}`,
      ddl: ['User', ...MODELS].map((name) => `CREATE TABLE "${name}" (id serial PRIMARY KEY)`).join(';'),
      policy: { rules: [{ models: MODELS, require: ['updatedAt', 'ownerId'] }] },
    })
    const { url, database } = project
    await runPlan({ url, plan: await project.plan() })
    await withClient(url, {}, async (client) => {
      await client.query('BEGIN')
      await createPreservedTables(client)
      // Earlier rollbacks of 5,001 models left more than 10,000, of which each may still be restored.
      await client.query(`INSERT INTO prisma_audit_kept.kept_column
          (state, schema_name, table_name, column_name, column_type, key_columns, filled, is_copied, kept_at)
        SELECT 'kept', 'public', 'Model' || i, 'ownerId', 'integer', '{id}', '{}', true, now() FROM generate_series(1, 10001) AS i`)
      await client.query('COMMIT')
    })
    await database.query(`INSERT INTO "User" DEFAULT VALUES; INSERT INTO "Lead" ("ownerId") VALUES (1)`)
    const asked: string[] = []
    const listen = (message: unknown) => asked.push((message as TimedQuery).sql)
    diagnosticsChannel.subscribe('prisma-audit:query', listen)
    try {
      await rollBack({ url })
    } finally {
      diagnosticsChannel.unsubscribe('prisma-audit:query', listen)
    }
    assert.equal(asked.filter((sql) => sql.startsWith('ANALYZE prisma_audit_kept')).length, 1)
    const look = asked.slice(
      0,
      asked.findIndex((sql) => sql.startsWith('CREATE FUNCTION prisma_audit_kept')),
    )
    const times = look.map((sql) => look.filter((other) => other === sql).length)
    assert.ok(look.length > 20, String(look.length))
    // Once for each column is too often; whether the tables of the journal can be trusted is asked again and again.
    assert.ok(Math.max(...times) < 2 * MODELS.length, look[times.indexOf(Math.max(...times))])
    assert.deepEqual(
      await database.query(
        `SELECT state, table_name FROM prisma_audit_kept.kept_column WHERE table_name = 'Lead' AND column_name = 'ownerId'`,
      ),
      [{ state: 'kept', table_name: 'Lead' }],
    )
    await database.drop()
  })
})
