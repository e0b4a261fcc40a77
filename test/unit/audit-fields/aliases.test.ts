import { said } from '../../support/said'
import assert from 'node:assert/strict'
import { aliasEdits } from '../../../server/src/audit-fields/alias-edit'
import { AUDIT_FIELDS, type AuditField } from '../../../server/src/audit-fields/kinds'
import { likelyAlias, userFacts } from '../../../server/src/audit-fields/likely-alias'
import { parsePolicy } from '../../../server/src/audit-fields/parse-policy'
import { presentField } from '../../../server/src/audit-fields/present-fields'
import { compare } from '../../../server/src/audit/compare'
import { createComparisonCache } from '../../../server/src/audit/comparison-cache'
import { verificationChecks } from '../../../server/src/migration/plan/verification-checks'
import { planMigration } from '../../../server/src/migration/plan/plan-migration'
import { applyEdits } from '../../../server/src/schema/edits/apply-edits'
import { findModel } from '../../../server/src/schema/lookup'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { column, database, policy, table } from '../migration/project'

const POLICY = { rules: [{ models: ['Lead'], require: [...AUDIT_FIELDS] }] }
const schemaOf = (fields: string, others = '') =>
  parseSchema([
    { path: 'schema.prisma', text: `model User {\n  id Int @id\n}\nmodel Lead {\n  id Int @id\n${fields}}\n${others}` },
  ])

describe('a field under another common name', () => {
  function check(fields: string, expected: Partial<Record<AuditField, string>>, others = '', more: object = {}): void {
    const schema = schemaOf(fields, others)
    const known = policy({ ...POLICY, ...more })
    const { model } = findModel(schema, 'Lead')!
    const users = userFacts(known, (name) => findModel(schema, name)?.model ?? null)
    const found = AUDIT_FIELDS.flatMap((field) => {
      const alias = presentField(known, model, field) === null ? likelyAlias(known, model, field, users) : null
      return alias === null ? [] : [[field, alias.name.text]]
    })
    assert.deepEqual(Object.fromEntries(found), expected)
  }

  it('is offered for every kind, by its own name or its column', () => {
    check('  created_at DateTime\n', { createdAt: 'created_at' })
    check('  insertedAt DateTime @default(now())\n  modifiedAt DateTime\n', {
      createdAt: 'insertedAt',
      updatedAt: 'modifiedAt',
    })
    check('  since DateTime @map("inserted_at")\n', { createdAt: 'since' })
    check('  creatorId Int\n  editor_id Int?\n  userId Int\n', {
      createdBy: 'creatorId',
      updatedBy: 'editor_id',
      ownerId: 'userId',
    })
  })

  it('only where its type and its relation allow it', () => {
    check('  created_at String\n  insertedAt DateTime[]\n', {})
    check('  userId String\n  authorId String\n', {})
    check('  accountId Int\n', {})
    check('  accountId Int\n  account User @relation(fields: [accountId], references: [id])\n', {
      ownerId: 'accountId',
    })
    const account = 'model Account {\n  id Int @id\n}\n'
    check('  userId Int\n  user Account @relation(fields: [userId], references: [id])\n', {}, account)
    check('  authorId Int\n', {}, 'model Author {\n  id Int @id\n}\n')
    check('  userId Int\n  accountId Int\n', { ownerId: 'accountId' }, account, { userModel: 'Account' })
  })

  it('not where it is another audit field already', () => {
    check('  userId Int\n', {}, '', { fields: { createdBy: { aliases: ['userId'] } } })
  })

  it('is said by the finding and by the plan, which changes nothing of its own accord', () => {
    const known = policy({ rules: [{ models: ['Lead'], require: ['createdAt'] }] })
    const schema = schemaOf('  insertedAt DateTime\n')
    const lead = table('Lead', { columns: [column('insertedAt', 'timestamp(3) without time zone')] })
    const project = { schema, policy: known, database: database([table('User'), lead]) }
    assert.deepEqual(
      compare(project).map(({ message }) => message),
      [
        'Lead has no createdAt (when it was created): missing in the schema and in the database. ' +
          'If Lead.insertedAt is that field, add "insertedAt" to fields.createdAt.aliases in the policy.',
      ],
    )
    assert.match(
      planMigration(project)
        .warnings.map(({ text }) => said(text))
        .join('\n'),
      /Lead gets createdAt although it has insertedAt\./,
    )
  })

  it('is said once by the plan, of all models', () => {
    const known = policy({ rules: [{ models: ['Lead', 'Deal'], require: ['createdAt'] }] })
    const deal = 'model Deal {\n  id Int @id\n  insertedAt DateTime\n}\n'
    const schema = schemaOf('  insertedAt DateTime\n', deal)
    const [warning, ...more] = planMigration({ schema, policy: known, database: database([]) }).warnings
    assert.match(said(warning?.text), /^Lead, Deal get createdAt although they have insertedAt\./)
    assert.deepEqual(more, [])
  })

  it('is it once the policy says so: for findings, plan and verification', () => {
    const fields = {
      createdAt: { aliases: ['insertedAt'], index: false },
      createdBy: { aliases: ['authorId'], index: false },
    }
    const known = policy({ rules: [{ models: ['Lead'], require: ['createdAt', 'createdBy'] }], fields })
    const schema = schemaOf(
      '  insertedAt DateTime @default(now())\n  authorId Int\n  author User @relation(fields: [authorId], references: [id], onDelete: Restrict)\n',
    )
    const stamp = { ...column('insertedAt', 'timestamp(3) without time zone'), default: 'CURRENT_TIMESTAMP' }
    const lead = table('Lead', {
      columns: [
        { ...stamp, typeName: 'timestamp' },
        { ...column('authorId', 'integer'), typeName: 'int4' },
      ],
      foreignKeys: [
        {
          name: 'Lead_authorId_fkey',
          columns: ['authorId'],
          referencedSchema: 'public',
          referencedTable: 'User',
          referencedColumns: ['id'],
          onDelete: 'RESTRICT',
          onUpdate: 'CASCADE',
          deferrable: false,
          validated: true,
        },
      ],
    })
    const project = { schema, policy: known, database: database([table('User'), lead]) }
    assert.deepEqual(
      compare(project).filter(({ code }) => code.startsWith('missing-')),
      [],
    )
    const made = planMigration(project)
    assert.deepEqual([made.steps, made.refusals, made.warnings], [[], [], []])
    assert.ok(made.checks.some(({ title }) => title.includes('authorId')))
  })

  it('is offered anew as soon as the rest of the schema allows it', () => {
    const cache = createComparisonCache()
    const known = policy({ rules: [{ models: ['Lead'], require: ['createdBy'] }] })
    const first = schemaOf('  authorId Int\n', 'model Author {\n  id Int @id\n}\n')
    const next = parseSchema(
      [{ path: 'schema.prisma', text: first.files[0]!.text.toString().replace('model Author', 'model Writer') }],
      first,
    )
    const says = (schema: typeof first) =>
      compare({ schema, policy: known, database: null, cache }).some(({ message }) => message.includes('Lead.authorId'))
    assert.deepEqual([says(first), says(next)], [false, true])
  })
})

describe('a field with @updatedAt', () => {
  const presentIn = (fields: string) => {
    const { model } = findModel(schemaOf(fields), 'Lead')!
    return presentField(policy(POLICY), model, 'updatedAt')?.column ?? null
  }

  it('says when a row changed, unless it says by its name when the row was created', () => {
    assert.equal(presentIn('  modified DateTime @updatedAt\n'), 'modified')
    assert.equal(presentIn('  createdAt DateTime @default(now()) @updatedAt\n'), null)
    assert.equal(presentIn('  createdAt DateTime @updatedAt\n  modified DateTime @updatedAt\n'), 'modified')
  })

  it('is never the column of two audit fields: the plan adds the other one, and each is verified', () => {
    const project = {
      schema: schemaOf('  createdAt DateTime @default(now()) @updatedAt\n'),
      policy: policy({ rules: [{ models: ['Lead'], require: ['updatedAt', 'createdAt'] }] }),
      database: database([
        table('User'),
        table('Lead', { columns: [column('createdAt', 'timestamp(3) without time zone')] }),
      ]),
    }
    const titles = planMigration(project).steps.map(({ title }) => title)
    assert.deepEqual(
      titles.filter((title) => title.startsWith('Add column')),
      ['Add column Lead.updatedAt'],
    )
    assert.equal(verificationChecks(project)[0]?.title, 'Lead has updatedAt and createdAt')
  })
})

describe('the quick fix that names it in the policy', () => {
  function check(text: string, expected: string): void {
    const after = applyEdits(text, aliasEdits({ file: 'prisma-audit.json', text }, 'createdAt', 'insertedAt'))
    assert.equal(after, expected)
    assert.deepEqual(parsePolicy(after).policy?.fields.createdAt.aliases.at(-1), 'insertedAt')
  }

  it('keeps the rest as it stands', () => {
    check(
      '{}',
      '{\n  "fields": {\n    "createdAt": {\n      "aliases": [\n        "insertedAt"\n      ]\n    }\n  }\n}',
    )
    check(
      '{\n  "userModel": "User",\n  "fields": { "createdAt": { "aliases": ["born"] } }\n}\n',
      '{\n  "userModel": "User",\n  "fields": { "createdAt": { "aliases": ["born", "insertedAt"] } }\n}\n',
    )
    check(
      '{ "rules": [] }\n',
      '{\n  "rules": [],\n  "fields": {\n    "createdAt": {\n      "aliases": [\n        "insertedAt"\n      ]\n    }\n  }\n}\n',
    )
  })
})
