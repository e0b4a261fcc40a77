import type { EnglishText } from './english-text'

/** `1 step`, `1,065 steps`; `plural` for irregular nouns. */
export function counted(count: number, noun: string, plural = `${noun}s`): EnglishText {
  return `${grouped(count)} ${Math.round(count) === 1 ? noun : plural}` as EnglishText
}

/** `1,065`, in German `1.065`; estimates are rounded. */
export function grouped(count: number, language: string = ENGLISH): string {
  return Math.round(count).toLocaleString(language)
}

export const ENGLISH = 'en-US'

/** `812 bytes`, `8.3 GB`: by 1024, with PostgreSQL's units. */
export function formatBytes(bytes: number): EnglishText {
  let [size, unit] = [bytes, 0]
  while (size >= 1000 && unit < UNITS.length - 1) [size, unit] = [size / 1024, unit + 1]
  return `${unit > 0 && size < 10 ? size.toFixed(1) : grouped(size)} ${UNITS[unit] ?? ''}` as EnglishText
}

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB']
