import { getDMMF } from '@prisma/internals'
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { AuditField } from '../../../server/src/audit-fields/kinds'
import { auditFieldEdits, missingSchemaParts } from '../../../server/src/audit-fields/edits/audit-field-edits'
import { auditFieldRemovals } from '../../../server/src/audit-fields/edits/audit-field-removals'
import { auditFieldsOf, namedAuditField, type ModelAuditField } from '../../../server/src/audit-fields/present-fields'
import { findModel, modelsOf } from '../../../server/src/schema/lookup'
import { generatedSchema } from './generated-schema'
import { applyToFiles, FILE, formatted, policyWith, schemaOf, type PolicyChanges } from './support'

const AUDIT_FIELDS: readonly AuditField[] = ['updatedAt', 'updatedBy', 'ownerId']

describe('audit fields written into generated schemas', function () {
  this.timeout(600_000)

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

  it('go byte for byte from schemas that were never formatted and had some of them, or parts of them, before', () => {
    fc.assert(
      fc.property(
        generatedSchema(),
        policies(),
        fc.infiniteStream(fc.nat(2)),
        fc.infiniteStream(fc.constantFrom('', '  ', '\t', '\n', '\n\n', ' // a comment', '\n  // a comment')),
        ({ text }, changes, coins, noise) => {
          const policy = policyWith(changes)
          const coin = () => Number(coins.next().value)
          const untidy = text.replace(/(?<=[^{}\s])(?=\r?\n)/g, (line) => (coin() === 0 ? noiseAt(text, noise) : line))
          const some = allMissing(untidy, changes).filter(() => coin() === 0)
          const partly = apply(untidy, auditFieldEdits(schemaOf(untidy), policyWith(withoutIndexes(changes)), some))
          const before = coin() === 0 ? partly.replace(/(\r?\n)+$/, '') : partly
          const schema = schemaOf(before)
          const wanted = modelsOf(schema)
            .flatMap(({ model }) => AUDIT_FIELDS.map((field) => ({ model: model.name.text, field })))
            .filter(() => coin() > 0)
          const removals = wanted.map((one) => ({ ...one, parts: missingSchemaParts(schema, policy, one) }))
          const after = apply(before, auditFieldEdits(schema, policy, wanted))
          assert.equal(apply(after, auditFieldRemovals(schemaOf(after), policy, removals)), before)
        },
      ),
      { numRuns: 150 },
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

/** Blanks, blank lines or a comment behind what stands on a line. */
function noiseAt(text: string, noise: Iterator<string>): string {
  const drawn = String(noise.next().value)
  return text.includes('\r\n') ? drawn.replaceAll('\n', '\r\n') : drawn
}

/** So that what is written first lacks its indexes and relations. */
function withoutIndexes(changes: PolicyChanges): PolicyChanges {
  return {
    updatedAt: { ...changes.updatedAt, index: false },
    updatedBy: { ...changes.updatedBy, index: false, relation: false },
    ownerId: { ...changes.ownerId, index: false, relation: false },
  }
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
  const present = auditFieldsOf(policyWith(changes), found.model)[field]
  assert.deepEqual(present, namedAuditField(policyWith(changes), found.model, field))
  return present
}

function apply(text: string, edits: Parameters<typeof applyToFiles>[1]): string {
  return applyToFiles([{ path: FILE, text }], edits)[0]!.text
}
