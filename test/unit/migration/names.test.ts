import assert from 'node:assert/strict'
import { nameWithSuffix } from '../../../server/src/expected/names'
import { freeTriggerName, notNullCheckName, sequenceName } from '../../../server/src/migration/plan/names'
import { constraintNamesOf, firstFreeIndexName, takenNamesOf } from '../../../server/src/migration/plan/taken-names'
import { database, index, table } from './project'

describe('names that a migration gives', () => {
  it('are those of PostgreSQL for a sequence: the longer of table and column is cut', () => {
    const check = (name: string, column: string, expected: string) => {
      assert.equal(sequenceName(name, column, '_seq'), expected)
    }
    check('User', 'id', 'User_id_seq')
    check('t'.repeat(30), 'c'.repeat(28), `${'t'.repeat(30)}_${'c'.repeat(28)}_seq`)
    // Where both are as long as each other, the second is cut (makeObjectName).
    check('t'.repeat(31), 'c'.repeat(28), `${'t'.repeat(30)}_${'c'.repeat(28)}_seq`)
    check('t'.repeat(30), 'c'.repeat(40), `${'t'.repeat(29)}_${'c'.repeat(29)}_seq`)
    check('t'.repeat(40), 'c'.repeat(40), `${'t'.repeat(29)}_${'c'.repeat(29)}_seq`)
    check('ü'.repeat(30), 'id', `${'ü'.repeat(28)}_id_seq`)
    const both = sequenceName('t'.repeat(40), 'c'.repeat(40), '_seq1')
    assert.equal(both, `${'t'.repeat(29)}_${'c'.repeat(28)}_seq1`)
    assert.equal(sequenceName('t'.repeat(60), 'id', '_seq1'), `${'t'.repeat(55)}_id_seq1`)
  })

  it('keep their suffix when they are cut', () => {
    assert.equal(nameWithSuffix('a', '_idx'), 'a_idx')
    assert.equal(nameWithSuffix('a'.repeat(59), '_idx'), `${'a'.repeat(59)}_idx`)
    assert.equal(nameWithSuffix('a'.repeat(60), '_idx'), `${'a'.repeat(59)}_idx`)
    assert.equal(notNullCheckName('Lead', 'ownerId'), 'Lead_ownerId_required')
    assert.equal(notNullCheckName('L'.repeat(63), 'ownerId'), `${'L'.repeat(54)}_required`)
  })

  it('are those that nothing else has', () => {
    assert.equal(freeTriggerName('t', new Set()), 't')
    assert.equal(freeTriggerName('t', new Set(['t', 't_2', 't_4'])), 't_3')
    assert.equal(firstFreeIndexName('i', 'i', new Set(['j'])), 'i')
    assert.equal(firstFreeIndexName('i_idx', 'i', new Set(['i_idx', 'i_idx1'])), 'i_idx2')
  })

  it('are not those of tables, indexes and sequences of the schema, nor of constraints of the table', () => {
    const lead = table('Lead', {
      indexes: [index('Lead_name_idx', 'name')],
      uniqueConstraints: [{ name: 'unique', columns: [] }],
      checks: [{ name: 'check', definition: '', validated: true }],
    })
    const model = {
      ...database([lead, table('Task', { schema: 'other' })]),
      sequences: [
        { schema: 'public', name: 'Lead_id_seq', ownedBy: null },
        { schema: 'other', name: 'Task_id_seq', ownedBy: null },
      ],
    }
    const taken = takenNamesOf(model)
    assert.deepEqual([...taken('public')], ['Lead', 'Lead_name_idx', 'Lead_id_seq'])
    assert.deepEqual([...taken('other')], ['Task', 'Task_id_seq'])
    taken('public').add('planned')
    assert.ok(taken('public').has('planned') && !taken('other').has('planned'))
    assert.deepEqual([...constraintNamesOf(lead)], ['Lead_pkey', 'unique', 'check'])
    assert.deepEqual([...constraintNamesOf({ ...lead, primaryKey: null })], ['unique', 'check'])
  })
})
