import { phrase, phraseIn, type Phrase } from '../text/phrase'
import type { BackupManifest } from '../backup/manifest/manifest'
import { firstOf } from '../text/bounded-list'
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
export function partialPhrase({ kind, tables }: BackupManifest['scope']): Phrase | null {
  switch (kind) {
    case 'database':
      return null
    case 'structure':
      return phrase`the structure, without rows`
    case 'tables':
      return phrase`the tables ${firstOf(tables)}`
  }
}

export function partialWords(scope: BackupManifest['scope'], t: Translate = inEnglish): string | null {
  const partial = partialPhrase(scope)
  return partial === null ? null : phraseIn(t, partial)
}
