import { said } from '../../support/said'
import assert from 'node:assert/strict'
import { refuseBlockedPlan } from '../../../server/src/commands/plan'
import type { Column, Table } from '../../../server/src/database/model'
import { planEverything } from '../../../server/src/migration/plan/plan-everything'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { column, database, index, LEAD, plan, policy, table, trigger, USER } from './project'

const WAYS_OUT =
  'Set another column in the policy ("fields": { "ownerId": { "column": … } }), set "relation": false there to ' +
  'omit the foreign key, or exempt the model with "/// @audit-ignore ownerId".'

const EXEMPTED =
  'Set another column in the policy ("fields": { "ownerId": { "column": … } }), or exempt the model with ' +
  '"/// @audit-ignore ownerId".'

const NO_UPDATED_AT =
  'so it cannot be the updatedAt that the policy requires (when a row last changed). Change its type to DateTime, or set ' +
  'another "column" under fields.updatedAt in the policy.'

const USERS_ELSEWHERE =
  'Set "userModel" in the policy to the model of the users; or, if the schema has none, set the type of their key: ' +
  '"fields": { "ownerId": { "relation": false, "type": "uuid" } }.'

describe('planMigration refuses, with the reason', () => {
  function check(
    options: Parameters<typeof plan>[0],
    expected: readonly [string, string, 'blocking' | 'not blocking'][],
  ) {
    const { refusals } = plan(options)
    assert.deepEqual(
      refusals.map(({ model, reason, blocking }) => [model, said(reason), blocking ? 'blocking' : 'not blocking']),
      expected,
    )
  }
  const owner = { rules: [{ models: ['Lead'], require: ['ownerId'] }] }

  it('what is no plain table; blocking if the policy names it', () => {
    for (const [kind, reason] of [
      ['view', 'Lead is a view; its columns come from its query.'],
      ['foreign table', 'Lead is a foreign table; its rows are on another server.'],
      ['partition', 'Lead is a partition; its columns come from its partitioned table.'],
    ] as const) {
      const tables = [table('User'), table('Lead', { kind })]
      check({ policy: owner, tables }, [['Lead', reason, 'blocking']])
      const policy = { rules: [{ models: ['L*'], require: ['ownerId'] }] }
      check({ policy, tables }, [['Lead', reason, 'not blocking']])
    }
  })

  it('rows that row-level security hides from a step of --drift that reads them', () => {
    const text = 'model Lead {\n  id Int @id\n  email String @unique\n}\n'
    const schema = parseSchema([{ path: 'schema.prisma', text }])
    const refusals = (more: Partial<Table>) => {
      const lead = table('Lead', { columns: [column('email', 'text')], ...more })
      return planEverything({ schema, policy: null, database: database([lead]) }).refusals
    }
    assert.deepEqual(refusals({}), [])
    assert.deepEqual(
      refusals({ hidesRows: true }).map(({ code, model, blocking }) => [code, model, blocking]),
      [['rows-hidden', 'Lead', true]],
    )
  })

  it('a table, a model or a user table that does not exist', () => {
    check({ policy: owner, tables: [table('User')] }, [
      ['Lead', 'Table Lead does not exist in the database.', 'blocking'],
    ])
    const renamed =
      'It was likely renamed from leads, which has the same columns: add @@map("leads") to the model, or rename the table.'
    check({ policy: owner, tables: [table('User'), table('leads')] }, [
      ['Lead', `Table Lead does not exist in the database. ${renamed}`, 'blocking'],
    ])
    check({ policy: { rules: [{ models: ['Leed'], require: ['ownerId'] }] } }, [
      [
        'Leed',
        'The policy names the model "Leed", which does not exist in the schema. Did you mean "Lead"?',
        'blocking',
      ],
    ])
    assert.throws(
      () => refuseBlockedPlan(plan({ policy: { rules: [{ models: ['Leed'], require: ['ownerId'] }] } })),
      /^AuditError: The policy names the model "Leed", which does not exist in the schema\. Did you mean "Lead"\?/,
    )
    check({ policy: owner, tables: [table('Lead')] }, [
      ['Lead', "The users' table User does not exist in the database.", 'blocking'],
    ])
    check({ policy: { ...owner, userModel: 'Person' } }, [
      ['Lead', `The user model Person does not exist in the schema. ${USERS_ELSEWHERE}`, 'blocking'],
    ])
  })

  it('nothing of a table that the plan itself creates, and a table that it cannot create', () => {
    const schema = parseSchema([
      {
        path: 's.prisma',
        text: `${USER}${LEAD}model Later {\n  id Int @id\n  x Unsupported("t") @default(dbgenerated())\n}\nmodel Odd {\n  id Int @id\n  x Unknown\n}\n`,
      },
    ])
    const rules = [{ models: ['Lead', 'Later', 'Leed', 'Odd'], require: ['updatedAt', 'ownerId'] }]
    const { refusals, steps } = planEverything({ schema, policy: policy({ rules }), database: database([]) })
    const made = (kind: string) => steps.filter((step) => step.kind === kind).map(({ table: name }) => name)
    assert.deepEqual(made('create-table'), ['User', 'Lead', 'Later'])
    assert.deepEqual(made('create-trigger'), ['Lead', 'Later'])
    assert.deepEqual(made('add-foreign-key'), ['Lead', 'Later'])
    assert.deepEqual(
      refusals.map(({ code, model }) => [code, model]),
      [
        ['type-unknown', 'Odd'],
        ['model-unknown', 'Leed'],
        ['table-missing', 'Odd'],
      ],
    )
  })

  it('user keys that a column cannot refer to', () => {
    check({ schema: `model User {\n  a Int\n  b Int\n  @@id([a, b])\n}\n${LEAD}`, policy: owner }, [
      [
        'Lead',
        `The primary key of User is not a single required field, so one column cannot reference it. ${USERS_ELSEWHERE}`,
        'blocking',
      ],
    ])
    check({ policy: owner, tables: [table('User', { primaryKey: null }), table('Lead')] }, [
      ['Lead', 'User.id is not unique in the database, so a foreign key cannot reference it.', 'blocking'],
    ])
    // Only a whole and valid unique index will do.
    const byIndex = (more: Partial<ReturnType<typeof index>>) => {
      const unique = { ...index('User_id_key', 'id'), unique: true, ...more }
      const users = table('User', { primaryKey: null, indexes: [unique] })
      return plan({ policy: owner, tables: [users, table('Lead')] }).refusals.map(({ code }) => code)
    }
    assert.deepEqual(byIndex({}), [])
    for (const more of [{ unique: false }, { valid: false }, { predicate: 'id > 0' }]) {
      assert.deepEqual(byIndex(more), ['user-key-unfit'], JSON.stringify(more))
    }
    check(
      {
        policy: owner,
        tables: [table('User', { key: 'uuid' }), table('Lead', { columns: [column('ownerId', 'text')] })],
      },
      [
        [
          'Lead',
          `Lead.ownerId is text, but the users' key is uuid, so it cannot reference it. ${WAYS_OUT}`,
          'blocking',
        ],
      ],
    )
  })

  it('existing columns and triggers that are something else', () => {
    const policy = { rules: [{ models: ['Lead'], require: ['updatedAt'] }] }
    check({ policy, tables: [table('Lead', { columns: [column('updatedAt', 'bigint')] })] }, [
      ['Lead', `The column "updatedAt" on Lead is bigint, ${NO_UPDATED_AT}`, 'blocking'],
    ])
    const generated = { ...column('updatedAt', 'timestamp(3) without time zone'), generated: 'x' }
    assert.match(
      said(plan({ policy, tables: [table('Lead', { columns: [generated] })] }).refusals[0]?.reason),
      /is a generated column: PostgreSQL computes it/,
    )
    check({ policy, schema: `model Lead {\n  id Int @id\n  updatedAt String\n}\n`, tables: [table('Lead')] }, [
      ['Lead', `Lead.updatedAt is String, ${NO_UPDATED_AT}`, 'blocking'],
    ])
  })

  it('a column that means something else than a user', () => {
    const reference = {
      name: 'fk',
      columns: ['ownerId'],
      referencedSchema: 'public',
      referencedTable: 'Organization',
      referencedColumns: ['id'],
      onDelete: 'CASCADE',
      onUpdate: 'NO ACTION',
      deferrable: false,
      validated: true,
    } as const
    const ofOrganizations = table('Lead', { columns: [column('ownerId', 'integer')], foreignKeys: [reference] })
    check({ policy: owner, tables: [table('User'), ofOrganizations] }, [
      ['Lead', `Lead.ownerId references Organization, so it does not reference a user. ${EXEMPTED}`, 'blocking'],
    ])
    // Nor is a table of that name in another schema, or another column of the users' table, what a user is known by.
    const ofOthers = table('Lead', {
      columns: [column('ownerId', 'integer')],
      foreignKeys: [{ ...reference, referencedSchema: 'old', referencedTable: 'User' }],
    })
    assert.equal(plan({ policy: owner, tables: [table('User'), ofOthers] }).refusals[0]?.code, 'refers-elsewhere')
    const byNumber = { ...reference, referencedTable: 'User', referencedColumns: ['number'] }
    const ofNumbers = table('Lead', { columns: [column('ownerId', 'integer')], foreignKeys: [byNumber] })
    assert.ok(
      plan({ policy: owner, tables: [table('User'), ofNumbers] }).steps.some(({ kind }) => kind === 'add-foreign-key'),
    )
    // The schema may say so before the database does.
    const organizations = `${USER}model Organization {\n  id Int @id\n  leads Lead[]\n}
model Lead {\n  id Int @id\n  ownerId Int?\n  owner Organization? @relation(fields: [ownerId], references: [id])\n}\n`
    assert.equal(
      plan({ schema: organizations, policy: owner, tables: [table('User'), table('Organization'), table('Lead')] })
        .refusals[0]?.code,
      'refers-elsewhere',
    )
    const ofAnything = table('Lead', { columns: [column('ownerId', 'integer'), column('ownerType', 'text')] })
    check({ policy: owner, tables: [table('User'), ofAnything] }, [
      [
        'Lead',
        'Lead.ownerId looks polymorphic: ownerType seems to say which table it references, so it may ' +
          `not reference a user. ${WAYS_OUT}`,
        'blocking',
      ],
    ])
    for (const kind of ['ownerKind', 'owner_model', 'ownerClass', 'ownerid_table', 'owner_entity']) {
      const beside = table('Lead', { columns: [column('ownerId', 'integer'), column(kind, 'text')] })
      assert.equal(
        plan({ policy: owner, tables: [table('User'), beside] }).refusals[0]?.code,
        'polymorphic-column',
        kind,
      )
    }
    const composite = { ...reference, columns: ['tenantId', 'ownerId'], referencedColumns: ['tenantId', 'id'] }
    const ofTenants = table('Lead', { columns: [column('ownerId', 'integer')], foreignKeys: [composite] })
    assert.match(
      said(plan({ policy: owner, tables: [table('User'), ofTenants] }).refusals[0]?.reason),
      /is part of a foreign key of 2 columns \(tenantId, ownerId\) to Organization, so by itself it does not identify a user/,
    )
    const plain = { ...owner, fields: { ownerId: { relation: false } } }
    check({ policy: plain, tables: [table('User'), ofAnything] }, [])
    // Each row has its own value, or all have one that may be no user: an INSERT without it would fail.
    const ofDefault = (more: Partial<Column>) =>
      plan({
        policy: owner,
        tables: [table('User'), table('Lead', { columns: [{ ...column('ownerId', 'integer'), ...more }] })],
      })
    for (const more of [
      { identity: 'by default' as const },
      { default: `nextval('lead_owner_seq'::regclass)` },
      { default: '(CURRENT_USER)::text' },
    ])
      assert.match(
        said(ofDefault(more).refusals[0]?.reason),
        /gets its value from the database \(.*\), which is not a user/,
      )
    const conditions = (value: string | null) =>
      ofDefault({ default: value }).steps.flatMap(({ id, up }) =>
        id.endsWith('default-names-a-user') ? [up.join()] : [],
      )
    for (const [value, constant] of [
      ['0', `'0'`],
      [`'-1'::integer`, `'-1'`],
      [`'o''b'::character varying`, `'o''b'`],
    ] as const)
      assert.ok(conditions(value)[0]?.includes(`OPERATOR(pg_catalog.=) ${constant}`), value)
    for (const value of [null, 'NULL::integer', `(current_setting('app.user'::text))::integer`])
      assert.deepEqual(conditions(value), [])
    const warned = ofDefault({ default: null }).warnings.filter(({ code }) => code === 'column-constrained')
    assert.deepEqual(
      warned.map(({ object }) => object),
      ['Lead.ownerId'],
    )
  })

  it('a plain column whose type is unknown, or one of two', () => {
    const fields = (type?: string) => ({ ...owner, fields: { ownerId: { relation: false, populate: 'none', type } } })
    const alone = { schema: LEAD, tables: [table('Lead')] }
    check({ ...alone, policy: fields() }, [
      [
        'Lead',
        'The type of Lead.ownerId is unknown. The user model User does not exist in the schema. Set the type of the ' +
          `users' key for ownerId in the policy: "fields": { "ownerId": { "relation": false, "type": "uuid" } }.`,
        'blocking',
      ],
    ])
    check({ ...alone, policy: fields('varchar(36)') }, [])
    const differs = (type: string) =>
      `Lead.ownerId is ${type}, but the policy says "type": "text" for ownerId. Use the same type.`
    const standing = [table('Lead', { columns: [column('ownerId', 'uuid', true)] })]
    check({ schema: LEAD, tables: standing, policy: fields('text') }, [['Lead', differs('uuid'), 'blocking']])
    const written = LEAD.replace('}', '  ownerId BigInt?\n}')
    check({ ...alone, schema: written, policy: fields('text') }, [['Lead', differs('bigint'), 'blocking']])
    check({ ...alone, schema: written, policy: fields() }, [])
  })

  it('a table that others inherit from, but not one that only inherits', () => {
    const parent = { schema: 'public', name: 'base' }
    const child = { schema: 'public', name: 'lead_archive', isChild: true } as const
    const reasonsOf = (...relatives: NonNullable<Table['relatives']>) =>
      plan({ policy: owner, tables: [table('User'), table('Lead', { relatives })] }).refusals.map(({ reason }) =>
        said(reason),
      )
    assert.match(reasonsOf(parent, child).join(), /INHERITS\) with lead_archive: /)
    assert.deepEqual(reasonsOf(parent), [])
  })

  it('what no step could change or refer to: a typed table, a generated column, users in the children of a table', () => {
    const reasonOf = (...tables: readonly ReturnType<typeof table>[]) =>
      said(plan({ policy: owner, tables }).refusals[0]?.reason)
    assert.match(reasonOf(table('User'), table('Lead', { isTyped: true })), /typed table/)
    const generated = { ...column('ownerId', 'integer'), generated: 'a' }
    assert.match(reasonOf(table('User'), table('Lead', { columns: [generated] })), /generated column/)
    const child = { schema: 'public', name: 'admin' }
    const users = (isChild: boolean) => table('User', { relatives: [{ ...child, ...(isChild ? { isChild } : {}) }] })
    assert.match(reasonOf(users(true), table('Lead')), /has children.*: admin\./)
    assert.equal(reasonOf(users(false), table('Lead')), '')
  })

  it('a trigger that writes local time or cannot be read, until the policy chooses', () => {
    const tables = [
      table('Lead', {
        columns: [{ ...column('updatedAt', 'timestamp(3) without time zone'), typeName: 'timestamp' }],
        triggers: [trigger],
      }),
    ]
    const rules = [{ models: ['Lead'], require: ['updatedAt'] }]
    const functions = [
      'NEW."updatedAt" = now();',
      'IF NEW IS DISTINCT FROM OLD THEN EXECUTE cleverness(); END IF;',
    ].map((body) => [
      {
        ...{ schema: 'public', name: trigger.functionName, language: 'plpgsql', comment: null, usedBy: [] },
        source: `BEGIN ${body} RETURN NEW; END`,
      },
    ])
    const kinds = (choice: boolean | 'replace' | 'keep', each = functions[0]) =>
      plan({ policy: { rules, fields: { updatedAt: { trigger: choice } } }, tables, ...(each && { functions: each }) })
    assert.match(said(kinds(true).refusals[0]?.reason), /does not write UTC.*"replace"/)
    assert.deepEqual(kinds(true).steps, [])
    // Of timestamptz, local time is the same moment.
    const zoned = { ...column('updatedAt', 'timestamp(3) with time zone'), typeName: 'timestamptz' }
    const ofZoned = [table('Lead', { columns: [zoned], triggers: [trigger] })]
    assert.deepEqual(plan({ policy: { rules }, tables: ofZoned, functions: functions[0] ?? [] }).refusals, [])
    const unclear = (functions[1] ?? []).map((one) => ({
      ...one,
      source: 'BEGIN NEW := cleverness(NEW); RETURN NEW; END',
    }))
    assert.match(said(kinds(true, unclear).refusals[0]?.reason), /may be set by the trigger/)
    // A disabled one that writes local time is not enabled again.
    const off = tables.map((one) => ({ ...one, triggers: [{ ...trigger, state: 'D' as const }] }))
    const beside = plan({ policy: { rules }, tables: off, functions: functions[0] ?? [] }).steps.map(({ id }) => id)
    assert.ok(beside.includes('create-trigger:public.Lead.update_lead_updated_at_2'), beside.join())
    assert.deepEqual(kinds('keep').refusals, [])
    const replacing = kinds('replace').steps.map(({ id }) => id)
    assert.ok(replacing.includes('create-trigger:public.Lead.update_lead_updated_at_2'), replacing.join())
    assert.ok(replacing.includes('disable-trigger:public.Lead.update_lead_updated_at'), replacing.join())
  })
})
