import type { BackupManifest } from '../backup/manifest/manifest'
import { boundedList } from '../text/bounded-list'
import { inEnglish, type Translate } from '../text/translate'

/** `3 of 4: restored and equal`; of a part, with what it is of. */
export function describeLevel(
  level: number,
  scope: BackupManifest['scope'] = { kind: 'database', tables: [] },
): string {
  const partial = partialWords(scope)
  return `${level} of 4: ${LEVELS[level] ?? ''}${partial === null ? '' : `; only ${partial}`}`
}

const LEVELS = ['damaged', 'readable', 'complete', 'restored and equal', 'restored, and the smoke test passed']

export function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit] ?? ''}`
}

/** What a backup holds where that is not the whole database; null where it is. */
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
