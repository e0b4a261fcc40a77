import { said } from '../../support/said'
import assert from 'node:assert/strict'
import type { Table } from '../../../server/src/database/model'
import { columnCheck } from '../../../server/src/migration/plan/checks/column'
import { column, index, LEAD, plan, table, trigger, USER } from './project'

const ids = (options: Parameters<typeof plan>[0]) => plan(options).steps.map((step) => step.id)

describe('planMigration', () => {
  it('orders the steps: first what writers need, slow ones outside transactions, the trigger last', () => {
    assert.deepEqual(ids({}), [
      'precondition:public.Lead.ownerId:users-exist',
      'add-column:public.Lead.updatedAt',
      'add-column:public.Lead.ownerId',
      'add-foreign-key:public.Lead.Lead_ownerId_fkey',
      'populate:public.Lead.ownerId',
      'validate-constraint:public.Lead.Lead_ownerId_fkey',
      'create-index:public.Lead_updatedAt_idx',
      'create-index:public.Lead_ownerId_idx',
      'create-function:public.update_updated_at_column',
      'create-trigger:public.Lead.update_lead_updated_at',
      'drop-default:public.Lead.updatedAt',
    ])
  })

  it('says what it adds, and where that is missing', () => {
    const schema = `${USER}model Lead {\n  id Int @id\n  updatedAt DateTime @updatedAt\n}\n`
    assert.deepEqual(
      plan({ schema }).additions.map(({ field, missingIn }) => [field, missingIn]),
      [
        ['updatedAt', 'database'],
        ['ownerId', 'both'],
      ],
    )
  })

  it('says of an owner column that is there and may be NULL that rows without a value stay so', () => {
    const lead = table('Lead', { columns: [column('ownerId', 'integer', true)] })
    const of = (required: boolean) =>
      plan({
        tables: [table('User'), lead],
        policy: {
          rules: [{ models: ['Lead'], require: ['ownerId'] }],
          fields: { ownerId: { required, onDelete: 'Restrict' } },
        },
      }).warnings.flatMap(({ code, text }) => (code === 'rows-without-value' ? [said(text)] : []))
    assert.deepEqual(of(false), [
      'Lead.ownerId already exists and is nullable: rows with NULL are left unchanged and are not verified. ' +
        'Set "required": true for ownerId in the policy to fill them.',
    ])
    assert.deepEqual(of(true), [])
  })

  it('plans only what is missing', () => {
    const lead = table('Lead', {
      columns: [column('updatedAt', 'timestamp(3) without time zone'), column('ownerId', 'integer', true)],
      indexes: [index('by_hand', 'ownerId'), index('Lead_updatedAt_idx', 'updatedAt', false)],
      triggers: [{ ...trigger, state: 'D' }],
      foreignKeys: [
        {
          name: 'by_hand_fkey',
          columns: ['ownerId'],
          referencedSchema: 'public',
          referencedTable: 'User',
          referencedColumns: ['id'],
          onDelete: 'CASCADE',
          onUpdate: 'NO ACTION',
          deferrable: false,
          validated: false,
        },
      ],
    })
    // A trigger is known by what its function does.
    const source = `BEGIN NEW."updatedAt" := now() AT TIME ZONE 'UTC'; RETURN NEW; END`
    const functions = [
      { schema: 'public', name: trigger.functionName, language: 'plpgsql', source, comment: null, usedBy: [] },
    ]
    assert.deepEqual(ids({ tables: [table('User'), lead], functions }), [
      'precondition:public.Lead.by_hand_fkey:no-orphans',
      'validate-constraint:public.Lead.by_hand_fkey',
      'create-index:public.Lead_updatedAt_idx',
      'enable-trigger:public.Lead.update_lead_updated_at',
    ])
  })

  it('does not accept what only looks like the index: a partial one, one of its name on another column', () => {
    const policy = { rules: [{ models: ['Lead'], require: ['ownerId'] }] }
    const made = (more: Partial<Table>) =>
      ids({
        policy,
        tables: [table('User'), table('Lead', { columns: [column('ownerId', 'integer', true)], ...more })],
      })
    const partial = { ...index('some', 'ownerId'), predicate: '"ownerId" > 5' }
    assert.ok(made({ indexes: [partial] }).includes('create-index:public.Lead_ownerId_idx'))
    assert.ok(made({ indexes: [index('Lead_ownerId_idx', 'id')] }).includes('create-index:public.Lead_ownerId_idx1'))
    const check = { name: 'Lead_ownerId_fkey', definition: '', validated: true }
    assert.ok(made({ checks: [check] }).includes('add-foreign-key:public.Lead.Lead_ownerId_fkey1'))
    // A table of that name in another schema has nothing to say.
    const other = table('Lead', { schema: 'old', columns: [column('ownerId', 'integer', true)] })
    const all = ids({ policy, tables: [other, table('User'), table('Lead')] })
    assert.ok(all.includes('add-column:public.Lead.ownerId'), all.join())
  })

  it('a required owner cannot be set to NULL, and a plain one of another type than the key is filled with no user', () => {
    const policy = (owner: object) => ({
      rules: [{ models: ['Lead'], require: ['ownerId'] }],
      fields: { ownerId: owner },
    })
    const key = plan({ policy: policy({ required: true }) }).steps.find(({ kind }) => kind === 'add-foreign-key')
    assert.match(key?.up.join() ?? '', /ON DELETE RESTRICT/)
    const plain = (type: string) =>
      plan({ policy: policy({ relation: false, type }) }).steps.some(({ kind }) => kind === 'populate')
    assert.deepEqual([plain('integer'), plain('uuid')], [true, false])
  })

  it('fills a column of an interrupted run, and a nullable one that the policy requires', () => {
    const created = { ...column('createdAt', 'timestamp(3) without time zone', true), typeName: 'timestamp' }
    const tables = [table('Lead', { columns: [created] })]
    const rules = [{ models: ['Lead'], require: ['createdAt'] }]
    const made = (required: boolean) =>
      plan({
        tables,
        policy: { rules, fields: { createdAt: { required, index: false, populate: { sql: 'now()' } } } },
      })
    const fills = (required: boolean) => made(required).steps.some(({ kind }) => kind === 'populate')
    assert.deepEqual([fills(true), fills(false)], [true, false])
    assert.deepEqual(
      made(false).fillings?.map(({ id }) => id),
      ['populate:public.Lead.createdAt'],
    )
  })

  it('an existing updatedById satisfies updatedBy', () => {
    const tables = [table('User', { columns: [column('updatedById', 'integer', true)] })]
    const policy = { rules: [{ models: ['User'], require: ['updatedBy'] }] }
    assert.deepEqual(ids({ schema: USER, policy, tables }), [
      // Users who were deleted since may stand in a column that was there before.
      'precondition:public.User.User_updatedById_fkey:no-orphans',
      'add-foreign-key:public.User.User_updatedById_fkey',
      'validate-constraint:public.User.User_updatedById_fkey',
      'create-index:public.User_updatedById_idx',
    ])
  })

  it('creates no foreign key with relationMode = "prisma", and respects @audit-ignore', () => {
    const schema = `datasource db {
  provider = "postgresql"
  relationMode = "prisma"
}
${USER}
/// @audit-ignore updatedAt: a log is never changed
${LEAD}`
    assert.deepEqual(
      plan({ schema }).steps.map((step) => step.kind),
      ['precondition', 'add-column', 'populate', 'create-index'],
    )
  })

  it('uses each name once, however long the names are', () => {
    const long = 'a table with a name so long that nothing fits behind it, 63 b.'
    const schema = `${USER}model Lead {\n  id Int @id\n  @@map("${long}")\n}\n`
    const policy = { rules: [{ models: ['Lead'], require: ['updatedBy', 'ownerId'] }] }
    const made = plan({ schema, policy, tables: [table('User'), table(long)] })
    const names = made.steps.flatMap((step) =>
      step.kind === 'add-column' || step.object === null ? [] : [step.object],
    )
    assert.deepEqual(names, [
      'a table with a name so long that nothing fits behind it, 6_fkey',
      'a table with a name so long that nothing fits behind it, _fkey1',
      'a table with a name so long that nothing fits behind it, 63_idx',
      'a table with a name so long that nothing fits behind it, 6_idx1',
    ])
    assert.equal(made.warnings.length, 2)
    assert.match(
      made.warnings.map(({ text }) => said(text)).join('\n'),
      /add map: ".*_fkey1" to its @relation\.\n.*add map: ".*_idx1" to its @@index\./,
    )
  })

  it('tables in one schema share a function; another column name gets one of its own', () => {
    const schema = `${USER}${LEAD}model Task {\n  id Int @id\n  updatedAt DateTime @map("changed")\n}\n`
    const policy = { rules: [{ models: ['*'], require: ['updatedAt'] }] }
    const made = plan({ schema, policy, tables: [table('User'), table('Lead'), table('Task')] })
    const names = made.steps.filter((step) => step.kind === 'create-function').map((step) => step.object)
    assert.deepEqual(names, ['update_updated_at_column', 'update_updated_at_column_2'])
    assert.deepEqual(made.warnings, [])
  })

  it('warns of what a person should know', () => {
    const schema = `model User {\n  id String @id @db.Uuid\n}\n${LEAD}`
    const busy: Table = table('Lead', {
      primaryKey: null,
      canAlter: false,
      triggers: [{ ...trigger, name: 'log', functionName: 'log' }],
    })
    const policy = {
      rules: [{ models: ['Lead'], require: ['updatedAt', 'ownerId'] }],
      fields: { updatedAt: { trigger: false }, ownerId: { required: true } },
    }
    const { warnings } = plan({ schema, policy, tables: [table('User', { key: 'uuid' }), busy] })
    assert.deepEqual(
      warnings.map(({ text }) => said(text)),
      [
        'Lead.ownerId is required, so ON DELETE SET NULL is not possible: a user who still owns rows ' +
          'cannot be deleted (ON DELETE RESTRICT).',
        'The current role does not own Lead: the migration will be refused before it changes anything.',
        'Lead.updatedAt gets no trigger (see the policy): once its default is dropped, an INSERT that ' +
          'omits the column fails. Deploy the new Prisma Client first.',
        'Lead has no primary key: its rows are filled block by block (by ctid).',
        'The first user is the one with the lowest id in User. A uuid key does not show who was first, so it ' +
          'may be any user. To choose, set "populate" for ownerId in the policy to "none" or an SQL expression.',
        'Filling Lead.ownerId updates every row of the table and fires its triggers: log. What they ' +
          'write to other columns of those rows is undone; what they do elsewhere is not.',
        'Lead.ownerId becomes NOT NULL: an INSERT without it will fail. First deploy code that sets it.',
      ],
    )
  })
})
describe('the check of a column', () => {
  it('takes six digits of a time for all that PostgreSQL keeps, said or not', () => {
    const place = { schema: 'public', table: 'Lead', column: 'at', nullable: false, databaseTable: null }
    const check = (type: string) =>
      columnCheck({ ...place, type: { sql: type, catalog: type, dataType: type } }, 'type and nullability')
    assert.equal(check('timestamp(6) with time zone').expected, 'timestamp with time zone not null')
    assert.match(check('timestamp(6) with time zone').sql, /replace\(.*'\(6\)', ''\)/)
    assert.equal(check('timestamp(3) without time zone').expected, 'timestamp(3) without time zone not null')
    assert.equal(check('character varying(6)').expected, 'character varying(6) not null')
  })
})
