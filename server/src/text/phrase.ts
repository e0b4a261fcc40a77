import { grouped } from './amounts'
import type { EnglishText, ForeignText } from './english-text'
import type { Translate } from './translate'

/** A sentence with its values separate, so that an editor can translate it; elsewhere it is English. */
export interface Phrase {
  readonly template: readonly string[]
  readonly values: readonly PhraseValue[]
}

/** Names and SQL unchanged; a number grouped as the language does; a phrase within a phrase; several, with commas. */
export type PhraseValue = ForeignText | number | Phrase | readonly (ForeignText | Phrase)[]

/** Tags a template: `phrase` + `The table "${name}" …`. Its translation has the key `The table "{0}" …`. */
export function phrase(template: TemplateStringsArray, ...values: PhraseValue[]): Phrase {
  return { template, values }
}

/** For what only a terminal or an agent reads: it stays English. */
export function untranslated(template: TemplateStringsArray, ...values: PhraseValue[]): Phrase {
  return { template, values }
}

/** A text without values that is translated elsewhere, such as the meaning of an audit field. */
export function fixedPhrase(text: string): Phrase {
  return { template: [text], values: [] }
}

/** Marks a text that is translated where it is shown, so that a test asks for its translation. */
export function phraseText(text: string): string {
  return text
}

/**
 * `a`, `a and b`, `a and b and c`. Halved, because a statement may name thousands, and phrases are read recursively.
 */
export function allOf(names: readonly (string | Phrase)[]): string | Phrase {
  if (names.length < 2) return names[0] ?? ''
  const half = Math.ceil(names.length / 2)
  return phrase`${allOf(names.slice(0, half))} and ${allOf(names.slice(half))}`
}

/** `a; b; c`, as `allOf`. */
export function oneByOne(items: readonly (string | Phrase)[]): string | Phrase {
  if (items.length < 2) return items[0] ?? ''
  const half = Math.ceil(items.length / 2)
  return phrase`${oneByOne(items.slice(0, half))}; ${oneByOne(items.slice(half))}`
}

/** `a or b`, as `allOf`. */
export function eitherOf(names: readonly string[]): string | Phrase {
  const [first = '', ...others] = names
  return others.length === 0 ? first : phrase`${first} or ${eitherOf(others)}`
}

export function inPlainEnglish({ template, values }: Phrase): EnglishText {
  const joined = values.reduce<string>(
    (text, value, at) => text + valueText(value) + (template[at + 1] ?? ''),
    template[0] ?? '',
  )
  return joined as EnglishText
}

/** For programs, which read English: null where there is nothing to say. */
export function englishOrNull(text: string | Phrase | null): string | null {
  return text === null || typeof text === 'string' ? text : inPlainEnglish(text)
}

export function phraseIn(translate: Translate, { template, values }: Phrase): string {
  const [first = '', ...others] = template
  const key = others.reduce((text, part, at) => `${text}{${at}}${part}`, first)
  return translate(key, ...values.map((value) => translatedValue(translate, value)))
}

function valueText(value: PhraseValue): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return grouped(value)
  return isList(value) ? value.map(valueText).join(', ') : inPlainEnglish(value)
}

function translatedValue(translate: Translate, value: PhraseValue): string | number {
  if (typeof value === 'string' || typeof value === 'number') return value
  return isList(value) ? value.map((each) => translatedValue(translate, each)).join(', ') : phraseIn(translate, value)
}

function isList(value: Exclude<PhraseValue, string | number>): value is readonly (string | Phrase)[] {
  return Array.isArray(value)
}
