import assert from 'node:assert/strict'
import {
  firedByFill,
  holdColumns,
  releaseColumns,
  withOtherColumnsHeld,
  type UpdatedTable,
} from '../../../server/src/migration/plan/steps/hold-columns'

const PLACE = {
  schema: 'public',
  table: 'Lead',
  column: 'ownerId',
  trigger: 't"1',
  fill: 'populate:public.Lead.ownerId',
}
const FILL = { ...holdColumns(PLACE), id: PLACE.fill }

function trigger(name: string, more: Partial<UpdatedTable['triggers'][number]> = {}): UpdatedTable['triggers'][number] {
  return { name, events: ['UPDATE'], state: 'O', ...more }
}

describe('the steps that hold the other columns during a fill', () => {
  it('stand around it where a trigger would run that is not quiet then', () => {
    const check = (triggers: UpdatedTable['triggers'], fired: readonly string[]) => {
      assert.deepEqual(firedByFill({ triggers }), fired)
      const ids = withOtherColumnsHeld(fired, 'ownerId', FILL).map(({ id }) => id)
      const around = [`hold-columns:${PLACE.fill}`, PLACE.fill, `release-columns:${PLACE.fill}`]
      assert.deepEqual(ids, fired.length === 0 ? [PLACE.fill] : around)
    }
    check([], [])
    check([trigger('a')], ['a'])
    check([trigger('a', { events: ['INSERT', 'UPDATE'], state: 'A' }), trigger('r', { state: 'R' })], ['a', 'r'])
    check([trigger('a', { events: ['INSERT', 'DELETE'] })], [])
    check([trigger('a', { state: 'D' })], [])
    check([trigger('a', { isQuietInFill: true })], [])
  })

  it('use a trigger whose name comes last, byte by byte', () => {
    const check = (others: readonly string[], expected: string) => {
      const [hold] = withOtherColumnsHeld(others, 'ownerId', FILL)
      assert.equal(hold?.object, expected)
    }
    check(['a', 'Z', '~', '~prisma_audit_fil'], '~prisma_audit_fill')
    check(['~prisma_audit_fill'], '~~~~prisma_audit_fill')
    check(['~z', 'a'], '~~~~prisma_audit_fill')
    check(['a', '~~~~~'], '\u{10fffd}prisma_audit_fill')
    check(['ü'], '\u{10fffd}prisma_audit_fill')
    // In UTF-16 the first would come before the second.
    check(['\u{10000}', '\uffee'], '\u{10fffd}prisma_audit_fill')
    check(['\u{10fffe}'], '\u{10fffd}prisma_audit_fill')
  })

  it('say what they lock, need and prove', () => {
    const hold = holdColumns(PLACE)
    const { kind, title, lock, privileges, object, recipe } = hold
    assert.deepEqual([kind, object, recipe], ['hold-columns', 't"1', { builder: 'hold-columns', parameters: PLACE }])
    assert.match(title, /Lead/)
    assert.deepEqual(lock, { mode: 'SHARE ROW EXCLUSIVE', tables: ['"public"."Lead"'], duration: 'brief' })
    assert.deepEqual(privileges, [
      { action: 'own', name: '"public"."Lead"' },
      { action: 'create-in-schema', name: '"public"' },
    ])
    const drops = [
      `DROP TRIGGER IF EXISTS "t""1" ON "public"."Lead"`,
      `DROP FUNCTION IF EXISTS "public"."prisma_audit_fill_ownerId_Lead"()`,
    ]
    assert.deepEqual(hold.down, drops)
    assert.equal(hold.verify.length, 1)

    const release = releaseColumns(PLACE)
    assert.deepEqual([release.kind, release.up, release.down], ['release-columns', drops, []])
    assert.deepEqual(release.lock, { mode: 'ACCESS EXCLUSIVE', tables: ['"public"."Lead"'], duration: 'brief' })
    assert.equal(release.verify.length, 1)
    assert.notEqual(release.verify[0]?.expected, hold.verify[0]?.expected)
    assert.deepEqual([release.title.includes('Lead'), release.recipe.builder], [true, 'release-columns'])
  })
})
