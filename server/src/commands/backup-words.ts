import type { BackupManifest } from '../backup/manifest/manifest'
import { boundedList } from '../text/bounded-list'
import { inEnglish, type Translate } from '../text/translate'

/** `3 of 4: restored and equal`; for a partial backup, with its scope. */
export function describeLevel(
  level: number,
  scope: BackupManifest['scope'] = { kind: 'database', tables: [] },
  t: Translate = inEnglish,
): string {
  const levels = [
    t('damaged'),
    t('readable'),
    t('complete'),
    t('restored and equal'),
    t('restored, and the smoke test passed'),
  ]
  const words = t('{0} of 4: {1}', level, levels[level] ?? '')
  const partial = partialWords(scope, t)
  return partial === null ? words : t('{0}; only {1}', words, partial)
}

/** The contents of a partial backup; null for the whole database. */
export function partialWords({ kind, tables }: BackupManifest['scope'], t: Translate = inEnglish): string | null {
  switch (kind) {
    case 'database':
      return null
    case 'structure':
      return t('the structure, without rows')
    case 'tables':
      return t('the tables {0}', boundedList(tables, 5, 'tables').join(', '))
  }
}
