import { said } from '../../support/said'
import assert from 'node:assert/strict'
import type { Column, ForeignKey, Table } from '../../../server/src/database/model'
import { column, plan, table } from './project'

const USER = 'model User {\n  id Int @id\n  email String @unique\n}\n'

/** `column` that refers to the users' key, proven for every row. */
function reference(name: string, more: Partial<ForeignKey> = {}): ForeignKey {
  return {
    name: `${name}_fkey`,
    columns: [name],
    referencedSchema: 'public',
    referencedTable: 'User',
    referencedColumns: ['id'],
    onDelete: 'CASCADE',
    onUpdate: 'CASCADE',
    deferrable: false,
    validated: true,
    ...more,
  }
}

describe('the column by which a row names its owner already', () => {
  interface Given {
    readonly columns: readonly Column[]
    readonly foreignKeys?: readonly ForeignKey[]
    /** Fields of the model Lead. */
    readonly fields?: string
  }
  function fillOf({ columns, foreignKeys = [], fields = '' }: Given) {
    const lead: Partial<Table> = { columns, foreignKeys }
    const users = table('User')
    const made = plan({
      schema: `${USER}model Lead {\n  id Int @id\n${fields}}\n`,
      policy: {
        rules: [{ models: ['Lead'], require: ['ownerId'] }],
        fields: { ownerId: { required: true, onDelete: 'Restrict' } },
      },
      tables: [
        table('User', { schema: 'other', key: 'text' }),
        // Of another type than the users' key.
        table('Lead', { key: 'text', ...lead }),
        { ...users, columns: [column('email', 'text'), ...users.columns] },
      ],
    })
    assert.deepEqual(made.refusals, [])
    const [existing] = made.existingRows ?? []
    return { step: made.steps.find(({ kind }) => kind === 'populate'), existing }
  }
  const FIRST_USER = '(SELECT "id" FROM "public"."User" ORDER BY "id" LIMIT 1)'
  const from = (name: string, more = FIRST_USER) => `(COALESCE(${name}, ${more}))`

  function check(given: Given, expected: string): void {
    assert.equal(fillOf(given).step?.batch?.value, expected)
  }
  const looked = (refersTo: string, name: string) =>
    `(SELECT prisma_audit_user."id" FROM "public"."User" AS prisma_audit_user WHERE prisma_audit_user."${refersTo}" OPERATOR(pg_catalog.=) "Lead"."${name}")`

  it('is taken as it is where a foreign key proves it, else with the first user behind it', () => {
    const userId = column('userId', 'integer')
    check({ columns: [userId], foreignKeys: [reference('userId')] }, '"Lead"."userId"')
    check({ columns: [column('userId', 'integer', true)], foreignKeys: [reference('userId')] }, from('"Lead"."userId"'))
    check({ columns: [userId], foreignKeys: [reference('userId', { validated: false })] }, from(looked('id', 'userId')))
    check({ columns: [userId] }, from(looked('id', 'userId')))
    const byEmail = reference('user', { referencedColumns: ['email'] })
    check({ columns: [column('user', 'text')], foreignKeys: [byEmail] }, from(looked('email', 'user')))
  })

  it('is known by its name, however that is spelled, or as the only reference to the users', () => {
    for (const name of [
      'userId',
      'user_id',
      'USER_ID',
      'owner_uuid',
      'authorId',
      'createdBy',
      'created_by_id',
      ...['member', 'ownerUser', 'creator', 'createdByUserId', 'account'],
    ]) {
      check({ columns: [column(name, 'integer')] }, from(looked('id', name)))
    }
    for (const name of ['reviewerId', 'used', 'idUser', 'myuser', 'id_', 'usider']) {
      check({ columns: [column(name, 'integer')] }, FIRST_USER)
    }
    check({ columns: [column('ownerId', 'integer', true)] }, FIRST_USER)
    const unnamed = { columns: [column('unarchivedById', 'integer')], foreignKeys: [reference('unarchivedById')] }
    check(unnamed, '"Lead"."unarchivedById"')
    check({ columns: [column('reviewerId', 'integer')], foreignKeys: [reference('reviewerId')] }, '"Lead"."reviewerId"')
    const both = ['reviewerId', 'approverId']
    const columns = both.map((name) => column(name, 'integer'))
    check({ columns, foreignKeys: both.map((name) => reference(name)) }, FIRST_USER)
  })

  it('is that of the best name where there are several, and the others are told', () => {
    const names = ['memberId', 'authorId', 'reviewerId', 'user_id']
    const columns = [...names, 'count'].map((name) => column(name, 'integer'))
    const foreignKeys = names.map((name) => reference(name))
    check({ columns, foreignKeys }, '"Lead"."user_id"')
    assert.match(
      said(fillOf({ columns, foreignKeys }).existing?.advice ?? undefined),
      /\("authorId", "memberId", "reviewerId"\)/,
    )
  })

  it('is none that says who changed the row, refers elsewhere, is one of several in a key, or has another type', () => {
    for (const name of ['updatedBy', 'last_modified_by', 'deletedById', 'changedByUserId', 'archived_by', 'editedBy']) {
      check({ columns: [column(name, 'integer')], foreignKeys: [reference(name)] }, FIRST_USER)
    }
    const elsewhere = reference('userId', { referencedTable: 'Team' })
    check({ columns: [column('userId', 'integer')], foreignKeys: [elsewhere] }, FIRST_USER)
    const otherSchema = reference('userId', { referencedSchema: 'auth' })
    check({ columns: [column('userId', 'integer')], foreignKeys: [otherSchema] }, FIRST_USER)
    check({ columns: [column('userId', 'text')] }, FIRST_USER)
    const two = reference('userId', { columns: ['userId', 'teamId'], referencedColumns: ['id', 'teamId'] })
    const pair = [column('userId', 'integer'), column('teamId', 'integer')]
    // A key of two columns says nothing of one; the name does.
    check({ columns: pair, foreignKeys: [two] }, from(looked('id', 'userId')))
  })

  it('is known by a relation of the schema without a foreign key, too', () => {
    const fields = '  who Int?\n  person User? @relation(fields: [who], references: [id])\n'
    check({ columns: [column('who', 'integer')], fields }, from(looked('id', 'who')))
    // The relation goes to another model, so the name says nothing.
    const toTeam =
      '  userId Int?\n  team Lead? @relation("t", fields: [userId], references: [id])\n  leads Lead[] @relation("t")\n'
    check({ columns: [column('userId', 'integer')], fields: toTeam }, FIRST_USER)
  })
})
