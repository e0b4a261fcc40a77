import { grouped } from './amounts'
import { oneByOne, phrase, type Phrase } from './phrase'
import type { EnglishText } from './english-text'
import type { Translate } from './translate'

/**
 * The first lines, and the number of further ones: `… and 12 more steps`. A single further line is shown itself. English:
 * for the terminal and the output.
 */
export function boundedList(lines: readonly string[], most: number, noun: string): EnglishText[] {
  const more = lines.length - most
  const shown = more <= 1 ? lines : [...lines.slice(0, most), `… and ${grouped(more)} more ${noun}`]
  return shown as EnglishText[]
}

/** As `boundedList`, in an editor's language. */
export function boundedIn(t: Translate, lines: readonly string[], most: number): string[] {
  const more = lines.length - most
  return more <= 1 ? [...lines] : [...lines.slice(0, most), t('… and {0} more', more)]
}

/** The first names in a sentence, and the number of further ones: `a, b and 3 more`. */
export function listNames(names: readonly string[], most = 5): EnglishText {
  const shown = names.slice(0, most).join(', ')
  return (names.length > most ? `${shown} and ${grouped(names.length - most)} more` : shown) as EnglishText
}

/** As `listNames`, for a phrase: in an editor's language. */
export function firstOf(names: readonly (string | Phrase)[], separator: ', ' | '; ' = ', ', most = 5): string | Phrase {
  const first = names.slice(0, most)
  const shown = separator === ', ' ? phrase`${first}` : oneByOne(first)
  return names.length > most ? phrase`${shown} and ${names.length - most} more` : shown
}
