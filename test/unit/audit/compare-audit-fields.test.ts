import assert from 'node:assert/strict'
import { auditFixes } from '../../../server/src/editor/fixes/audit-fixes'
import { inEnglish } from '../../../server/src/text/translate'
import { parsePolicy } from '../../../server/src/audit-fields/parse-policy'
import type { DatabaseModel, Table } from '../../../server/src/database/model'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { index } from '../migration/project'
import { databaseOf, tableOf, triggerOf } from './database-builder'

import { BEFORE, check, findingsOf, POLICY, STAMP } from './comparison'

describe('compare: audit fields', () => {
  const before = databaseOf([tableOf('User', []), tableOf('Lead', [])])

  it('finds exactly the three omissions of the guide, on the models', () => {
    check(BEFORE, before, [
      'missing-updated-at User.updatedAt both 0:6-10',
      'missing-updated-by User.updatedBy both 0:6-10',
      'missing-owner-id Lead.ownerId both 4:6-10',
    ])
  })

  it('says what the columns should be', () => {
    assert.deepEqual(
      findingsOf(BEFORE, before).map(({ column, expected, severity, file }) => [column, expected, severity, file]),
      [
        ['updatedAt', 'timestamp(3) not null', 'warning', 'schema.prisma'],
        ['updatedBy', 'integer', 'warning', 'schema.prisma'],
        ['ownerId', 'integer', 'warning', 'schema.prisma'],
      ],
    )
  })

  it('misses an index that the policy alone requires, as the plan does, once the column is there', () => {
    const text = 'model User {\n  id Int @id\n  updatedAt DateTime @updatedAt\n}\n'
    const found = (schema: string, wanted: boolean, indexes: Table['indexes'] = []) => {
      const fields = `{ "updatedAt": { "trigger": false, "index": ${String(wanted)} } }`
      const { policy } = parsePolicy(
        `{ "rules": [{ "models": ["User"], "require": ["updatedAt"] }], "fields": ${fields} }`,
      )
      const database = databaseOf([tableOf('User', [`${STAMP} not null`], { indexes })])
      return findingsOf(schema, database, { policy }).map(({ code, severity, object }) => [code, severity, object])
    }
    assert.deepEqual(found(text, true), [['index-missing', 'information', 'User_updatedAt_idx']])
    const inSchema = text.replace('}', '  @@index([updatedAt])\n}')
    assert.deepEqual(found(inSchema, true), [['index-missing', 'warning', 'User_updatedAt_idx']])
    assert.deepEqual(found(text, false), [])
    assert.deepEqual(
      found(text, true, [index('other', 'updatedAt')]).filter(([code]) => code === 'index-missing'),
      [],
    )
  })

  it('without a connection says what the schema lacks', () => {
    check(BEFORE, null, [
      'missing-updated-at User.updatedAt schema 0:6-10',
      'missing-updated-by User.updatedBy schema 0:6-10',
      'missing-owner-id Lead.ownerId schema 4:6-10',
    ])
  })

  const after = `model User {
  id Int @id
  updatedAt DateTime @updatedAt
  updatedById Int? @map("updatedBy")
  updatedBy User? @relation("UserUpdatedBy", fields: [updatedById], references: [id])
  updatedUsers User[] @relation("UserUpdatedBy")
  leads Lead[]
  @@index([updatedAt])
  @@index([updatedById])
}
model Lead {
  id Int @id
  ownerId Int?
  owner User? @relation(fields: [ownerId], references: [id])
  @@index([ownerId])
}
`

  it('puts what only the database lacks on the field, once, without what follows from it', () => {
    check(after, before, [
      'missing-updated-at User.updatedAt database 2:2-11',
      'missing-updated-by User.updatedById database 3:2-13',
      'missing-owner-id Lead.ownerId database 12:2-9',
    ])
    assert.equal(findingsOf(after, before)[0]?.expected, 'timestamp(3) not null')
  })

  it('puts what only the schema lacks on the model, and does not call the column unmapped', () => {
    const database = databaseOf([
      tableOf('User', [`${STAMP} not null`, 'updatedById integer']),
      tableOf('Lead', ['ownerId integer']),
    ])
    check(BEFORE, database, [
      'missing-updated-at User.updatedAt schema 0:6-10',
      'missing-updated-by User.updatedBy schema 0:6-10',
      'trigger-missing User 0:6-10',
      'missing-owner-id Lead.ownerId schema 4:6-10',
    ])
  })

  it('leaves a missing table to table-missing where the schema has the field', () => {
    check(after, databaseOf([tableOf('User', [`${STAMP} not null`, 'updatedBy integer'])]), [
      'index-missing User 7:2-22',
      'index-missing User 8:2-24',
      'foreign-key-missing User.updatedBy 4:18-85',
      'trigger-missing User.updatedAt 2:2-11',
      'table-missing Lead 10:6-10',
    ])
  })

  it('knows audit fields under other names', () => {
    const schema = `model User {
  id Int @id
  changed DateTime @updatedAt
  updatedById Int?
}`
    const database = databaseOf([
      tableOf('User', ['changed timestamp(3) without time zone not null', 'updatedById integer']),
    ])
    check(schema, database, ['trigger-missing User.changed 2:2-9'])
  })

  it('does not accept a field as updatedAt that cannot hold a time, and reports it as the plan does', () => {
    for (const type of ['Int', 'String']) {
      const schema = `model User {\n  id Int @id\n  updatedAt ${type}?\n  updatedById Int?\n}`
      const column = type === 'Int' ? 'updatedAt integer' : 'updatedAt text'
      check(schema, databaseOf([tableOf('User', [column, 'updatedById integer'])]), [
        'missing-updated-at User.updatedAt both 2:2-11',
      ])
      const [finding] = findingsOf(schema, null)
      assert.equal(finding?.actual, type)
      assert.match(finding.message, new RegExp(`^User\\.updatedAt is ${type}, so it cannot be the updatedAt`))
      const input = { schema: parseSchema([{ path: 'schema.prisma', text: schema }]), policy: POLICY }
      assert.ok(input.policy !== null)
      assert.deepEqual(
        auditFixes(finding, { t: inEnglish, ...input, policy: input.policy, unfit: new Set(), policyFile: null }),
        [],
      )
    }
    const without = 'model User {\n  id Int @id\n  updatedById Int?\n}'
    const found = findingsOf(without, databaseOf([tableOf('User', ['updatedAt bigint', 'updatedById integer'])]))
    assert.match(found[0]?.message ?? '', /^The column "updatedAt" on User is bigint, so it cannot be/)
    assert.deepEqual(
      found.filter(({ code }) => code === 'trigger-missing'),
      [],
    )
  })

  it('gives the project one hint where there is no policy, with and without a database', () => {
    for (const database of [before, null]) {
      const [hint, ...others] = findingsOf(`datasource db {\n}\n${BEFORE}`, database, { policy: null })
      assert.deepEqual(others, [])
      assert.deepEqual([hint?.code, hint?.severity, hint?.missingIn], ['missing-updated-at', 'hint', 'schema'])
      assert.deepEqual(hint?.range, { start: { line: 0, character: 11 }, end: { line: 0, character: 13 } })
      assert.equal(
        hint.message,
        'No audit policy. Missing: updatedAt (2 models), updatedBy (2 models), ownerId (1 model).',
      )
    }
  })

  it('is silenced by a comment above the model, or above the field', () => {
    const schema = `/// The people.
/// @audit-ignore updatedAt: rows never change
/// @audit-ignore updatedBy
model User {
  id Int @id
}
/// @audit-ignore ownerId, column-missing: an import owns it
model Lead {
  id Int @id
  name String
}
model Other {
  id Int @id
  /// @audit-ignore column-missing: comes with the next release
  note String
  text String
}`
    const database = databaseOf([tableOf('User', []), tableOf('Lead', []), tableOf('Other', [])])
    check(schema, database, ['column-missing Other.text 15:2-6'])
  })
})

describe('compare: triggers and clocks', () => {
  const schema = `model User {
  id Int @id
  updatedAt DateTime @updatedAt
  updatedById Int?
}`

  function withFunction(source: string, state: 'O' | 'D' = 'O', name = 'set_it'): DatabaseModel {
    const trigger = triggerOf('update_user_updated_at', name, {
      state,
      definition: `CREATE TRIGGER x BEFORE UPDATE ON "User" FOR EACH ROW EXECUTE FUNCTION ${name}('updatedAt')`,
    })
    return databaseOf([tableOf('User', [`${STAMP} not null`, 'updatedById integer'], { triggers: [trigger] })], {
      triggerFunctions: [{ schema: 'public', name, language: 'plpgsql', source, comment: null, usedBy: [] }],
    })
  }

  it('accepts a trigger that writes UTC', () => {
    check(schema, withFunction(`BEGIN NEW."updatedAt" := now() AT TIME ZONE 'UTC'; RETURN NEW; END`), [])
    check(schema, withFunction(`BEGIN NEW."updatedAt" = timezone('utc', clock_timestamp()); RETURN NEW; END`), [])
  })

  it('warns of a trigger that writes local time', () => {
    check(schema, withFunction('BEGIN NEW."updatedAt" = CURRENT_TIMESTAMP; RETURN NEW; END'), [
      'updated-at-clock User.updatedAt 2:2-11',
    ])
    check(schema, withFunction('', 'O', 'moddatetime'), ['updated-at-clock User.updatedAt 2:2-11'])
  })

  it('only hints at a default with local time that the schema itself says', () => {
    const severities = (attributes: string) => {
      const text = schema.replace('@updatedAt', attributes)
      const trigger = withFunction(`BEGIN NEW."updatedAt" := now() AT TIME ZONE 'UTC'; RETURN NEW; END`)
      const tables = trigger.tables.map((table) => ({
        ...table,
        columns: table.columns.map((column) =>
          column.name === 'updatedAt' ? { ...column, default: 'CURRENT_TIMESTAMP' } : column,
        ),
      }))
      return findingsOf(text, { ...trigger, tables }).map(({ code, severity }) => `${code} ${severity}`)
    }
    assert.deepEqual(severities('@default(now()) @updatedAt'), ['updated-at-clock hint'])
    assert.ok(severities('@updatedAt').includes('updated-at-clock information'))
  })

  it('warns of a disabled trigger, and of one that sets something else', () => {
    check(schema, withFunction(`BEGIN NEW."updatedAt" := now() AT TIME ZONE 'UTC'; RETURN NEW; END`, 'D'), [
      'trigger-disabled User 0:6-10',
    ])
    check(schema, withFunction(`BEGIN -- NEW."updatedAt" := now()\n NEW.updatedat := 1; RETURN NEW; END`), [
      'trigger-missing User.updatedAt 2:2-11',
      'trigger-unmapped User 0:6-10',
    ])
  })
})
