import assert from 'node:assert/strict'
import type { Column, Table, Trigger } from '../../../server/src/database/model'
import { columnCheck } from '../../../server/src/migration/plan/checks/column'
import { planEverything } from '../../../server/src/migration/plan/plan-everything'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { column, database, index, LEAD, plan, policy, table, USER } from './project'

const trigger: Trigger = {
  name: 'update_lead_updated_at',
  functionSchema: 'public',
  functionName: 'update_updated_at_column',
  timing: 'BEFORE',
  events: ['INSERT', 'UPDATE'],
  level: 'ROW',
  state: 'O',
  definition: '',
}

const ids = (options: Parameters<typeof plan>[0]) => plan(options).steps.map((step) => step.id)

describe('planMigration', () => {
  it('orders the steps by the recipe: what serves writers first, slow things outside, the trigger last', () => {
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
      }).warnings.flatMap(({ code, text }) => (code === 'rows-without-value' ? [text] : []))
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

  it('takes nothing for what is wanted that only looks like it: a partial index, one of that name on another column', () => {
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

  it('fills a column of a broken run, and one that may be NULL where the policy requires it', () => {
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

  it('makes no foreign key with relationMode = "prisma", and heeds @audit-ignore', () => {
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

  it('gives each name once, however long the names are', () => {
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
      made.warnings.map(({ text }) => text).join('\n'),
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
      warnings.map(({ text }) => text),
      [
        'Lead.ownerId is required, so ON DELETE SET NULL is not possible: a user who still owns rows ' +
          'cannot be deleted (ON DELETE RESTRICT).',
        'The current role does not own Lead: the migration will be refused before it changes anything.',
        'Lead.updatedAt gets no trigger (see the policy): once its default is dropped, an INSERT that ' +
          'omits the column fails. Deploy the new Prisma Client first.',
        'Lead has no primary key: its rows are filled block by block (by ctid).',
        'The first user is the one with the lowest id in User. A uuid key does not show who was first, so it ' +
          'may be any user. Set "populate" for ownerId in the policy to "none" or to an SQL expression to choose.',
        'Filling Lead.ownerId updates every row of the table and fires its triggers: log. What they ' +
          'write to other columns of those rows is undone; what they do elsewhere is not.',
        'Lead.ownerId becomes NOT NULL: an INSERT without it will fail. Deploy code that sets it first.',
      ],
    )
  })
})

const WAYS_OUT =
  'Set another column in the policy ("fields": { "ownerId": { "column": … } }), or set "relation": false there to ' +
  'omit the foreign key.'

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
      refusals.map(({ model, reason, blocking }) => [model, reason, blocking ? 'blocking' : 'not blocking']),
      expected,
    )
  }
  const owner = { rules: [{ models: ['Lead'], require: ['ownerId'] }] }

  it('what is no plain table; blocking where the policy names it', () => {
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

  it('a table, a model or a user table that is not there', () => {
    check({ policy: owner, tables: [table('User')] }, [
      ['Lead', 'Table Lead does not exist in the database.', 'blocking'],
    ])
    const renamed =
      'It was likely renamed from leads, which has the same columns: add @@map("leads") to the model, or rename the table.'
    check({ policy: owner, tables: [table('User'), table('leads')] }, [
      ['Lead', `Table Lead does not exist in the database. ${renamed}`, 'blocking'],
    ])
    check({ policy: { rules: [{ models: ['Leed'], require: ['ownerId'] }] } }, [
      ['Leed', 'The policy names the model Leed, which does not exist in the schema.', 'blocking'],
    ])
    check({ policy: owner, tables: [table('Lead')] }, [
      ['Lead', "The users' table User does not exist in the database.", 'blocking'],
    ])
    check({ policy: { ...owner, userModel: 'Person' } }, [
      ['Lead', `The user model Person does not exist in the schema. ${USERS_ELSEWHERE}`, 'blocking'],
    ])
  })

  it('what waits for a table that the plan itself creates, and only that', () => {
    const schema = parseSchema([
      {
        path: 's.prisma',
        text: `${USER}${LEAD}model Later {\n  id Int @id\n  x Unsupported("t") @default(dbgenerated())\n}\n`,
      },
    ])
    const rules = [{ models: ['Lead', 'Later', 'Leed'], require: ['updatedAt', 'ownerId'] }]
    const { refusals, warnings } = planEverything({ schema, policy: policy({ rules }), database: database([]) })
    assert.deepEqual(
      warnings.filter(({ code }) => code === 'next-run').map(({ object }) => object),
      ['Lead', 'Later'],
    )
    assert.deepEqual(
      refusals.map(({ code, model }) => [code, model]),
      [['model-unknown', 'Leed']],
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

  it('columns and triggers that are there and are something else', () => {
    const policy = { rules: [{ models: ['Lead'], require: ['updatedAt'] }] }
    check({ policy, tables: [table('Lead', { columns: [column('updatedAt', 'bigint')] })] }, [
      ['Lead', 'Lead.updatedAt is bigint, not a timestamp.', 'blocking'],
    ])
    const generated = { ...column('updatedAt', 'timestamp(3) without time zone'), generated: 'x' }
    assert.match(
      plan({ policy, tables: [table('Lead', { columns: [generated] })] }).refusals[0]?.reason ?? '',
      /is a generated column: PostgreSQL computes it/,
    )
    check({ policy, schema: `model Lead {\n  id Int @id\n  updatedAt String\n}\n`, tables: [table('Lead')] }, [
      [
        'Lead',
        'updatedAt is not a timestamp, so it cannot say when a row last changed. Change its type, or set another "column" under ' +
          'fields.updatedAt in the policy.',
        'blocking',
      ],
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
      ['Lead', `Lead.ownerId references Organization, so it does not reference a user. ${WAYS_OUT}`, 'blocking'],
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
      plan({ policy: owner, tables: [table('User'), ofTenants] }).refusals[0]?.reason ?? '',
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
        ofDefault(more).refusals[0]?.reason ?? '',
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

  it('a plain column of which no type is known, or two', () => {
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

  it('a table that inherits, or is inherited from', () => {
    const relatives = [{ schema: 'public', name: 'lead_archive' }]
    const { refusals } = plan({ policy: owner, tables: [table('User'), table('Lead', { relatives })] })
    assert.match(refusals[0]?.reason ?? '', /INHERITS\) with lead_archive/)
  })

  it('what no step could change or refer to: a typed table, a generated column, users in the children of a table', () => {
    const reasonOf = (...tables: readonly ReturnType<typeof table>[]) =>
      plan({ policy: owner, tables }).refusals[0]?.reason ?? ''
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
    assert.match(kinds(true).refusals[0]?.reason ?? '', /does not write UTC.*"replace"/)
    assert.deepEqual(kinds(true).steps, [])
    // Of timestamptz, local time is the same moment.
    const zoned = { ...column('updatedAt', 'timestamp(3) with time zone'), typeName: 'timestamptz' }
    const ofZoned = [table('Lead', { columns: [zoned], triggers: [trigger] })]
    assert.deepEqual(plan({ policy: { rules }, tables: ofZoned, functions: functions[0] ?? [] }).refusals, [])
    const unclear = (functions[1] ?? []).map((one) => ({
      ...one,
      source: 'BEGIN NEW := cleverness(NEW); RETURN NEW; END',
    }))
    assert.match(kinds(true, unclear).refusals[0]?.reason ?? '', /may be set by the trigger/)
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
