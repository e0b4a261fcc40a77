import assert from 'node:assert/strict'
import { auditFieldEdits } from '../../../server/src/audit-fields/edits/audit-field-edits'
import { auditFieldRemovals } from '../../../server/src/audit-fields/edits/audit-field-removals'
import { missingAuditFields } from '../../../server/src/audit-fields/requirements'
import { compare } from '../../../server/src/audit/compare'
import { applyEdits } from '../../../server/src/schema/edits/apply-edits'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { column, database, LEAD, plan, policy, table, USER } from '../migration/project'

const RULES = [{ models: ['Lead'], require: ['createdAt', 'createdBy'] }]
const schemaOf = (text: string) => parseSchema([{ path: 'schema.prisma', text }])

describe('createdAt and createdBy', () => {
  it('are found missing, with what the column should be', () => {
    const findings = (fields: object) =>
      compare({
        schema: schemaOf(USER + LEAD),
        policy: policy({ rules: RULES, fields }),
        database: database([table('User'), table('Lead')]),
      }).map(({ code, field, expected, missingIn }) => [code, field, expected, missingIn])
    assert.deepEqual(findings({}), [
      ['missing-created-at', 'createdAt', 'timestamp(3)', 'both'],
      ['missing-created-by', 'createdBy', 'integer', 'both'],
    ])
    assert.equal(findings({ createdAt: { required: true } })[0]?.[2], 'timestamp(3) not null')
  })

  it('are not asked for where no policy asks', () => {
    const quiet = compare({ schema: schemaOf(USER + LEAD), policy: null, database: null })
    assert.deepEqual(
      quiet.filter(({ message }) => message.includes('created')),
      [],
    )
    assert.deepEqual(plan({ policy: { rules: [{ models: ['Lead'], require: ['updatedAt'] }] } }).additions.length, 1)
  })

  it('are written into the schema, and taken out again, to the byte', () => {
    const before = USER + LEAD
    const wanted = missingAuditFields(schemaOf(before), policy({ rules: RULES }))
    const after = applyEdits(before, auditFieldEdits(schemaOf(before), policy({ rules: RULES }), wanted))
    assert.equal(
      after,
      `model User {
  id Int @id

  createdLeads Lead[] @relation("LeadCreatedBy")
}
model Lead {
  id Int @id

  createdAt   DateTime? @default(now())
  createdById Int?      @map("createdBy")
  createdBy   User?     @relation("LeadCreatedBy", fields: [createdById], references: [id])

  @@index([createdAt])
  @@index([createdById])
}
`,
    )
    const removals = auditFieldRemovals(schemaOf(after), policy({ rules: RULES }), wanted)
    assert.equal(applyEdits(after, removals), before)
  })

  it('are planned without a made-up date: a column, then a default for new rows', () => {
    const made = plan({ policy: { rules: RULES } })
    assert.deepEqual(made.refusals, [])
    assert.deepEqual(made.steps[0]?.up, [
      'ALTER TABLE "public"."Lead" ADD COLUMN IF NOT EXISTS "createdAt" timestamp(3)',
      `ALTER TABLE "public"."Lead" ALTER COLUMN "createdAt" SET DEFAULT (pg_catalog.now() AT TIME ZONE 'UTC')`,
    ])
    assert.deepEqual(made.steps.at(-1)?.up, [
      'ALTER TABLE "public"."Lead" ALTER COLUMN "createdAt" SET DEFAULT CURRENT_TIMESTAMP',
    ])
    assert.deepEqual(
      made.steps.map(({ id }) => id),
      [
        'add-column:public.Lead.createdAt',
        'add-column:public.Lead.createdBy',
        'add-foreign-key:public.Lead.Lead_createdBy_fkey',
        'validate-constraint:public.Lead.Lead_createdBy_fkey',
        'create-index:public.Lead_createdAt_idx',
        'create-index:public.Lead_createdBy_idx',
        'drop-default:public.Lead.createdAt',
      ],
    )
  })

  it('are required only where the rows can be filled, or there are none', () => {
    const ids = (fields: object, schema = USER + LEAD) =>
      plan({ schema, policy: { rules: [{ models: ['Lead'], require: ['createdAt'] }], fields } }).steps.map(
        ({ id }) => id,
      )
    const required = `${USER}model Lead {\n  id Int @id\n  createdAt DateTime @default(now())\n}\n`
    for (const steps of [ids({ createdAt: { required: true } }), ids({}, required)]) {
      assert.equal(steps[0], 'precondition:public.Lead.createdAt:table-is-empty')
      assert.ok(steps.some((id) => id.startsWith('set-not-null:')))
    }
    const filled = ids({ createdAt: { required: true, populate: { sql: 'now()' } } })
    assert.deepEqual(
      ['precondition', 'populate', 'set-not-null'].map((kind) => filled.some((id) => id.startsWith(`${kind}:`))),
      [false, true, true],
    )
  })

  it('give a column that is there its default', () => {
    const lead = table('Lead', { columns: [column('createdAt', 'timestamp(3) without time zone', true)] })
    const rules = [{ models: ['Lead'], require: ['createdAt'] }]
    const made = plan({ policy: { rules, fields: { createdAt: { index: false } } }, tables: [table('User'), lead] })
    assert.deepEqual(
      made.steps.map(({ id }) => id),
      ['set-default:public.Lead.createdAt'],
    )
  })
})
