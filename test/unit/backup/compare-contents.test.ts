import assert from 'node:assert/strict'
import { differencesOfInventory } from '../../../server/src/backup/proof/compare-contents'
import { inPlainEnglish } from '../../../server/src/text/phrase'

describe('differencesOfInventory', () => {
  const expected = {
    ...{ serverMajor: 15, largeObjects: null, sequences: [] },
    tables: [{ name: 'public."Lead"', rows: 400, hash: '0'.repeat(24) }],
    objects: [{ kind: 'table' as const, name: 'public."Lead"', fingerprint: '0'.repeat(32) }],
  }
  const lead = { type: 'TABLE', schema: 'public', name: 'Lead', owner: 'postgres', tablespace: '' }

  it('says of a table that is missing that once, and of one without its rows how many there were', () => {
    const rows = new Map<string, number>()
    assert.deepEqual(differencesOfInventory(expected, { entries: [], rows }, 'database').map(inPlainEnglish), [
      'table public."Lead" is missing',
    ])
    assert.deepEqual(differencesOfInventory(expected, { entries: [lead], rows }, 'database').map(inPlainEnglish), [
      'public."Lead" has 0 rows in the backup, but had 400 in the database',
    ])
  })
})
