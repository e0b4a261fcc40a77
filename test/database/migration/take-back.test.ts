import { untranslated } from '../../../server/src/text/phrase'
import assert from 'node:assert/strict'
import pg from 'pg'
import { withClient } from '../../../server/src/database/connect'
import { AuditError } from '../../../server/src/errors'
import type { JournalStep } from '../../../server/src/migration/run/journal/journal'
import { dropUnprovenConstraint } from '../../../server/src/migration/run/steps/drop-unproven-constraint'
import { usePostgres } from '../../support/postgres'
import { createProject } from './support/project'

const SCHEMA =
  'datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id\n}\nmodel Lead {\n  id Int @id\n}\nmodel Task {\n  id Int @id\n}\n'

describe('a constraint that rows refute', () => {
  const server = usePostgres()

  it('stays where somebody has the table locked, and that is told; nobody waits for it behind us', async () => {
    const project = await createProject(server, {
      schema: SCHEMA,
      policy: {
        rules: [{ models: ['Lead', 'Task'], require: ['ownerId'] }],
        fields: { ownerId: { required: true, onDelete: 'Restrict' } },
      },
    })
    const steps = (await project.plan()).steps.map((step, index): JournalStep => ({
      ...{ position: index + 1, state: 'done', step, batches: 0, rowsDone: 0, cursor: null, filled: [] },
    }))
    const stepOf = (id: RegExp) => {
      const found = steps.find(({ step }) => id.test(step.id))
      assert.ok(found !== undefined, String(id))
      return found
    }
    const refuted = (code: string) =>
      new AuditError(
        'step-failed',
        { what: untranslated`what`, why: '', nextStep: '' },
        { cause: Object.assign(new Error(code), { code }) },
      )
    const reader = new pg.Client({ connectionString: project.url })
    await reader.connect()
    try {
      await project.database.query(`ALTER TABLE "Lead" ADD COLUMN "ownerId" integer;
        ALTER TABLE "Lead" ADD CONSTRAINT "Lead_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User" NOT VALID;
        ALTER TABLE "Lead" ADD CONSTRAINT "Lead_ownerId_required" CHECK ("ownerId" IS NOT NULL) NOT VALID`)
      await reader.query('BEGIN; SELECT count(*) FROM "Lead"')
      const takeBack = (error: unknown, failed: JournalStep, among: readonly JournalStep[] = steps) =>
        withClient(project.url, {}, (client) =>
          dropUnprovenConstraint(client, {
            ...{ runId: '1', steps: among, failed, error, lockTimeout: 50 },
            retry: { attempts: 2, signal: undefined },
          }),
        )
      for (const [id, code, constraint] of [
        [/^validate-constraint:public.Lead/, '23503', 'Lead_ownerId_fkey'],
        [/^populate-latecomers:public.Lead/, 'P0001', 'Lead_ownerId_required'],
        [/^validate-not-null-check:public.Lead/, '23514', 'Lead_ownerId_required'],
      ] as const) {
        const told = await takeBack(refuted(code), stepOf(id))
        assert.ok(told instanceof AuditError)
        const said = `The constraint "${constraint}" still rejects writes, because it could not be dropped: Could not acquire the lock within`
        assert.ok(told.nextStep.includes(said), told.nextStep)
      }
      // What failed for another reason, or proves no constraint, leaves it; and so does what others had made.
      for (const [error, entry, among] of [
        [refuted('42P01'), stepOf(/^validate-constraint:public.Lead/), steps],
        [new Error('no answer'), stepOf(/^validate-constraint:public.Lead/), steps],
        [refuted('57014'), stepOf(/^validate-constraint:public.Lead/), steps],
        [refuted('23503'), stepOf(/^populate:public.Lead/), steps],
        [refuted('23514'), stepOf(/^set-not-null:public.Lead/), steps],
        [
          refuted('23503'),
          stepOf(/^validate-constraint:public.Lead/),
          steps.map((step) => ({ ...step, state: 'already there' })),
        ],
        [
          refuted('23503'),
          stepOf(/^validate-constraint:public.Lead/),
          steps.map((step) => ({ ...step, state: 'undone' })),
        ],
      ] as const) {
        assert.equal(await takeBack(error, entry, among as readonly JournalStep[]), error)
      }
    } finally {
      await reader.end()
    }
  })
})
