import assert from 'node:assert/strict'
import german from '../../../l10n/bundle.l10n.de.json'
import { describeEstimate, estimateBackup, isParallelOffered } from '../../../server/src/backup/estimate'
import { inPlainEnglish, phraseIn } from '../../../server/src/text/phrase'
import { createTranslate } from '../../../server/src/text/translate'

describe('what a backup will take', () => {
  const GIGABYTE = 1024 ** 3
  const said = (tableBytes: number, free: number | null, restoredInto: 'server' | 'embedded' | null = null) => {
    const scope = { tableBytes, largeObjectBytes: 0, databaseBytes: tableBytes * 1.5 }
    return describeEstimate(
      estimateBackup(scope, 'custom', null, restoredInto),
      free,
      isParallelOffered(scope, 'custom'),
    )
  }

  it('is said beforehand, with what is faster for a large database', () => {
    assert.equal(inPlainEnglish(said(1000, null)), 'Backup: less than 1 MB, less than a minute')
    assert.equal(inPlainEnglish(said(GIGABYTE, 9 * GIGABYTE)), 'Backup: about 410 MB, less than a minute, 9.0 GB free')
    assert.equal(inPlainEnglish(said(GIGABYTE, null, 'server')), 'Backup: about 410 MB, 3 min')
    assert.equal(inPlainEnglish(said(GIGABYTE / 8, null, 'embedded')), 'Backup: about 51 MB, 2 min')
    assert.equal(
      inPlainEnglish(said(5 * GIGABYTE, 9 * GIGABYTE)),
      'Backup: about 2.0 GB, 3 min, 9.0 GB free, faster with --jobs 4 ("backups.jobs" in the policy)',
    )
  })

  it('counts large objects as they are, whatever the rows compress to: the server has compressed them', () => {
    const scope = { tableBytes: GIGABYTE + 1000, largeObjectBytes: GIGABYTE, databaseBytes: GIGABYTE }
    const rows = { text: 0.5, compressed: 0.01 }
    const bytes = (format: 'custom' | 'plain') => estimateBackup(scope, format, rows, null).bytes
    assert.deepEqual([bytes('custom'), bytes('plain')], [GIGABYTE + 10, 2 * GIGABYTE + 600])
  })

  it('in German, too', () => {
    assert.equal(
      phraseIn(createTranslate(german), said(5 * GIGABYTE, 9 * GIGABYTE)),
      'Sicherung: etwa 2,0 GB, 3 min, 9,0 GB frei, schneller mit --jobs 4 („backups.jobs“ in der Richtlinie)',
    )
  })
})
