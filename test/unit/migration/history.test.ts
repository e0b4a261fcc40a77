import { said } from '../../support/said'
import assert from 'node:assert/strict'
import { compareHistory, type AppliedMigration } from '../../../server/src/migration/history/compare-history'
import { nameFolders, wordOf } from '../../../server/src/migration/history/folder-names'
import { groupSteps } from '../../../server/src/migration/history/group-steps'
import { foldersOf, withHistorySteps } from '../../../server/src/migration/history/history-steps'
import { checksumOf, recordStep } from '../../../server/src/migration/history/record-step'
import { rollBackRecords } from '../../../server/src/migration/history/roll-back-steps'
import { unqualify } from '../../../server/src/migration/history/unqualify'
import type { Step } from '../../../server/src/migration/model'
import { plan } from './project'

const now = new Date('2026-11-22T13:47:11.500Z')
const context = { now, newest: null, schema: 'public', leaveOut: 'public' }

describe('names of migrations', () => {
  const check = (words: readonly string[], newest: string | null, expected: readonly string[]) =>
    assert.deepEqual(nameFolders(words, { now, newest }), expected)

  it('are in their order, the last one of now', () => {
    check(['a'], null, ['20261122134711_prisma_audit_a'])
    check(['a', 'b'], '20261122134709_init', ['20261122134710_prisma_audit_a', '20261122134711_prisma_audit_b'])
    check([''], null, ['20261122134711_prisma_audit'])
    check([], '20261122134709_init', [])
  })

  it('come behind the newest, whatever that is called', () => {
    check(['a', 'b'], '20261122134711_init', ['20261122134712_prisma_audit_a', '20261122134713_prisma_audit_b'])
    check(['a'], '20261231235959', ['20270101000000_prisma_audit_a'])
    check(['a'], '0001_init', ['20261122134711_prisma_audit_a'])
    check(['a'], 'init', ['init_20261122134711_prisma_audit_a'])
    check(['a'], '99991399999999_never', ['99991399999999_never_20261122134711_prisma_audit_a'])
  })

  it('hold what every file system takes', () => {
    assert.equal(wordOf('create-index_User_updatedAt_idx'), 'create_index_user_updated_at_idx')
    assert.equal(wordOf(`"; DROP 'Ü' ../$`), 'drop')
    assert.equal(wordOf('x'.repeat(300)).length, 60)
  })
})

describe('the folders of a plan', () => {
  it('hold together what may share a transaction, and nothing else', () => {
    const groups = groupSteps(plan({}).steps).map((group) => group.map(({ kind }) => kind))
    assert.deepEqual(groups, [
      ['precondition', 'add-column', 'add-column', 'add-foreign-key'],
      ['populate'],
      ['validate-constraint'],
      ['create-index'],
      ['create-index'],
      ['create-function', 'create-trigger', 'drop-default'],
    ])
  })

  it('commit a new value of an enum before it may be used', () => {
    const [, first] = plan({}).steps
    assert.ok(first !== undefined)
    const value: Step = { ...first, up: [`ALTER TYPE "Role" ADD VALUE IF NOT EXISTS 'x'`] }
    assert.deepEqual(groupSteps([first, value, first]), [[first, value], [first]])
  })

  it('are each recorded behind the steps that they hold', () => {
    const { steps, checks } = plan({})
    const all = withHistorySteps({ steps, checks }, context)
    assert.deepEqual(
      all.filter(({ folder }) => folder === undefined),
      steps,
    )
    const folders = foldersOf(all)
    assert.deepEqual(
      folders.map(({ name }) => name.slice(15)),
      [
        'prisma_audit_add_columns',
        'prisma_audit_populate_lead',
        'prisma_audit_validate_constraint',
        'prisma_audit_create_index_lead_updated_at_idx',
        'prisma_audit_create_index_lead_owner_id_idx',
        'prisma_audit_create_trigger',
      ],
    )
    assert.equal(all.at(-1)?.folder, folders.at(-1))
    for (const { files } of folders) {
      assert.deepEqual(Object.keys(files), ['migration.sql', 'down.sql', 'verify.sql'])
      assert.doesNotMatch(files['migration.sql'] ?? '', /"public"|^\\/m)
    }
  })

  it('are one for small tables, and stay apart for those that are large or of unknown size', () => {
    const { steps, checks } = plan({})
    const count = (bytes: number) =>
      foldersOf(withHistorySteps({ steps, checks, tableBytes: { '"public"."Lead"': bytes } }, context)).length
    assert.equal(count(8192), 1)
    assert.equal(count(9_000_000), 6)
    const [folder] = foldersOf(withHistorySteps({ steps, checks, tableBytes: { '"public"."Lead"': 0 } }, context))
    const text = folder?.files['migration.sql'] ?? ''
    assert.doesNotMatch(text, /CONCURRENTLY|COMMIT/)
    assert.match(text, /^CREATE INDEX IF NOT EXISTS "Lead_ownerId_idx" ON "Lead"/m)
    assert.match(text, /pg_relation_size[^]*RAISE EXCEPTION[^]*ALTER TABLE/)
  })

  it('of a step outside a transaction have one statement each', () => {
    const step = plan({}).steps.find(({ kind }) => kind === 'create-index')
    assert.ok(step !== undefined)
    const two = { ...step, up: ['CREATE INDEX CONCURRENTLY a ON t (x)', 'CREATE INDEX CONCURRENTLY b ON t (x)'] }
    const folders = foldersOf(withHistorySteps({ steps: [two], checks: [] }, context))
    assert.equal(folders.length, 2)
    for (const { files } of folders) assert.equal(files['migration.sql']?.match(/;$/gm)?.length, 1)
  })

  it('leave out what has no statement for others, and records it with nothing', () => {
    const { steps, checks } = plan({})
    const silent = steps.map((step) => (step.kind === 'populate' ? { ...step, up: [] } : step))
    const names = foldersOf(withHistorySteps({ steps: silent, checks }, context)).map(({ name }) => name)
    assert.equal(names.length, 5)
    assert.ok(!names.some((name) => name.includes('populate')))
  })

  it('have equal checksums for equal plans, whenever they are made', () => {
    const checksums = (time: Date) =>
      foldersOf(withHistorySteps(plan({}), { ...context, now: time })).map(({ files }) =>
        checksumOf(files['migration.sql'] ?? ''),
      )
    assert.deepEqual(checksums(now), checksums(new Date(0)))
  })

  it('of the way back do the opposite, newest first', () => {
    const records = rollBackRecords(plan({}).steps, context)
    assert.deepEqual(
      records.map(({ id, folder }) => [id.split(':')[0], /DROP \w+/.exec(folder?.files['migration.sql'] ?? '')?.[0]]),
      [['record-roll-back', 'DROP TRIGGER']],
    )
    assert.doesNotMatch(records[0]?.folder?.files['migration.sql'] ?? '', /CONCURRENTLY/)
    assert.deepEqual(rollBackRecords([], context), [])
  })

  it('are recorded under an identifier in the form of a UUID, always the same', () => {
    const [insert = ''] = recordStep({ name: 'x', files: { 'migration.sql': '' } }, 'public').up
    assert.match(insert, /SELECT '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}', 'e3b0c442/)
    assert.deepEqual(recordStep({ name: 'x', files: { 'migration.sql': '' } }, 'public').up, [insert])
  })
})

describe('SQL without the name of a schema', () => {
  const check = (sql: string, schema: string | null, expected: string) => assert.equal(unqualify(sql, schema), expected)

  it('leaves out the schema before names, in literals too', () => {
    check(`ALTER TABLE "public"."User" x`, 'public', `ALTER TABLE "User" x`)
    check(`to_regclass('"public"."User"')`, 'public', `to_regclass('"User"')`)
    check(`"o'b"."x" '"o''b"."x"'`, "o'b", `"x" '"x"'`)
    check(`"a\\b"."x" E'"a\\\\b"."x"'`, 'a\\b', `"x" E'"x"'`)
  })

  it('leaves alone other schemas, parts of names, and everything where there are several', () => {
    check(`"crm"."public" "x""public".y "public"`, 'public', `"crm"."public" "x""public".y "public"`)
    check(`"public"."User"`, null, `"public"."User"`)
  })
})

describe('the history on the disk and in the database', () => {
  const text = 'CREATE TABLE x ();\n'
  const onDisk = (...names: string[]) => names.map((name) => ({ name, text }))
  const applied = (name: string, more: Partial<AppliedMigration> = {}): AppliedMigration => ({
    name,
    checksum: checksumOf(text),
    state: 'applied',
    ...more,
  })
  const compare = (disk: string[], rows: AppliedMigration[] | null) =>
    withTexts(compareHistory(onDisk(...disk), rows, 'migrations'))
  const withTexts = (compared: ReturnType<typeof compareHistory>) => ({
    ...compared,
    warnings: compared.warnings.map(({ text }) => said(text)),
  })

  it('is kept where both have it, and then there is nothing to say', () => {
    assert.deepEqual(compare(['1_a', '2_b'], [applied('1_a'), applied('2_b')]), {
      isRecorded: true,
      newest: '2_b',
      open: [],
      warnings: [],
    })
    assert.deepEqual(compare([], null), { isRecorded: false, newest: null, open: [], warnings: [] })
    assert.deepEqual(compare([], []), { isRecorded: false, newest: null, open: [], warnings: [] })
  })

  it('is not where only one has it', () => {
    const withoutTable = compare(['1_a'], null)
    assert.deepEqual([withoutTable.isRecorded, withoutTable.warnings.length], [false, 1])
    assert.match(withoutTable.warnings[0] ?? '', /^migrations has 1 migration, but the database has no Prisma history/)
    const withoutFolder = compare([], [applied('1_a'), applied('2_b')])
    assert.deepEqual([withoutFolder.isRecorded, withoutFolder.newest], [false, '2_b'])
    assert.match(withoutFolder.warnings[0] ?? '', /^Prisma's history in the database has 2 migrations/)
  })

  it('says what is missing, pending and changed', () => {
    const names = ['1_a', '2_b', '3_c']
    const { warnings } = compare(names, [applied('1_a', { checksum: 'other' }), applied('2_b'), applied('9_z')])
    assert.equal(warnings.length, 3)
    assert.match(warnings[0] ?? '', /^Applied to this database, but missing in migrations: 9_z\./)
    assert.match(warnings[1] ?? '', /^Not applied to this database yet: 3_c\./)
    assert.match(warnings[2] ?? '', /^Changed after they were applied: 1_a\./)
    const many = compare(['0', '1', '2', '3', '4', '5', '6'], [])
    assert.match(many.warnings[0] ?? '', /: 0, 1, 2, 3, 4 and 2 more\./)
  })

  it('takes other line ends for no change, and a migration that was rolled back for none', () => {
    const windows = [{ name: '1_a', text: text.replaceAll('\n', '\r\n') }]
    assert.deepEqual(compareHistory(windows, [applied('1_a')], 'migrations').warnings, [])
    const rolledBack = [applied('1_a', { state: 'rolled back' }), applied('1_a')]
    assert.deepEqual(compare(['1_a'], rolledBack).warnings, [])
  })

  it('names what was begun and not ended', () => {
    assert.deepEqual(compare(['1_a'], [applied('1_a', { state: 'open' })]).open, ['1_a'])
  })
})
