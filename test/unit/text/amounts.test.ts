import assert from 'node:assert/strict'
import { counted, formatBytes } from '../../../server/src/text/amounts'

describe('amounts', () => {
  it('have the noun that goes with them', () => {
    assert.deepEqual(
      [
        counted(0, 'row'),
        counted(1, 'row'),
        counted(1.4, 'row'),
        counted(12_345.6, 'row'),
        counted(2, 'index', 'indexes'),
      ],
      ['0 rows', '1 row', '1 row', '12,346 rows', '2 indexes'],
    )
  })

  it('of bytes have three digits at most, and PostgreSQL’s units', () => {
    assert.deepEqual([0, 1, 999, 1000, 12_345, 1024 ** 2 * 256, 1024 ** 3 * 8.3, 1024 ** 6].map(formatBytes), [
      '0 bytes',
      '1 bytes',
      '999 bytes',
      '1.0 kB',
      '12 kB',
      '256 MB',
      '8.3 GB',
      '1,024 PB',
    ])
  })
})
