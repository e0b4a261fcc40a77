import assert from 'node:assert/strict'
import type { Table, Trigger } from '../../../server/src/database/model'
import { planEverything } from '../../../server/src/migration/plan/plan-everything'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { column, database, index, policy, table, USER } from './project'

/**
 * What a plan with `--drift` decides without asking a database; what it does is tried in `database/migration/drift`.
 */
describe('planning what the database lacks besides', () => {
  const plan = (
    schema: string,
    tables: readonly Table[],
    given: unknown = null,
    functions: { source: string }[] = [],
  ) =>
    planEverything({
      schema: parseSchema([{ path: 'schema.prisma', text: schema }]),
      policy: given === null ? null : policy(given),
      database: database(
        tables,
        functions.map(({ source }) => ({
          ...{ schema: 'public', name: 'log', language: 'plpgsql', comment: null, usedBy: [], source },
        })),
      ),
    })
  const ids = (...given: Parameters<typeof plan>) => plan(...given).steps.map(({ id }) => id)
  const codes = (...given: Parameters<typeof plan>) => plan(...given).refusals.map(({ code, object }) => [code, object])

  it('leaves to the audit fields what is theirs: column, index, foreign key', () => {
    const schema = `model User {\n  id Int @id\n  leads Lead[]\n}
model Lead {\n  id Int @id\n  ownerId Int?\n  owner User? @relation(fields: [ownerId], references: [id])\n  @@index([ownerId])\n}\n`
    const made = ids(schema, [table('User'), table('Lead')], { rules: [{ models: ['Lead'], require: ['ownerId'] }] })
    assert.deepEqual(made, [...new Set(made)])
    assert.deepEqual(
      made.filter((id) => /^(?:add-column|create-index|add-foreign-key)/.test(id)),
      [
        'add-column:public.Lead.ownerId',
        'add-foreign-key:public.Lead.Lead_ownerId_fkey',
        'create-index:public.Lead_ownerId_idx',
      ],
    )
  })

  it('has what both parts say: checks, warnings, the rows that exist, remarks, fills of a broken run', () => {
    const schema = `model User {\n  id Int @id\n}\nmodel Lead {\n  id Int @id\n  name String?\n  ownerId Int?\n}\nenum Stage {\n  open\n}\n`
    const rules = [{ models: ['Lead'], require: ['updatedAt', 'updatedBy', 'ownerId'] }]
    const lead = table('Lead', { columns: [column('ownerId', 'integer')], canAlter: false })
    const fields = { updatedAt: { index: true, trigger: false } }
    const made = plan(schema, [table('User'), lead], { rules, fields })
    const titles = made.checks.map(({ title }) => title).join('\n')
    assert.match(titles, /Stage/)
    assert.match(titles, /updatedAt/)
    const said = made.warnings.map(({ code }) => code)
    assert.deepEqual([said.includes('insert-must-name'), said.filter((code) => code === 'not-owner').length], [true, 1])
    assert.deepEqual(
      made.existingRows?.map((each) => each.column),
      ['"updatedAt"'],
    )
    assert.equal(made.remarks?.length, 1)
    assert.deepEqual(
      made.fillings?.map(({ kind, table: name }) => [kind, name]),
      [['populate', 'Lead']],
    )
  })

  it('takes no name that is taken: of a sequence, of an index', () => {
    const numbered = `model Lead {\n  id Int @id\n  number Int @default(autoincrement())\n}\n`
    const made = plan(numbered, [table('Lead'), table('Lead_number_seq')]).steps
    assert.match(made.flatMap(({ up }) => up).join('\n'), /"Lead_number_seq1"/)
    const indexed = `model Lead {\n  id Int @id\n  name String\n  @@index([name])\n}\n`
    const tables = [table('Lead', { columns: [column('name', 'text')] }), table('Lead_name_idx')]
    assert.deepEqual(codes(indexed, tables), [['name-taken', 'Lead_name_idx']])
  })

  it('builds nothing on a column that it does not make', () => {
    const schema = `${USER.replace('}', '  leads Lead[]\n}')}
model Lead {\n  id Int @id\n  userId Int\n  user User @relation(fields: [userId], references: [id])\n  @@index([userId])\n}\n`
    assert.deepEqual(codes(schema, [table('User'), table('Lead')]), [['value-required', 'userId']])
    assert.deepEqual(ids(schema, [table('User'), table('Lead')]), [])
  })

  it('changes no table that it may not, or whose rows are hidden from the role', () => {
    const schema = `model Lead {\n  id Int @id\n  name String @default("x")\n}\n`
    const unfit = table('Lead', { relatives: [{ schema: 'public', name: 'lead_archive', isChild: true }] })
    assert.deepEqual(codes(schema, [unfit]), [['table-unfit', '']])
    assert.deepEqual(ids(schema, [unfit]), [])
    const hidden = table('Lead', { hidesRows: true })
    assert.deepEqual(codes(schema, [hidden]), [['rows-hidden', '"public"."Lead"']])
  })

  it('says which trigger copies whole rows of a table that gets a column', () => {
    const schema = `model Lead {\n  id Int @id\n  name String @default("x")\n}\n`
    const trigger: Trigger = {
      name: 'log',
      functionSchema: 'public',
      functionName: 'log',
      timing: 'AFTER',
      events: ['UPDATE'],
      level: 'ROW',
      state: 'O',
      definition: '',
    }
    const functions = [{ source: 'BEGIN INSERT INTO lead_log SELECT NEW.*; RETURN NULL; END' }]
    const { warnings } = plan(schema, [table('Lead', { triggers: [trigger] })], null, functions)
    assert.deepEqual(
      warnings.map(({ code }) => code),
      ['rows-copied'],
    )
  })

  it('makes no index that differs by its name alone from one that is there', () => {
    const schema = `model Lead {\n  id Int @id\n  name String\n  @@index([name])\n  @@index([name], map: "again")\n}\n`
    const by = { ...index('Lead_name_idx', 'name'), columns: index('x', 'name').columns }
    assert.deepEqual(ids(schema, [table('Lead', { columns: [column('name', 'text')], indexes: [by] })]), [])
  })
})
