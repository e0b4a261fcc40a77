import assert from 'node:assert/strict'
import { auditFieldEdits } from '../../../server/src/audit-fields/edits/audit-field-edits'
import type { AuditField } from '../../../server/src/audit-fields/kinds'
import { missingAuditFields, requiredAuditFields, requirementsOf } from '../../../server/src/audit-fields/requirements'
import { compare } from '../../../server/src/audit/compare'
import { findApplicationEdits } from '../../../server/src/application/find-application-edits'
import { maintainedColumns } from '../../../server/src/lint/maintained-columns'
import { planEverything } from '../../../server/src/migration/plan/plan-everything'
import { planMigration } from '../../../server/src/migration/plan/plan-migration'
import { verificationChecks } from '../../../server/src/migration/plan/verification-checks'
import { findModel } from '../../../server/src/schema/lookup'
import type { SchemaModel } from '../../../server/src/schema/model'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { database, policy, table } from '../migration/project'

const POLICY = policy({ rules: [{ models: ['Lead'], require: ['updatedAt', 'ownerId'] }] })
const DATABASE = database([table('User'), table('Lead')])
/** What no longer compiles without the fields is mended wherever it stands. */
const CODE = `import type { Lead } from '@prisma/client'
export class LeadRow implements Lead {
  id!: number
  name!: string
}
`

/** What each part of the product does about the audit fields of `Lead`, as it is written below. */
function treatments(model: string): Record<string, AuditField[]> {
  const schema = schemaOf(model)
  const project = { schema, policy: POLICY, database: DATABASE }
  const fieldsIn = (text: string) =>
    (['updatedAt', 'ownerId'] as const).filter((field) => new RegExp(`\\b${field}\\b`).test(text))
  const edited = auditFieldEdits(schema, POLICY, missingAuditFields(schema, POLICY)).map(({ newText }) => newText)
  const there = (findModel(schema, 'Lead')?.model.fields ?? []).map(({ name }) => name.text)
  const application = findApplicationEdits({
    files: [{ path: 'a.ts', text: CODE }],
    schema,
    policy: POLICY,
    additions: requiredAuditFields(schema, POLICY),
  })
  const steps = (plan: { readonly steps: readonly { readonly kind: string; readonly object: string | null }[] }) =>
    fieldsIn(plan.steps.flatMap(({ kind, object }) => (kind === 'add-column' ? (object ?? '') : '')).join(' '))
  const plan = planMigration(project)
  return {
    requirements: requirementsOf(schema, POLICY).flatMap(({ required }) => [...required]),
    findings: fieldsIn(
      compare(project)
        .flatMap(({ field }) => field ?? '')
        .join(' '),
    ),
    steps: steps(plan),
    'steps with --drift': steps(planEverything(project)),
    'the edits of a run': plan.additions.map(({ field }) => field),
    // What the quick fixes write; a field that stands there needs no edit.
    'quick fixes': fieldsIn(
      [...edited, ...there.filter((name) => plan.additions.some((one) => one.field === name))].join(' '),
    ),
    verification: fieldsIn(
      verificationChecks(project)
        .map(({ title }) => title)
        .join(' '),
    ),
    'application edits': fieldsIn(application.edits.map(({ newText }) => newText).join(' ')),
  }
}

function schemaOf(model: string): SchemaModel {
  return parseSchema([{ path: 'schema.prisma', text: `model User {\n  id Int @id\n  leads Lead[]\n}\n${model}` }])
}

/** With the line breaks of both kinds of system. */
function check(model: string, expected: readonly AuditField[]): void {
  for (const text of [model, model.replace(/(?<!\r)\n/g, '\r\n')]) checkText(text, expected)
}

function checkText(model: string, expected: readonly AuditField[]): void {
  const found = treatments(model)
  for (const [part, fields] of Object.entries(found)) assert.deepEqual(fields, expected, `${part} of ${model}`)
  const kept = maintainedColumns(schemaOf(model), POLICY)
  assert.equal(kept.length > 0, expected.includes('updatedAt'), `lint of ${model}`)
}

const lead = (fields = '', above = '') => `${above}model Lead {\n  id Int @id\n  name String\n${fields}}\n`
const STAMP = '  updatedAt DateTime @updatedAt\n'
const OWNER = '  ownerId Int?\n  owner User? @relation(fields: [ownerId], references: [id])\n'

describe('@audit-ignore means the same to findings, plan, schema edits, quick fixes, verification, lint and application', () => {
  it('where there is none', () => {
    check(lead(), ['updatedAt', 'ownerId'])
    check(lead(STAMP), ['updatedAt', 'ownerId'])
    check(lead('', '/// @audit-ignored updatedAt: no such word\n'), ['updatedAt', 'ownerId'])
    check(lead('', '/// @audit-ignore index-unmapped, column-default: of other things\n'), ['updatedAt', 'ownerId'])
  })

  for (const above of [
    '/// @audit-ignore',
    '/// @audit-ignore: imported from elsewhere',
    '/// What it is.\n/// @audit-ignore',
    '/// @audit-ignore missing-updated-at, ownerId',
  ]) {
    it(`above a model, all of it: ${above}`, () => {
      check(lead('', `${above}\n`), [])
      check(lead(STAMP, `${above}\n`), [])
    })
  }

  for (const comment of [
    '/// @audit-ignore updatedAt: why',
    '/// @audit-ignore updatedAt',
    '/// @audit-ignore missing-updated-at',
    '/// @audit-ignore missing-updated-at: why',
    '/// @audit-ignore index-unmapped, updatedAt: why',
    '/// @audit-ignore index-unmapped ,missing-updated-at',
    '///@audit-ignore   updatedAt:why',
  ]) {
    it(`above a model or a field, one field: ${comment}`, () => {
      check(lead('', `${comment}\n`), ['ownerId'])
      check(lead(STAMP, `${comment}\n`), ['ownerId'])
      check(lead(`  ${comment}\n${STAMP}`), ['ownerId'])
      check(lead(`  ${comment}\n  changed DateTime @updatedAt\n`), ['ownerId'])
    })
  }

  it('above a field, all of that field; and above its relation as above its column', () => {
    check(lead(`  /// @audit-ignore\n${STAMP}`), ['ownerId'])
    check(lead(`  /// @audit-ignore: why\n${OWNER}`), ['updatedAt'])
    check(
      lead(
        `  ownerId Int?\n  /// @audit-ignore missing-owner-id\n  owner User? @relation(fields: [ownerId], references: [id])\n`,
      ),
      ['updatedAt'],
    )
  })

  for (const [comment, expected] of [
    ['/// @audit-ignore\tupdatedAt\t:\twhy', ['ownerId']],
    ['/// @audit-ignore updatedAt:', ['ownerId']],
    ['/// @audit-ignore updatedAt,', ['ownerId']],
    ['/// @audit-ignore updatedAt, missing-updated-at, updatedBy: twice, and one that nobody requires', ['ownerId']],
    ['/// @audit-ignore updatedAt - a reason without its colon', ['ownerId']],
    ['/// @audit-ignore missing-owner-id:why:with:colons', ['updatedAt']],
    ['/// @audit-ignore updatedAt: one\n/// @audit-ignore ownerId: another', []],
    ['/// @audit-ignore: updatedAt', []],
    ['/// @audit-ignore *', []],
    ['/// @audit-ignore updatedAt\r', ['ownerId']],
    ['/// @Audit-Ignore updatedAt', ['updatedAt', 'ownerId']],
    ['/// @audit-ignore updatedat', ['updatedAt', 'ownerId']],
    ['/// See @audit-ignore updatedAt', ['updatedAt', 'ownerId']],
    ['// @audit-ignore updatedAt', ['updatedAt', 'ownerId']],
    ['/// @audit-ignore missing-updatedAt, ownerId', ['updatedAt']],
    ['/// @audit-ignore missing_updated_at', ['updatedAt', 'ownerId']],
    ['/// @audit-ignore: updatedAt\n/// @audit-ignore ownerId', []],
    ['/// @audit-ignore updatedAt,\n/// ownerId: the list does not go on in the next line', ['ownerId']],
    ['/// @audit-ignore updatedAt:\n/// the reason goes on in the next line', ['ownerId']],
    ['/// @audit-ignore updatedAt ownerId', ['ownerId']],
    ['/// @audit-ignore updatedAt; ownerId', ['ownerId']],
    ['/// @audit-ignore updatedAt/ownerId', ['ownerId']],
    ['/// @audit-ignore (updatedAt)', ['ownerId']],
    ['/// @audit-ignore "updatedAt", "missing-owner-id": why', []],
    ['/// @audit-ignore [updatedAt]: why', ['ownerId']],
    ['/// @audit-ignore `ownerId`', ['updatedAt']],
    ['/// @audit-ignore.', []],
    ['/// - @audit-ignore updatedAt', ['updatedAt', 'ownerId']],
    ['/// `@audit-ignore updatedAt`', ['updatedAt', 'ownerId']],
    ['//// @audit-ignore updatedAt', ['updatedAt', 'ownerId']],
    ['/// @audit-ignore updatedAt // by hand', ['ownerId']],
    ['/// @audit-ignore\u00a0updatedAt', ['ownerId']],
    ['/// What it is.\n/// @audit-ignore updatedAt: why\n/// Who reads it.', ['ownerId']],
    ['// A plain comment.\n/// @audit-ignore updatedAt\n// Another one.', ['ownerId']],
    // As in Prisma's own documentation of a model: a blank line ends it, and a block comment belongs to it.
    ['/// @audit-ignore updatedAt\n', ['updatedAt', 'ownerId']],
    ['/// @audit-ignore updatedAt\n\n/// What it is.', ['updatedAt', 'ownerId']],
    ['/* @audit-ignore updatedAt */', ['ownerId']],
    ['/*\n * What it is.\n * @audit-ignore updatedAt: why\n */', ['ownerId']],
  ] as const) {
    it(`as people write it above a model: ${JSON.stringify(comment)}`, () => {
      check(lead('', `${comment}\n`), expected)
      check(lead(STAMP, `${comment}\n`), expected)
    })
  }

  it('at the end of the line of its field', () => {
    check(lead('  updatedAt DateTime @updatedAt /// @audit-ignore: why\n'), ['ownerId'])
  })

  it('behind the opening brace of its model and after its closing one, nothing', () => {
    check(lead().replace('model Lead {', 'model Lead { /// @audit-ignore updatedAt'), ['updatedAt', 'ownerId'])
    check(`${lead()}/// @audit-ignore updatedAt\n`, ['updatedAt', 'ownerId'])
  })

  it('in a model that Prisma Client ignores', () => {
    check(lead('  @@ignore\n'), ['updatedAt', 'ownerId'])
    check(lead('  @@ignore\n', '/// @audit-ignore updatedAt\n'), ['ownerId'])
    check(lead('  @@ignore\n', '/// @audit-ignore\n'), [])
  })

  it('above a view, a composite type or an enum, nothing; and none of them needs audit fields', () => {
    for (const block of ['view Totals {\n  id Int @unique\n}', 'type Totals {\n  id Int\n}', 'enum Totals {\n  A\n}']) {
      check(`/// @audit-ignore\n${block}\n${lead()}`, ['updatedAt', 'ownerId'])
      check(`${block}\n/// @audit-ignore updatedAt\n${lead()}`, ['ownerId'])
    }
    for (const comment of ['', '/// @audit-ignore updatedAt\n']) {
      check(`${comment}view Lead {\n  id Int @unique\n  name String\n}\n`, [])
      check(`${comment}type Lead {\n  name String\n}\n`, [])
    }
  })

  it('above another field, nothing', () => {
    const comment = '  /// @audit-ignore updatedAt: why\n  title String?\n'
    assert.deepEqual(treatments(lead(comment)).requirements, ['updatedAt', 'ownerId'])
    assert.deepEqual(treatments(lead(comment)).steps, ['updatedAt', 'ownerId'])
  })

  it('and says why', () => {
    const schema = parseSchema([
      { path: 'schema.prisma', text: lead('', '/// @audit-ignore missing-updated-at: the archive never changes \n') },
    ])
    const [found] = requirementsOf(schema, POLICY)
    assert.deepEqual(found?.ignored, [{ field: 'updatedAt', why: 'the archive never changes' }])
  })
})
