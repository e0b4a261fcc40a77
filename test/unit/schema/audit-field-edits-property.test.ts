import { getDMMF } from '@prisma/internals'
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { AuditField } from '../../../server/src/audit/policy'
import { auditFieldEdits } from '../../../server/src/schema/edits/audit-field-edits'
import { auditFieldRemovals } from '../../../server/src/schema/edits/audit-field-removals'
import { auditFieldsOf, namedAuditField, type ModelAuditField } from '../../../server/src/schema/edits/audit-fields'
import { findModel, modelsOf } from '../../../server/src/schema/lookup'
import { generatedSchema } from './generated-schema'
import { applyToFiles, FILE, formatted, policyWith, schemaOf, type PolicyChanges } from './support'

const AUDIT_FIELDS: readonly AuditField[] = ['updatedAt', 'updatedBy', 'ownerId']

describe('audit fields written into generated schemas', function () {
  this.timeout(240_000)

  it('leave a valid schema that the formatter does not change, and go without a trace', async () => {
    await fc.assert(
      fc.asyncProperty(
        generatedSchema(),
        policies(),
        fc.infiniteStream(fc.nat(1)),
        async ({ text }, changes, coins) => {
          const usesCarriageReturns = text.includes('\r\n')
          const tidy = await formatted(text)
          const before = usesCarriageReturns ? tidy.replaceAll('\n', '\r\n') : tidy
          const schema = schemaOf(before)
          const policy = policyWith(changes)
          const wanted = allMissing(before, changes).filter(() => coins.next().value === 1)
          const edits = auditFieldEdits(schema, policy, wanted)
          const after = apply(before, edits)
          await getDMMF({ datamodel: after })
          assert.equal(after.replaceAll('\r\n', '\n'), await formatted(after))
          assert.equal(/(?<!\r)\n/.test(after), !usesCarriageReturns)
          for (const { model, field } of wanted) assert.notEqual(auditFieldOf(after, changes, { model, field }), null)
          assert.equal(apply(after, auditFieldRemovals(schemaOf(after), policy, wanted)), before)
        },
      ),
      { numRuns: 100 },
    )
  })

  it('one after the other too, into schemas that were never formatted', async () => {
    await fc.assert(
      fc.asyncProperty(generatedSchema(), policies(), async ({ text }, changes) => {
        const policy = policyWith(changes)
        let after = text
        for (const wanted of allMissing(text, changes)) {
          after = apply(after, auditFieldEdits(schemaOf(after), policy, [wanted]))
        }
        await getDMMF({ datamodel: after })
        assert.deepEqual(allMissing(after, changes), [])
        for (const { model } of modelsOf(schemaOf(after))) {
          const fields = model.fields.map((field) => field.name.text)
          assert.deepEqual(fields, [...new Set(fields)])
        }
      }),
      { numRuns: 50 },
    )
  })
})

function policies(): fc.Arbitrary<PolicyChanges> {
  const reference = {
    index: fc.boolean(),
    relation: fc.boolean(),
    onDelete: fc.constantFrom('SetNull', 'Restrict', 'Cascade', 'NoAction', 'SetDefault'),
  } as const
  return fc.record({
    updatedAt: fc.record({ column: fc.constantFrom('updatedAt', 'updated_at'), index: fc.boolean() }),
    updatedBy: fc.record({ column: fc.constantFrom('updatedBy', 'updatedById', 'updated by'), ...reference }),
    ownerId: fc.record({ column: fc.constantFrom('ownerId', 'owner_id'), required: fc.boolean(), ...reference }),
  })
}

function allMissing(text: string, changes: PolicyChanges): ModelAuditField[] {
  return modelsOf(schemaOf(text)).flatMap(({ model }) =>
    AUDIT_FIELDS.map((field) => ({ model: model.name.text, field })).filter(
      (wanted) => auditFieldOf(text, changes, wanted) === null,
    ),
  )
}

function auditFieldOf(text: string, changes: PolicyChanges, { model, field }: ModelAuditField) {
  const schema = schemaOf(text)
  const found = findModel(schema, model)
  if (found === null) return null
  const present = auditFieldsOf(schema, policyWith(changes), found.model)[field]
  assert.deepEqual(present, namedAuditField(policyWith(changes), found.model, field))
  return present
}

function apply(text: string, edits: Parameters<typeof applyToFiles>[1]): string {
  return applyToFiles([{ path: FILE, text }], edits)[0]!.text
}
