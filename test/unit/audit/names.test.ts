import assert from 'node:assert/strict'
import {
  foreignKeyName,
  indexName,
  joinTableNames,
  primaryKeyName,
  uniqueName,
} from '../../../server/src/expected/names'

const bytes = (text: string): number => Buffer.byteLength(text)

describe('the names that Prisma makes', () => {
  it('are made of table, columns and suffix', () => {
    assert.equal(primaryKeyName('User'), 'User_pkey')
    assert.equal(uniqueName('User', ['a', 'b']), 'User_a_b_key')
    assert.equal(indexName('User', ['updatedAt']), 'User_updatedAt_idx')
    assert.equal(foreignKeyName('Lead', ['ownerId']), 'Lead_ownerId_fkey')
  })

  it('are cut before the suffix, at 63 bytes, and never inside of a character', () => {
    assert.equal(indexName('x'.repeat(70), ['y']), `${'x'.repeat(59)}_idx`)
    assert.equal(primaryKeyName('ä'.repeat(40)), `${'ä'.repeat(29)}_pkey`)
    assert.equal(bytes(indexName('€'.repeat(40), ['y'])), 61)
    assert.equal(indexName('x'.repeat(56), ['yz']), `${'x'.repeat(56)}_yz_idx`)
  })

  it('of join tables are cut too', () => {
    assert.deepEqual(joinTableNames('LeadToTag'), {
      table: '_LeadToTag',
      primaryKey: '_LeadToTag_AB_pkey',
      formerUniqueIndex: '_LeadToTag_AB_unique',
      index: '_LeadToTag_B_index',
      foreignKeyA: '_LeadToTag_A_fkey',
      foreignKeyB: '_LeadToTag_B_fkey',
    })
    assert.equal(joinTableNames('R'.repeat(80)).index.length, 63)
  })
})
