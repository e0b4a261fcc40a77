import { said } from '../../support/said'
import assert from 'node:assert/strict'
import pg from 'pg'
import { askTheRows } from '../../../server/src/commands/ask-rows'
import type { Interaction } from '../../../server/src/commands/interaction'
import { withClient } from '../../../server/src/database/connect'
import { readServerIdentity } from '../../../server/src/database/server-identity'
import { refusalLines } from '../../../server/src/migration/render/refusal-lines'
import { estimatedTime, NO_ESTIMATE } from '../../../server/src/migration/render/costs'
import { usePostgres } from '../../support/postgres'
import { createProject } from './support/project'
import { waitUntil } from './support/wait-until'
import { inEnglish } from '../../../server/src/text/translate'

describe('what a plan asks the rows', () => {
  const server = usePostgres()

  it('is an error where the connection is lost meanwhile, and left to the run where the server gives no answer', async () => {
    const project = await createProject(server, {
      schema: `datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id\n}\nmodel Lead {\n  id Int @id\n}\n`,
      policy: { rules: [{ models: ['Lead'], require: ['ownerId'] }] },
      sql: 'ALTER TABLE "Lead" ADD COLUMN "ownerId" integer; INSERT INTO "Lead" VALUES (1, 7)',
    })
    const { url } = project
    const plan = await project.plan()
    const target = await targetOf(url)
    const ask = () => askTheRows(target, INTERACTION, plan)
    const refused = await ask()
    assert.deepEqual(
      refused.refusals.map(({ code }) => code),
      ['values-unfit'],
    )
    assert.deepEqual(refusalLines(refused.refusals).map(said), [
      'Lead (1 row): orphaned rows: their ownerId does not exist in User. Fix or delete those rows, or set the column to NULL in them. ' +
        'If the column means something else, set "relation": false for ownerId in the policy.',
    ])
    const waits = `pid <> pg_backend_pid() AND datname = current_database() AND query LIKE '%FROM "public"."Lead"%' AND wait_event_type = 'Lock'`
    for (const end of ['terminate', 'cancel']) {
      const holder = new pg.Client({ connectionString: url })
      await holder.connect()
      await holder.query('BEGIN; LOCK TABLE "Lead" IN ACCESS EXCLUSIVE MODE')
      const asked = ask()
      const outcome = asked.then(
        ({ refusals }) => refusals,
        (error: unknown) => error,
      )
      await waitUntil(url, `EXISTS (SELECT FROM pg_stat_activity WHERE ${waits})`)
      await holder.query(`SELECT pg_${end}_backend(pid) FROM pg_stat_activity WHERE ${waits}; COMMIT`)
      await holder.end()
      const found = await outcome
      if (end === 'cancel') assert.deepEqual(found, [])
      else assert.equal((found as { readonly code?: string }).code, 'connection-lost')
    }
  })

  it('refuses what a run would: rows that need a user where there is none, many tables in one line', async () => {
    const models = ['Lead', 'Task', 'Note', 'Call', 'Deal', 'Mail', 'Visit']
    const project = await createProject(server, {
      schema:
        `datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id\n}\n` +
        models.map((model) => `model ${model} {\n  id Int @id\n}\n`).join(''),
      policy: { rules: [{ models, require: ['ownerId'] }] },
      sql: models.map((model) => `INSERT INTO "${model}" VALUES (1)`).join(';'),
    })
    const { refusals } = await askTheRows(await targetOf(project.url), INTERACTION, await project.plan())
    assert.deepEqual(
      new Set(refusals.map(({ code, blocking }) => `${code} ${String(blocking)}`)),
      new Set(['value-required true']),
    )
    assert.deepEqual(refusalLines(refusals).map(said), [
      'Lead, Task, Note, Call, Deal and 2 more: rows need a user, but User is empty. Add a user first, or set "populate": "none" ' +
        'for ownerId in the policy.',
    ])
    await project.database.query('INSERT INTO "User" VALUES (1)')
    const now = await askTheRows(await targetOf(project.url), INTERACTION, await project.plan())
    assert.deepEqual(now.refusals, [])
  })

  it('how long a step takes on a table that was never analyzed, from the rows that it counts', async () => {
    const project = await createProject(server, {
      schema: `datasource db {\n  provider = "postgresql"\n}\nmodel Lead {\n  id Int @id\n}\n`,
      policy: { rules: [{ models: ['Lead'], require: ['updatedAt'] }] },
      sql: 'INSERT INTO "Lead" SELECT generate_series(1, 400)',
    })
    const plan = await project.plan()
    const index = ({ steps }: typeof plan) => steps.find(({ kind }) => kind === 'create-index')?.estimate ?? NO_ESTIMATE
    assert.match(said(estimatedTime(index(plan))), /^unknown/)
    const asked = await askTheRows(await targetOf(project.url), INTERACTION, plan)
    assert.equal(said(estimatedTime(index(asked))), 'under a second: 400 rows at 800,000 rows/s')
    assert.match(said(asked.warnings[0]?.text), /Lead \(400 rows\)/)
  })
})

async function targetOf(url: string) {
  return {
    url,
    server: await withClient(url, {}, readServerIdentity),
    plans: 'audit fields',
    label: 'x',
    schemas: ['public'],
    defaultSchema: 'public',
    standing: { environment: 'local', readOnly: null },
  } as const
}

const INTERACTION: Interaction = {
  t: inEnglish,
  signal: new AbortController().signal,
  isAttended: false,
  progress: () => undefined,
  output: () => undefined,
  confirm: () => Promise.resolve(null),
  preview: () => undefined,
  review: () => Promise.resolve(true),
  applyEdits: () => Promise.resolve(),
  unsavedTexts: () => Promise.resolve(new Map()),
  offerEdits: () => Promise.resolve(false),
}
